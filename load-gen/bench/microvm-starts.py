"""Starts of microVMs, one at a time: COUNT PLAIN_URL AHEAD_URL. What the server's records say of each, as a table."""

import json
import math
import sys
import time
import urllib.error
import urllib.request

PHASES = ["frontend", "queue", "create", "initExtension", "initRuntime", "initFunction", "restore", "thaw",
          "suppressedInit", "invoke", "respond"]
FIELDS_BEHIND = 14  # of the record, between its phases and the stages of a microVM
LANGUAGES = ["c", "java", "python"]
EVENT = b'{"length":6,"width":7}'
REFILL_BOUND_S = 90


def invoke(url, function):
    request = urllib.request.Request(f"{url}/2015-03-31/functions/{function}/invocations", EVENT,
                                     {"X-Thaw-Record": "1", "Content-Type": "application/json"})
    begun = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as response:
        response.read()
        took_ms = (time.perf_counter() - begun) * 1e3
        if response.headers.get("X-Amz-Function-Error"):
            raise SystemExit(f"{function} failed")
        numbers = [int(each) for each in response.headers["X-Thaw-Record"].split(",")[1:]]
    phases = {name: numbers[at] / 1e6 for at, name in enumerate(PHASES)}
    vmm, kernel, init = (each / 1e6 for each in numbers[len(PHASES) + FIELDS_BEHIND:][:3])
    runtime = phases["initExtension"] + phases["initRuntime"]
    if phases["restore"] > 0:
        runtime = phases["restore"] - vmm
    started = phases["create"] + phases["initExtension"] + phases["initRuntime"] + phases["initFunction"] + phases["restore"]
    return {"client": took_ms, "start": started, "vmm": vmm, "kernel": kernel, "init": init, "runtime": runtime,
            "function": phases["initFunction"], "cold": numbers[len(PHASES)] == 1}


def settle():
    """The last environment is destroyed, so that it takes nothing of the next one's time."""
    time.sleep(1)


def cold(plain, ahead, language):
    return invoke(plain, language)


def restored(plain, ahead, language):
    return invoke(plain, language + ":live")


def booted_ahead(plain, ahead, language):
    """Tries again where the machine in place of the last one had not booted yet."""
    until = time.monotonic() + REFILL_BOUND_S
    while time.monotonic() < until:
        time.sleep(8)
        told = invoke(ahead, language)
        if told["vmm"] == 0:
            return told
    raise SystemExit(f"no machine booted ahead for {language}")


KINDS = [("cold", cold), ("restored", restored), ("booted ahead", booted_ahead)]
COLUMNS = ["start", "vmm", "kernel", "init", "runtime", "function", "client"]


def reason(url, language):
    with urllib.request.urlopen(f"{url}/2015-03-31/functions/{language}/configuration?Qualifier=1") as response:
        return json.load(response).get("StateReason")


def await_snapshots(url):
    for language in LANGUAGES:
        until = time.monotonic() + 180
        while True:
            try:
                invoke(url, language + ":live")
                break
            except urllib.error.HTTPError as refused:
                told = refused.read()
                if refused.code != 409 or b"Failed" in told or time.monotonic() > until:
                    raise SystemExit(f"{language}:live: {refused.code} {told} {reason(url, language)}") from refused
                time.sleep(1)


def at(sorted_values, share):
    return sorted_values[max(0, math.ceil(share * len(sorted_values)) - 1)]


def main():
    count, plain, ahead = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    await_snapshots(plain)
    told = {(kind, language): [] for kind, _ in KINDS for language in LANGUAGES}
    for nth in range(count + 1):  # the first one of each is not counted
        for language in LANGUAGES:
            for kind, start in KINDS:
                one = start(plain, ahead, language)
                if not one["cold"]:
                    raise SystemExit(f"{kind} {language}: not the start of an environment")
                if nth > 0:
                    told[kind, language].append(one)
                settle()
        print(f"round {nth} of {count}", file=sys.stderr)
    print(f"ms, p50/p99 of {count} each")
    print("| start | function | " + " | ".join(COLUMNS) + " |")
    print("| --- " * (len(COLUMNS) + 2) + "|")
    for (kind, language), starts in told.items():
        cells = []
        for column in COLUMNS:
            values = sorted(each[column] for each in starts)
            cells.append(f"{at(values, 0.5):.1f}/{at(values, 0.99):.1f}")
        print(f"| {kind} | {language} | " + " | ".join(cells) + " |")
    for language in LANGUAGES:
        p50 = {kind: at(sorted(each["start"] for each in told[kind, language]), 0.5) for kind, _ in KINDS}
        print(f"{language}: restored {p50['cold'] / p50['restored']:.1f} times faster than cold,"
              f" booted ahead {p50['cold'] / p50['booted ahead']:.1f} times")


main()
