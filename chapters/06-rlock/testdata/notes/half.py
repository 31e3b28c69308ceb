"""A re-entrant lock lets its holder in, in the middle of what it is doing."""

import threading


# region tree
class Tree:
    def __init__(self):
        self.lock = threading.RLock()
        self.home, self.photos = 12, 30

    def size(self):
        with self.lock:
            return self.home + self.photos

    def move(self, log):
        with self.lock:
            files, self.home = self.home, 0
            log(f"moving {files} of {self.size()}")
            self.photos += files


# endregion

tree = Tree()
print("size:", tree.size())
tree.move(log=print)
print("size:", tree.size())
