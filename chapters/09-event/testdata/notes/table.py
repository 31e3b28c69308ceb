"""The Python side of the table in the notes."""

import threading

ready = threading.Event()
print("too early:", ready.wait(timeout=0.01))
threading.Timer(0.01, ready.set).start()
ready.wait()
print("is set:", ready.is_set())
ready.set()
print("once more:", ready.is_set())
ready.clear()
print("cleared:", ready.is_set())

done = threading.Barrier(2)
thread = threading.Thread(target=done.wait)
thread.start()
done.wait()
thread.join()
print("both were there")
