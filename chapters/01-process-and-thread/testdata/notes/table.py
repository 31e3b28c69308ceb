"""The Python side of the table in the notes."""

import multiprocessing
import os
import queue
import threading

n = 0


def count(n_seen=None):
    global n
    n += 1
    if n_seen is not None:
        n_seen.send(n)


def main():
    global n
    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    print("a thread has counted:", n)

    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=count, args=(theirs,))
    process.start()
    print("the child has counted:", ours.recv() > 0)
    process.join()
    print("and the parent has:", n)

    words = queue.Queue()
    threading.Thread(target=words.put, args=("hello",)).start()
    print(words.get())
    print(threading.get_ident() != 0, os.getpid() > 0)


if __name__ == "__main__":
    main()
