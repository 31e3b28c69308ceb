"""The Python side of the table in the notes."""

import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def fetch(page):
    return "the text of " + page


def main():
    print("cores:", os.cpu_count() > 0)
    print("switch interval:", sys.getswitchinterval())
    print("a GIL:", getattr(sys, "_is_gil_enabled", lambda: True)())

    with ThreadPoolExecutor() as pool:
        print(list(pool.map(fetch, ["a", "b"])))

    pieces = [[1, 2, 3], [4, 5, 6]]
    with ProcessPoolExecutor(2) as pool:
        print("sum:", sum(pool.map(sum, pieces)))

    n = 0
    lock = threading.Lock()

    def add():
        nonlocal n
        with lock:
            n += 1

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("n:", n)


if __name__ == "__main__":
    main()
