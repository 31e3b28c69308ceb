"""Tasks that wait for tasks of the same pool."""

from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=3)


# region total
def total(numbers):
    if len(numbers) == 1:
        return numbers[0]
    half = len(numbers) // 2
    left = pool.submit(total, numbers[:half])
    right = pool.submit(total, numbers[half:])
    return left.result(timeout=1) + right.result(timeout=1)


# endregion
for numbers in [1, 2], [1, 2, 3, 4]:
    try:
        print(numbers, "add up to", pool.submit(total, numbers).result())
    except TimeoutError:
        print(numbers, "are too many for 3 workers")
