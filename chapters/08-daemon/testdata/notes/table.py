"""The Python side of the table in the notes."""

import atexit
import signal
import threading
import time

stop = threading.Event()


def beat():
    beats = 0
    while not stop.wait(0.01):
        beats += 1
    print("the heart has beaten:", beats > 0)


def save():
    time.sleep(0.05)
    print("saved, at leisure")


def goodbye():
    print("goodbye")


def on_interrupt(number, frame):
    print("signal:", signal.Signals(number).name)


atexit.register(goodbye)
signal.signal(signal.SIGINT, on_interrupt)
heart = threading.Thread(target=beat, daemon=True)
heart.start()
saver = threading.Thread(target=save)
saver.start()
signal.raise_signal(signal.SIGINT)
time.sleep(0.03)
stop.set()
heart.join()
