"""How long a call that blocks for 1 ms takes, alone and beside a thread that computes."""

import statistics
import sys
import threading
import time


# region convoy
def blocked():
    """Return how many milliseconds a call that blocks for one takes, usually."""
    times = []
    for _ in range(40):
        start = time.perf_counter()
        time.sleep(0.001)  # lets go of the GIL, waits, and wants it back
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def compute():
    while not done:
        pass


done = False
print("alone, under 5 ms:", blocked() < 5)
threading.Thread(target=compute).start()
print("beside a computation, over 5 ms:", blocked() > 5)
done = True
print("the switch interval:", 1000 * sys.getswitchinterval(), "ms")
# endregion
