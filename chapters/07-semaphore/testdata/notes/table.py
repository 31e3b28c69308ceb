"""The Python side of the table in the notes."""

import threading
from concurrent.futures import ThreadPoolExecutor

permits = threading.BoundedSemaphore(2)
permits.acquire()
print("one more:", permits.acquire(blocking=False))
print("a third:", permits.acquire(timeout=0.01))
permits.release()
permits.release()


def work(item):
    with permits:
        return item * item


with ThreadPoolExecutor(max_workers=2) as pool:
    print(list(pool.map(work, [1, 2, 3])))
