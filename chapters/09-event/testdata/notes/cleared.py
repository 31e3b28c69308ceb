"""The same gate in Python."""

import threading
import time

# region gate
gate = threading.Event()
through = []


def walk():
    gate.wait()
    through.append(1)


for _ in range(3):
    threading.Thread(target=walk, daemon=True).start()
time.sleep(0.05)
gate.set()
gate.clear()
time.sleep(0.05)
print("through the gate:", len(through), "of 3")
# endregion
