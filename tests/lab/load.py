#!/usr/bin/env python3
"""Visits a site until it is told to stop, and says how that went.

    load.py ADDRESS VISITORS

Half of the visitors read pages, half write rows, each request on a connection of its own. Stops at
SIGTERM and prints one line of JSON: requests, failures, the longest time without a success of each
kind in seconds, and the ids of the rows that were acknowledged.
"""

import collections
import http.client
import json
import signal
import ssl
import sys
import threading
import time
import uuid

PATIENCE = 10
PAUSE = 0.02

stop = threading.Event()
lock = threading.Lock()
answers = collections.defaultdict(list)
acknowledged = []
failures = collections.Counter()


def visit(address, method, path):
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection(address, timeout=PATIENCE, context=context)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def read(address):
    return "read", visit(address, "GET", "/")


def write(address):
    row = str(uuid.uuid4())
    status = visit(address, "POST", f"/orders?id={row}")
    if status == "200":
        with lock:
            acknowledged.append(row)
    return "write", status


def visitor(address, request):
    while not stop.is_set():
        kind, status = request(address)
        with lock:
            answers[kind].append((time.monotonic(), status == "200"))
            if status != "200":
                failures[f"{kind} {status}"] += 1
        stop.wait(PAUSE)


def longest_gap(kind, started, ended):
    successes = [when for when, well in answers[kind] if well]
    times = [started, *successes, ended]
    return round(max(b - a for a, b in zip(times, times[1:])), 2)


def main(address, visitors):
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    started = time.monotonic()
    threads = [
        threading.Thread(target=visitor, args=(address, (read, write)[number % 2]))
        for number in range(visitors)
    ]
    for thread in threads:
        thread.start()
    print("visiting", flush=True)
    for thread in threads:
        thread.join()
    ended = time.monotonic()
    print(
        json.dumps(
            {
                "requests": sum(map(len, answers.values())),
                "failures": dict(failures),
                "gap": {kind: longest_gap(kind, started, ended) for kind in ("read", "write")},
                "acknowledged": acknowledged,
            }
        )
    )


main(sys.argv[1], int(sys.argv[2]))
