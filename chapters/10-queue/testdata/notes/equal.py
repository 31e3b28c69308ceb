"""Orders that are equally urgent, in Python."""

import queue

# region equal
orders = queue.PriorityQueue()
orders.put((1, "Bob"))
orders.put((1, "Ann"))
print(orders.get(), orders.get())  # tuples: the names are compared, too
orders.put((1, {"for": "Cem"}))
try:
    orders.put((1, {"for": "Dan"}))
except TypeError as error:
    print(error)
# endregion
