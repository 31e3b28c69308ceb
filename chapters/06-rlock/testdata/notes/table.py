"""The Python side of the table in the notes."""

import threading

lock = threading.RLock()
lock.acquire()
print("again:", lock.acquire(blocking=False))
lock.release()
lock.release()
try:
    lock.release()
except RuntimeError as error:
    print("once too often:", error)


class Tree:
    def __init__(self):
        self.lock = threading.RLock()
        self.files = 0

    def size(self):
        with self.lock:
            return self.files

    def add(self, size, limit):
        with self.lock:
            if self.size() + size <= limit:
                self.files += size


tree = Tree()
tree.add(5, limit=7)
tree.add(5, limit=7)
print("size:", tree.size())
