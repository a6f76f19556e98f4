"""Three pysyncobj processes on loopback with journals; the leader appends 100-byte values, so many at a time, and prints what it reached.

pysyncobj has no server of its own, so this is measured inside the leader, which is in its favour. Its journal is never synced to the disk.
Arguments: a directory, the outstanding writes, seconds of warm-up, seconds that are measured.
"""

import multiprocessing
import os
import sys
import time

from pysyncobj import SyncObj, SyncObjConf, replicated

PORTS = [29801, 29802, 29803]


class Store(SyncObj):
    def __init__(self, index, directory):
        own = f"127.0.0.1:{PORTS[index]}"
        others = [f"127.0.0.1:{port}" for i, port in enumerate(PORTS) if i != index]
        # Batching off: with it (the default) every write waits 100 ms for others.
        conf = SyncObjConf(journalFile=os.path.join(directory, f"journal-{index}"), appendEntriesUseBatch=False, dynamicMembershipChange=False)
        super().__init__(own, others, conf)
        self.values = {}

    @replicated
    def put(self, key, value):
        self.values[key] = value


def member(index, directory, outstanding, warm, measured, result):
    store = Store(index, directory)
    while not store.isReady() or store._getLeader() is None:
        time.sleep(0.05)
    if str(store._getLeader()) != store.selfNode.id:
        time.sleep(warm + measured + 30)
        return
    begin = time.monotonic() + warm
    end = begin + measured
    took = []

    def send(slot, rnd):
        start = time.monotonic()
        if start > end:
            return

        def done(_, error):
            now = time.monotonic()
            if not error and start > begin and now < end:
                took.append(now - start)
            send(slot, rnd + 1)

        store.put(f"bench-{slot}-{rnd % 1000}", "v" * 100, callback=done)

    for slot in range(outstanding):
        send(slot, 0)
    time.sleep(warm + measured + 1)
    took.sort()
    result.put((len(took) / measured, took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000))


def main():
    directory, outstanding, warm, measured = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    result = multiprocessing.Queue()
    members = [
        multiprocessing.Process(target=member, args=(i, directory, outstanding, warm, measured, result), daemon=True)
        for i in range(len(PORTS))
    ]
    for process in members:
        process.start()
    try:
        print("%.0f %.2f %.2f 0" % result.get(timeout=warm + measured + 60))
    finally:
        for process in members:
            process.terminate()


main()
