"""The Python side of the table in the notes."""

import queue
import sys
import threading

tasks = queue.Queue()


def work():
    while True:
        task = tasks.get()
        if task is None:  # the way to end before 3.13
            return
        print("working on", task)
        tasks.task_done()


worker = threading.Thread(target=work)
worker.start()
tasks.put("index")
tasks.join()
print("unfinished:", tasks.unfinished_tasks)
tasks.put(None)
worker.join()

if sys.version_info >= (3, 13):
    other = queue.Queue()
    other.put("index")
    other.shutdown()
    try:
        other.put("news")
    except queue.ShutDown:
        print("no more")
    other.shutdown(immediate=True)
    other.join()
