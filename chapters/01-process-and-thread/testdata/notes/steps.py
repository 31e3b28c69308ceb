"""The steps of n += 1, as CPython has them."""

import dis

n = 0


# region increment
def increment():
    global n
    n += 1


for step in dis.get_instructions(increment):
    if "GLOBAL" in step.opname or "BINARY" in step.opname:
        print(step.opname)
# endregion
