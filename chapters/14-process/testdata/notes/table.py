"""The Python side of the table in the notes."""

import os
import signal
import subprocess

done = subprocess.run(["sh", "-c", "cat; exit 3"], input=b"hello", stdout=subprocess.PIPE)
print(done.stdout, done.returncode)

print(subprocess.run(["env"], env={"A": "1"}, stdout=subprocess.PIPE).stdout)

killed = subprocess.Popen(["sleep", "60"], start_new_session=True)
print("running:", killed.poll() is None)
try:
    killed.wait(timeout=0.05)
except subprocess.TimeoutExpired:
    os.killpg(killed.pid, signal.SIGKILL)
killed.wait()
print(killed.returncode, killed.returncode == -signal.SIGKILL)

talker = subprocess.Popen(["sh", "-c", "echo out; echo err >&2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
print(talker.communicate()[0])

first = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
second = subprocess.Popen(["head", "-n", "1"], stdin=first.stdout, stdout=subprocess.PIPE)
first.stdout.close()
print(second.communicate()[0], first.wait() == -signal.SIGPIPE)
