"""The Python side of the table in the notes."""

import queue
import threading

DONE = object()  # one for each seller


def bake(baker):
    for i in range(2):
        counter.put(f"{baker} {i}")


def sell(sold):
    while True:
        roll = counter.get()
        if roll is DONE:
            break
        sold.append(roll)


counter = queue.Queue(maxsize=2)
bakers = [threading.Thread(target=bake, args=(name,)) for name in ("Ann", "Bob", "Cat")]
sold = [], []
sellers = [threading.Thread(target=sell, args=(mine,)) for mine in sold]
for thread in bakers + sellers:
    thread.start()
for baker in bakers:
    baker.join()
for seller in sellers:
    counter.put(DONE)
for seller in sellers:
    seller.join()
print("sold:", len(sold[0]) + len(sold[1]))

try:
    counter.get(timeout=0.01)
except queue.Empty:
    print("nothing came in time")

endless = queue.Queue()
for i in range(1000):
    endless.put(i)
print("waiting to be sold:", endless.qsize())
