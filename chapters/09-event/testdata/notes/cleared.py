"""The same gate in Python."""

import threading
import time

# region gate
gate = threading.Event()
through = []


def walk():
    gate.wait()
    through.append(1)


walkers = [threading.Thread(target=walk, daemon=True) for _ in range(3)]
for walker in walkers:
    walker.start()
time.sleep(0.5)  # all three wait
gate.set()
gate.clear()
for walker in walkers:
    walker.join(timeout=2)
print("through the gate:", len(through), "of 3")
# endregion
