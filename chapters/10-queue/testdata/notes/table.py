"""The Python side of the table in the notes."""

import queue

q = queue.Queue(maxsize=2)
q.put("a")
q.put("b")
try:
    q.put_nowait("c")
except queue.Full:
    print("full:", q.full(), "and it holds", q.qsize())
print(q.get(), q.get())
try:
    q.get(timeout=0.01)
except queue.Empty:
    print("gave up")

stack = queue.LifoQueue()
stack.put("first")
stack.put("last")
print(stack.get())

urgent = queue.PriorityQueue()
urgent.put(7)
urgent.put(3)
print(urgent.get())
