"""The Python side of the table in the notes."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait


def download(file):
    time.sleep(0.05)


threads = [threading.Thread(target=download, args=(f,)) for f in ("a", "b")]
for t in threads:
    t.start()
print(threads[0].join(timeout=0.01), threads[0].is_alive())
for t in threads:
    t.join()
print(threads[0].is_alive())

with ThreadPoolExecutor() as pool:
    futures = [pool.submit(download, f) for f in ("a", "b")]
    done, running = wait(futures, timeout=0.01)
    print(len(done), len(running))
    failing = pool.submit(lambda: [][0])
    try:
        failing.result()
    except IndexError as error:
        print("brought home:", error)


async def fails():
    raise ValueError("disk full")


async def patient():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(patient())
            group.create_task(fails())
    except* ValueError as errors:
        print(errors.exceptions)


if hasattr(asyncio, "TaskGroup"):
    asyncio.run(main())
