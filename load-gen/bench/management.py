#!/usr/bin/env python3
"""Latency of management calls with many functions present, against a running `thaw serve`.

Usage: management.py URL [FUNCTIONS] [CALLS]; after warm-up rounds prints p50, p99 and the longest of each kind of call,
in ms.
"""
import base64
import http.client
import io
import json
import sys
import time
import urllib.parse
import zipfile

url = urllib.parse.urlparse(sys.argv[1])
functions = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
calls = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
connection = http.client.HTTPConnection(url.hostname, url.port)
PATH = "/2015-03-31/functions"
WARM_UPS = 3
STRIDE = 7919  # a prime: neighbours in time are no neighbours by name


def call(method, path, body=None):
    start = time.perf_counter()
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    took = (time.perf_counter() - start) * 1000
    if answer.status >= 300:
        sys.exit(f"{method} {path}: {answer.status} {text[:200]}")
    return took


def package(number):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as content:
        content.writestr("bootstrap", f"#!/bin/sh\n# {number}\n")
    return base64.b64encode(out.getvalue()).decode()


def create(number):
    return call("POST", PATH, {
        "FunctionName": f"bench-{number}", "Role": "arn:aws:iam::000000000000:role/bench", "Handler": "h",
        "Runtime": "provided.al2023", "Code": {"ZipFile": package(number)}})


def show(name, samples):
    samples.sort()

    def at(share):
        return samples[min(len(samples) - 1, int(len(samples) * share))]

    print(f"{name:28} n={len(samples):5}  p50 {at(0.5):7.2f}  p99 {at(0.99):7.2f}  max {samples[-1]:7.2f} ms")


def measure(functions, calls):
    def path(i):
        return f"{PATH}/bench-{i * STRIDE % functions}"

    yield "CreateFunction", [create(i) for i in range(functions)]
    yield "GetFunction", [call("GET", path(i)) for i in range(calls)]
    yield "UpdateFunctionConfiguration", [
        call("PUT", path(i) + "/configuration", {"Description": str(i)}) for i in range(calls)]
    yield "PublishVersion", [call("POST", path(i) + "/versions", {}) for i in range(calls)]
    yield "UpdateFunctionCode", [call("PUT", path(i) + "/code", {"ZipFile": package(f"u{i}")}) for i in range(calls)]
    yield "ListFunctions", [call("GET", PATH) for _ in range(calls)]
    yield "DeleteFunction", [call("DELETE", f"{PATH}/bench-{i}") for i in range(functions)]


for _ in range(WARM_UPS):  # its own functions come and go
    for _ in measure(max(1, functions // 4), max(1, calls // 4)):
        pass
for kind, samples in measure(functions, calls):
    show(kind, samples)
