#!/usr/bin/env python3
"""Takes connections at a Unix socket and forwards them to another, as a network would.

usage: relay.py SOCKET TARGET [MILLISECONDS [COUNT]]

What a client sends and what it gets each take half of MILLISECONDS, and so does a new connection.
The file COUNT has the number of round trips of all connections so far: how often a client has sent
something after it got something, and connections.
"""

import os
import queue
import socket
import sys
import threading
import time


class Counter:
    """Round trips; the file is replaced as a whole."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.count = 0

    def add(self):
        if not self.path:
            return
        with self.lock:
            self.count += 1
            with open(f"{self.path}.new", "w", encoding="ascii") as out:
                out.write(f"{self.count}\n")
            os.rename(f"{self.path}.new", self.path)


class Way:
    """One direction of a connection."""

    def __init__(self, source, sink, delay, seen):
        self.source = source
        self.sink = sink
        self.delay = delay
        self.seen = seen
        self.line = queue.SimpleQueue()
        for work in self.take, self.give:
            threading.Thread(target=work, daemon=True).start()

    def take(self):
        data = b"more"
        while data:
            try:
                data = self.source.recv(1 << 16)
            except OSError:
                data = b""
            if data:
                self.seen()
            self.line.put((time.monotonic() + self.delay, data))

    def give(self):
        while True:
            when, data = self.line.get()
            time.sleep(max(0, when - time.monotonic()))
            try:
                if not data:
                    self.sink.shutdown(socket.SHUT_WR)
                    return
                self.sink.sendall(data)
            except OSError:
                return


def join(client, target, delay, counter):
    """Forwards what both say until they end."""
    counter.add()
    time.sleep(2 * delay)
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(target)
    except OSError:
        client.close()
        return
    answered = [False]

    def asked():
        if answered[0]:
            counter.add()
        answered[0] = False

    def answer():
        answered[0] = True

    Way(client, server, delay, asked)
    Way(server, client, delay, answer)


def main(path, target, milliseconds="0", count=None):
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(64)
    delay = float(milliseconds) / 2000
    counter = Counter(count)
    while True:
        client = door.accept()[0]
        threading.Thread(target=join, args=(client, target, delay, counter), daemon=True).start()


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
