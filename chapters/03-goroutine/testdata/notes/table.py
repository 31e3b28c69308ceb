"""The Python side of the table in the notes."""

import threading


def shrink(photo, quality):
    print("shrinking", photo, quality)


t = threading.Thread(target=shrink, args=("cat.jpg", 80), name="shrinker")
print(t.name, t.is_alive())
t.start()
try:
    t.start()
except RuntimeError as error:
    print(error)
t.join()
print(t.is_alive())


class Shrinker(threading.Thread):
    def __init__(self, photo):
        super().__init__()
        self.photo = photo
        self.result = None

    def run(self):
        self.result = len(self.photo)


s = Shrinker("cat.jpg")
s.start()
s.join()
print(s.name, s.result)

threading.excepthook = lambda args: print("in", args.thread.name, repr(args.exc_value))
t = threading.Thread(target=lambda: [][0], name="careless")
t.start()
t.join()
print("main has more to do")
