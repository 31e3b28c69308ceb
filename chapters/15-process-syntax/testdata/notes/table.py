"""The Python side of the table in the notes."""

import multiprocessing
import time


def square(n, results):
    results.put(n * n)


def wait():
    time.sleep(60)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    results = multiprocessing.Queue()
    p = multiprocessing.Process(target=square, args=(12, results))
    p.start()
    print(results.get())
    p.join()
    print(p.exitcode)

    q = multiprocessing.Process(target=wait, daemon=True)
    q.start()
    q.join(timeout=0.01)
    print(q.pid > 0, q.is_alive(), q.exitcode)
    q.terminate()
    q.join()
    print(q.is_alive(), q.exitcode)
    q.kill()
