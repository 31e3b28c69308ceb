"""Somebody says that he is done with what nobody has begun."""

import queue

# region done
tasks = queue.Queue()
tasks.put("index")
tasks.task_done()  # by somebody who had nothing to do
tasks.join()
print("all is done, and", tasks.qsize(), "task waits in the queue")
# endregion
