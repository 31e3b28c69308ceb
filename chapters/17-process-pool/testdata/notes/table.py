"""The Python side of the table in the notes."""

import multiprocessing

if __name__ == "__main__":
    pool = multiprocessing.Pool(2, maxtasksperchild=100)
    print(pool.apply(str.upper, ("ann",)))
    result = pool.apply_async(str.upper, ("bob",))
    print(result.get(timeout=10))
    print(pool.map(str.upper, ["cleo", "dora"]))
    for answer in pool.imap_unordered(str.upper, ["eve", "eve"]):
        print(answer)
    pool.close()
    pool.join()

    other = multiprocessing.Pool(2)
    other.terminate()
    other.join()
