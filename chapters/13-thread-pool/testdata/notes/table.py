"""The Python side of the table in the notes."""

import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, ThreadPoolExecutor, as_completed, wait


def square(n):
    time.sleep(n / 100)
    if n == 0:
        raise ValueError("nothing to multiply")
    return n * n


pool = ThreadPoolExecutor(max_workers=2)
future = pool.submit(square, 3)
print("done:", future.done())
try:
    future.result(timeout=0.001)
except TimeoutError:
    print("not yet")
print("result:", future.result())
print("error:", pool.submit(square, 0).exception())

print("map:", list(pool.map(square, [3, 1, 2])))
futures = [pool.submit(square, n) for n in (12, 1)]
print("as completed:", [future.result() for future in as_completed(futures)])
futures = [pool.submit(square, n) for n in (12, 1)]
first, rest = wait(futures, return_when=FIRST_COMPLETED)
print("first completed:", [future.result() for future in first])

busy = [pool.submit(square, 10) for _ in range(2)]
late = pool.submit(square, 5)
print("cancelled:", late.cancel())
try:
    late.result()
except CancelledError:
    print("no result")
pool.shutdown(wait=True)
try:
    pool.submit(square, 1)
except RuntimeError as error:
    print("refused:", error)
