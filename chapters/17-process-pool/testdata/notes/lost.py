"""Two pools of the standard library, and a task that kills its worker."""

import concurrent.futures
import multiprocessing
import os
import signal


def die():
    os.kill(os.getpid(), signal.SIGKILL)


# region pool
def with_pool():
    with multiprocessing.Pool(2) as pool:
        lost = pool.apply_async(die)
        try:
            lost.get(timeout=1)
        except multiprocessing.TimeoutError:
            print("Pool: no answer and no error")
        print("Pool: the next task says", pool.apply(abs, (-1,)))


# endregion


# region executor
def with_executor():
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        broken = pool.submit(die).exception()
        print("Executor:", type(broken).__name__)
        try:
            pool.submit(abs, -1)
        except concurrent.futures.BrokenExecutor:
            print("Executor: and it takes no other task")


# endregion

if __name__ == "__main__":
    with_pool()
    with_executor()
