"""A pool of threads and a pool of processes do the same work, and say how long they take."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def primes(n):
    """Return how many prime numbers there are below n."""
    return sum(all(i % d for d in range(2, int(i**0.5) + 1)) for i in range(2, n))


def measure(run, times, n):
    """Return how many milliseconds run takes for so many tasks, at best."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        list(run(primes, [n] * times))
        best = min(best, time.perf_counter() - start)
    return 1000 * best


def main():
    print("                    2000 small tasks  4 large tasks")
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes:
        for name, run in [
            ("one after the other", map),
            ("2 threads", threads.map),
            ("2 processes", processes.map),
        ]:
            small, large = measure(run, 2000, 10), measure(run, 4, 40_000)
            print(f"{name:19} {small:13.0f} ms {large:11.0f} ms")


if __name__ == "__main__":
    main()
