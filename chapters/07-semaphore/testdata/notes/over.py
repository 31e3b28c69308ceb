"""A permit too many."""

import threading

# region over
permits = threading.Semaphore(2)
permits.release()  # somebody's mistake, long ago
taken = 0
while permits.acquire(blocking=False):
    taken += 1
print("taken of 2:", taken)

permits = threading.BoundedSemaphore(2)
try:
    permits.release()
except ValueError as error:
    print("bounded:", error)
# endregion
