"""The Python side of the table in the notes."""

import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 0

    def deposit(self, amount):
        with self.lock:
            self.balance += amount


lock = threading.Lock()
lock.acquire()
print("a second try:", lock.acquire(blocking=False))
print("gave up:", not lock.acquire(timeout=0.01))
print("locked:", lock.locked())
lock.release()
try:
    lock.release()
except RuntimeError as error:
    print("once too often:", error)

account = Account()
threads = [threading.Thread(target=account.deposit, args=(50,)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("balance:", account.balance)
