"""The Python side of the table in the notes."""

import fcntl
import multiprocessing
import os
import tempfile
from multiprocessing import shared_memory


def child(conn, q, n, memory_name, d):
    conn.send("hello " + conn.recv())
    conn.close()
    q.put("item")
    with n.get_lock():
        n.value += 1
    memory = shared_memory.SharedMemory(memory_name)
    memory.buf[0] = 7
    memory.close()
    d["key"] = "value"


def main():
    q = multiprocessing.SimpleQueue()
    n = multiprocessing.Value("q", 0)
    memory = shared_memory.SharedMemory(create=True, size=8)
    with multiprocessing.Manager() as manager:
        d = manager.dict()
        ours, theirs = multiprocessing.Pipe()  # now, or the manager inherits both ends
        process = multiprocessing.Process(target=child, args=(theirs, q, n, memory.name, d))
        process.start()
        theirs.close()
        ours.send("you")
        print(ours.recv())
        try:
            ours.recv()
        except EOFError:
            print("the other end is closed")
        print(q.get())
        process.join()
        print(n.value, memory.buf[0], d["key"], d.get("none"))
    memory.close()
    memory.unlink()

    with tempfile.NamedTemporaryFile() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        print("alone with", os.path.exists(file.name))
        fcntl.flock(file, fcntl.LOCK_UN)


if __name__ == "__main__":
    main()
