#!/usr/bin/env python3
"""Drives every built example with a Runtime API of its own. `make check` runs it; arguments are unittest's."""

import base64
import hashlib
import json
import math
import os
import platform
import random
import shutil
import struct
import tempfile
import time
import unittest

from runtime_api import ACCEPTED, ARN, Platform, event_bytes, refusal

TARGET = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "target")
SIX_MIB = 6 * 1024 * 1024
HOST = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def emulator(build):
    """The command that runs the build on this host: none, qemu, or None if it cannot run."""
    architecture = build.split("-")[0]
    if architecture == HOST:
        with open("/proc/cpuinfo") as cpu:
            return () if "avx2" not in build or "avx2" in cpu.read() else None
    qemu = shutil.which({"arm64": "qemu-aarch64", "x86_64": "qemu-x86_64"}[architecture])
    return (qemu,) if qemu else None


def runnable_builds():
    for build in ("x86_64", "x86_64-avx2", "arm64"):
        if os.path.exists(os.path.join(TARGET, build, "bootstrap")):
            if emulator(build) is not None:
                yield build
                continue
        print(f"check: {build} skipped: not built, or this host cannot run it")


BUILDS = tuple(runnable_builds())


def function(build, handler, **environment):
    return Platform(os.path.join(TARGET, build), handler, emulator(build), environment)


def json_bytes(**members):
    return json.dumps(members).encode()


def on_every_build(case):
    """Makes the class a test case for each build that this host can run, as self.build."""
    for build in BUILDS:
        name = f"{case.__name__}[{build}]"
        globals()[name] = type(name, (case, unittest.TestCase), {"build": build})
    return case


@on_every_build
class RuntimeClientTest:
    def test_should_echo_any_bytes(self):
        rng = random.Random(1)
        with function(self.build, "echo") as api:
            api.start()
            for size in (0, 1, 2, 100, 4095, 65535, 65536, 65537, 1 << 20, SIX_MIB, SIX_MIB + 100, 3):
                body = rng.randbytes(size)
                self.assertTrue(api.invoke(body).body == body, f"{size} bytes came back changed")

    def test_should_exit_in_order_when_the_platform_hangs_up(self):
        with function(self.build, "echo") as api:
            self.assertEqual(api.start().hang_up(), (0, b"", b""))

    def test_should_ask_for_the_next_event_in_the_write_of_the_response(self):
        with function(self.build, "echo") as api:
            api.start().send(event_bytes(b"[1]", "a"))
            wire = api.peer.recv(65536)
            self.assertEqual(wire.count(b"POST /2018-06-01/runtime/invocation/a/response HTTP/1.1\r\n"), 1)
            self.assertTrue(wire.endswith(b"\r\n\r\n") and b"[1]GET /2018-06-01/runtime/invocation/next " in wire, wire)

    def test_should_take_the_verdict_and_the_next_event_from_one_segment(self):
        with function(self.build, "echo") as api:
            api.start().send(event_bytes(b"0", "id-0"))
            for turn in range(1, 50):
                self.assertEqual(api.expect_post(f"invocation/id-{turn - 1}/response").body, b"%d" % (turn - 1))
                api.expect_next()
                api.send(ACCEPTED + event_bytes(b"%d" % turn, f"id-{turn}"))

    def test_should_take_answers_in_tiny_segments(self):
        with function(self.build, "echo") as api:
            api.start()
            api.send_slowly(event_bytes(b"first", "a"), 1)
            for turn, piece in enumerate((1, 2, 3, 7, 50, 93, 94, 95)):
                api.expect_post(f"invocation/{'a' * (turn + 1)}/response")
                api.expect_next()
                api.send_slowly(ACCEPTED + event_bytes(b"x" * 200, "a" * (turn + 2)), piece)
            self.assertEqual(api.expect_post("invocation/aaaaaaaaa/response").body, b"x" * 200)

    def test_should_notice_what_comes_instead_of_an_event(self):
        for instead, code in ((b"", 1), (ACCEPTED, 0), (refusal(500), 1)):
            with function(self.build, "echo") as api:
                api.start()
                for _ in range(5):
                    api.invoke(b"{}")
                api.send(event_bytes(b"{}"))
                api.expect_post("invocation/id-1/response")
                api.expect_next()
                api.send(instead)
                api.peer.close()
                self.assertEqual(api.finish()[0], code)

    def test_should_take_verdicts_of_changing_length(self):
        with function(self.build, "echo") as api:
            api.start().send(event_bytes(b"{}", "a"))
            for length in (40, 40, 40, 0, 300, 0, 0, 0, 70, 1000, 1):
                api.expect_post("invocation/a/response")
                api.expect_next()
                api.send(b"HTTP/1.1 202 Accepted\r\nContent-Length: %d\r\n\r\n" % length + b"." * length)
                api.send(event_bytes(b"{}", "a"))

    def test_should_take_chunked_events(self):
        body = random.Random(2).randbytes(200_000)
        with function(self.build, "echo") as api:
            api.start()
            for chunks in ([200_000], [1, 2, 3, 199_994], [100_000, 65_536, 34_464], [1] * 50 + [199_950]):
                self.assertTrue(api.invoke(body, chunks=chunks).body == body)
            self.assertEqual(api.invoke(b"", chunks=[]).body, b"")

    def test_should_take_headers_of_any_case_order_and_size(self):
        with function(self.build, "echo") as api:
            api.start()
            huge = "X-Huge: " + "h" * (1 << 20)
            many = [f"X-{number}: {number}" for number in range(5000)]
            self.assertEqual(api.invoke(b"[1]", headers=[huge]).body, b"[1]")
            self.assertEqual(api.invoke(b"[2]", headers=many).body, b"[2]")
            api.send(b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH:3\r\nlambda-runtime-AWS-request-id:  q \r\n\r\n[3]")
            self.assertEqual(api.expect_post("invocation/q/response").body, b"[3]")

    def test_should_pass_over_interim_answers(self):
        with function(self.build, "echo") as api:
            api.start().send(b"HTTP/1.1 100 Continue\r\n\r\n" + event_bytes(b"7"))
            self.assertEqual(api.expect_post("invocation/id-1/response").body, b"7")

    def test_should_go_on_after_a_refused_answer(self):
        with function(self.build, "echo") as api:
            api.start()
            for status in (400, 403, 410, 413):
                api.send(event_bytes(b"[]"))
                api.expect_post("invocation/id-1/response")
                api.expect_next()
                api.send(refusal(status))
            self.assertEqual(api.invoke(b"[4]").body, b"[4]")
            code, _, err = api.hang_up()
            self.assertEqual((code, err.count(b"\n")), (0, 4))

    def test_should_connect_again_when_a_refusal_closes_the_connection(self):
        with function(self.build, "echo") as api:
            api.start().send(event_bytes(b"[]"))
            api.expect_post("invocation/id-1/response")
            api.send(refusal(413, closes=True))
            api.start()
            self.assertEqual(api.invoke(b"[5]").body, b"[5]")

    def test_should_exit_when_the_platform_fails(self):
        with function(self.build, "echo") as api:
            api.start().send(event_bytes(b"[]"))
            api.expect_post("invocation/id-1/response")
            api.send(refusal(500))
            code, _, err = api.finish()
            self.assertEqual((code, err), (1, b"runtime: the answer was refused with status 500\n"))

    def test_should_exit_when_events_are_refused(self):
        with function(self.build, "echo") as api:
            api.start()
            for attempt in range(3):
                api.send(refusal(503))
                if attempt < 2:
                    api.expect_next()
            self.assertEqual(api.finish()[0], 1)

    def test_should_exit_on_what_is_not_http(self):
        for garbage in (b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                        event_bytes(b"{}", "i" * 300),
                        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            with function(self.build, "echo") as api:
                api.start().send(garbage)
                self.assertEqual(api.finish()[0], 1, garbage[:40])

    def test_should_report_an_unknown_handler_as_an_init_error(self):
        with function(self.build, "nothing") as api:
            posted = api.accept().expect_post("init/error")
            api.send(ACCEPTED)
            self.assertEqual(posted.headers["lambda-runtime-function-error-type"], "Runtime.NoSuchHandler")
            self.assertEqual(json.loads(posted.body)["errorType"], "Runtime.NoSuchHandler")
            self.assertEqual(api.finish()[0], 1)

    def test_should_say_in_one_line_what_is_wrong_with_its_address(self):
        for address in ("", "nonsense", "127.0.0.1:0", "127.0.0.1:99999", "no.such.host:80"):
            with function(self.build, "echo", AWS_LAMBDA_RUNTIME_API=address) as api:
                code, _, err = api.finish()
                self.assertEqual((code, err.count(b"\n"), err[:9]), (1, 1, b"runtime: "))


@on_every_build
class DripTest:
    def test_should_stream_its_parts_and_end_the_connection(self):
        with function(self.build, "drip") as api:
            api.start()
            for closes in ((), ("Connection: close",)):
                api.send(event_bytes(json_bytes(parts=3, bytes=17), headers=closes))
                head, rest = self.stream(api, closes)
                self.assertEqual(head.headers["lambda-runtime-function-response-mode"], "streaming")
                self.assertEqual(head.headers["connection"], "close")
                self.assertEqual(rest, b"".join(b"11\r\n%b\r\n" % (letter * 17) for letter in (b"a", b"b", b"c")) + b"0\r\n\r\n")
                self.accept_and_close(api)

    def test_should_tell_in_trailers_that_it_failed(self):
        with function(self.build, "drip") as api:
            api.start().send(event_bytes(json_bytes(parts=1, bytes=2, error="Function.Half")))
            _, rest = self.stream(api, ())
            lines = rest.decode().split("\r\n")
            self.assertEqual(lines[:4], ["2", "aa", "0", "Lambda-Runtime-Function-Error-Type: Function.Half"])
            error = json.loads(base64.b64decode(lines[4].removeprefix("Lambda-Runtime-Function-Error-Body: ")))
            self.assertEqual(error["errorType"], "Function.Half")
            self.assertIn("as it was told to", error["errorMessage"])
            self.accept_and_close(api)

    def test_should_refuse_what_it_cannot_stream(self):
        with function(self.build, "drip") as api:
            api.start()
            self.assertIn(b"Function.InvalidEvent", api.invoke(json_bytes(bytes=65537), call="error").body)

    def stream(self, api, closes):
        """Head and body of the response, up to its end."""
        if closes:
            api.accept()
        head = api.expect_post("invocation/id-1/response")
        return head, api.read_until(b"\r\n\r\n")

    def accept_and_close(self, api):
        api.send(ACCEPTED.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        api.accept().expect_next()


@on_every_build
class HashTest:
    def test_should_equal_the_reference(self):
        rng = random.Random(3)
        sizes = (0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 1 << 20)
        bodies = [b'{"x":5}', *(rng.randbytes(size) for size in sizes)]
        with function(self.build, "hash") as api:
            api.start()
            for body in bodies:
                self.assertEqual(api.invoke(body).body, b'"%s"' % hashlib.sha256(body).hexdigest().encode())


def reference_dot(n, seed):
    """The exact dot product of dot.c's vectors, and the sum of the absolute products."""
    mask = (1 << 64) - 1
    values = []
    for _ in range(2 * n):
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
        values.append(((z ^ z >> 31) >> 40) / (1 << 23) - 1)
    products = [a * b for a, b in zip(values[:n], values[n:])]
    return math.fsum(products), math.fsum(map(abs, products))


@on_every_build
class DotTest:
    KERNELS = {"x86_64": "scalar", "x86_64-avx2": "avx2", "arm64": "neon"}

    def test_should_agree_with_the_exact_result(self):
        cases = [(n, seed, *reference_dot(n, seed)) for n, seed in ((0, 1), (1, 1), (31, 2), (100, 3), (4096, 1), (20001, 9))]
        with function(self.build, "dot") as api:
            api.start()
            for n, seed, exact, absolute in cases:
                answer = json.loads(api.invoke(json_bytes(n=n, repeat=3, seed=seed)).body)
                self.assertEqual((answer["n"], answer["kernel"]), (n, self.KERNELS[self.build]))
                self.assertLessEqual(abs(answer["dot"] - exact), 1e-6 * absolute, (n, seed))
                self.assertGreaterEqual(answer["ns"], 0)

    def test_should_refuse_what_is_out_of_bounds(self):
        with function(self.build, "dot") as api:
            api.start()
            for body in (b'{"n":-1}', b'{"n":16777217}', b'{"repeat":0}', b'{"n":"4"}'):
                error = json.loads(api.invoke(body, call="error").body)
                self.assertEqual(error["errorType"], "Function.InvalidEvent")


@on_every_build
class KernelTest:
    BUILDS = {"x86_64": "sse2", "x86_64-avx2": "avx2", "arm64": "neon"}
    # The same in every build of every architecture, and in Java.
    CHECKSUMS = {
        "dot": "e58cf9f9447a0b02",
        "sha256": "cc64726fa77c776f",
        "mandelbrot": "8a51bfdba429555d",
        "blur": "853863ac3de4aebd",
        "matmul": "a796713cdaf28b64",
        "json": "e24fb4aaee4d0411",
        "lz": "6e2c164c08fe589c",
        "copy": "acca5cecc4e86b15",
    }

    def test_should_give_the_same_checksums_as_every_build(self):
        with function(self.build, "kernel") as api:
            api.start()
            for kernel, checksum in self.CHECKSUMS.items():
                answer = json.loads(api.invoke(json_bytes(kernel=kernel, repeat=2)).body)
                self.assertEqual((answer["kernel"], answer["checksum"]), (kernel, checksum))
                self.assertEqual(answer["build"], self.BUILDS[self.build])
                self.assertGreater(answer["units"], 0)

    def test_should_refuse_what_it_does_not_know(self):
        with function(self.build, "kernel") as api:
            api.start()
            for body in (b"{}", b'{"kernel":"dots"}', b'{"kernel":"dot","repeat":0}', b'{"kernel":7}'):
                error = json.loads(api.invoke(body, call="error").body)
                self.assertEqual(error["errorType"], "Function.InvalidEvent")


@on_every_build
class SpinTest:
    @staticmethod
    def process_cpu_us(api):
        with open(f"/proc/{api.process.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1_000_000 // os.sysconf("SC_CLK_TCK")

    def test_should_burn_the_cpu_time_that_it_reports(self):
        with function(self.build, "spin") as api:
            api.start()
            api.invoke(b"{}")
            before_us = self.process_cpu_us(api)
            answer = json.loads(api.invoke(json_bytes(cpuUs=200_000)).body)
            used_us = self.process_cpu_us(api) - before_us
            self.assertGreaterEqual(answer["cpuUs"], 200_000)
            self.assertGreaterEqual(used_us, 200_000 - 20_000)  # the kernel counts in ticks of 10 ms
            self.assertGreaterEqual(used_us + 20_000, answer["cpuUs"])
            self.assertEqual((answer["sleepUs"], answer["memoryMib"]), (0, 0))

    def test_should_sleep_without_burning(self):
        with function(self.build, "spin") as api:
            api.start()
            start_ns = time.monotonic_ns()
            answer = json.loads(api.invoke(json_bytes(sleepUs=150_000)).body)
            elapsed_us = (time.monotonic_ns() - start_ns) // 1000
            self.assertGreaterEqual(answer["sleepUs"], 150_000)
            self.assertGreaterEqual(elapsed_us, answer["sleepUs"])
            self.assertLess(answer["cpuUs"], 100_000)

    def test_should_sleep_out_the_duration(self):
        with function(self.build, "spin") as api:
            api.start()
            start_ns = time.monotonic_ns()
            answer = json.loads(api.invoke(json_bytes(cpuUs=20_000, durationUs=150_000)).body)
            self.assertGreaterEqual(time.monotonic_ns() - start_ns, 150_000_000)
            self.assertGreater(answer["sleepUs"], 0)
            self.assertLess(answer["sleepUs"], 150_000)

    def test_should_keep_the_memory_that_it_touched(self):
        with function(self.build, "spin") as api:
            api.start()
            for mib, at_least in ((8, 8), (40, 40), (3, 40), (0, 40)):
                answer = json.loads(api.invoke(json_bytes(memoryMib=mib)).body)
                self.assertEqual(answer["memoryMib"], mib)
                with open(f"/proc/{api.process.pid}/statm") as statm:
                    resident_mib = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
                self.assertGreaterEqual(resident_mib, at_least)
                self.assertLess(resident_mib, at_least + 64)

    def test_should_hold_memory_from_init_on(self):
        with function(self.build, "spin", SPIN_MEMORY_MIB="40") as api:
            api.start()
            with open(f"/proc/{api.process.pid}/statm") as statm:
                resident_mib = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
            self.assertGreaterEqual(resident_mib, 40)
            self.assertEqual(json.loads(api.invoke(json_bytes(memoryMib=40)).body)["memoryMib"], 40)

    def test_should_refuse_what_is_out_of_bounds(self):
        with function(self.build, "spin") as api:
            api.start()
            for body in (b'{"cpuUs":-1}', b'{"memoryMib":10241}', b'{"sleepUs":900000001}', b'{"durationUs":-1}', b'{"cpuUs":null}'):
                error = json.loads(api.invoke(body, call="error").body)
                self.assertEqual(error["errorType"], "Function.InvalidEvent")


@on_every_build
class ProbeTest:
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def probe(self, **environment):
        return function(self.build, "probe", TMPDIR=self.directory, **environment)

    def ask(self, api, **event):
        return json.loads(api.invoke(json_bytes(**event)).body)

    def test_should_end_as_it_is_told(self):
        for event, expected in (({"do": "exit", "code": 3}, {3}), ({"do": "abort"}, {-6, 134})):
            with self.probe() as api:
                api.start().send(event_bytes(json_bytes(**event)))
                self.assertIn(api.finish()[0], expected)

    def test_should_hang_until_it_is_killed(self):
        with self.probe() as api:
            api.start().send(event_bytes(json_bytes(do="hang")))
            api.peer.settimeout(0.2)
            self.assertRaises(TimeoutError, api.request)
            self.assertIsNone(api.process.poll())

    def test_should_fail_the_invocation_and_live_on(self):
        with self.probe() as api:
            api.start()
            posted = api.invoke(json_bytes(do="error", type="Function.Custom", message="why"), call="error")
            self.assertEqual(posted.headers["lambda-runtime-function-error-type"], "Function.Custom")
            self.assertEqual(json.loads(posted.body),
                             {"errorMessage": "why", "errorType": "Function.Custom", "stackTrace": []})
            self.assertEqual(self.ask(api, do="count"), {"count": 1})
            self.assertEqual(self.ask(api, do="count"), {"count": 2})

    def test_should_answer_twice(self):
        with self.probe() as api:
            api.start().send(event_bytes(json_bytes(do="twice")))
            self.assertEqual(api.expect_post("invocation/id-1/response").body, b'{"answer":1}')
            api.send(ACCEPTED)
            self.assertEqual(api.expect_post("invocation/id-1/response").body, b'{"answer":2}')
            api.expect_next()
            api.send(refusal(400))
            self.assertEqual(self.ask(api, do="count"), {"count": 1})

    def test_should_answer_a_wrong_id(self):
        with self.probe() as api:
            api.start().send(event_bytes(json_bytes(do="wrong-id")))
            api.expect_post("invocation/00000000-0000-4000-8000-000000000000/response")
            api.send(refusal(400))
            self.assertEqual(api.expect_post("invocation/id-1/response").body, b'{"status":400}')
            api.expect_next()
            api.send(ACCEPTED + event_bytes(json_bytes(do="wrong-id", id="other", then="next")))
            api.expect_post("invocation/other/response")
            api.send(ACCEPTED)
            api.expect_next()
            self.assertEqual(self.ask(api, do="count"), {"count": 1})

    def test_should_answer_and_print_as_much_as_it_is_told(self):
        with self.probe() as api:
            api.start()
            for size in (2, 1000, SIX_MIB + 1):
                body = api.invoke(json_bytes(do="big", bytes=size)).body
                self.assertTrue(body == b'"' + b"x" * (size - 2) + b'"')
            self.assertEqual(self.ask(api, do="print", bytes=5001), {"printed": 5001})
            _, out, _ = api.hang_up()
            self.assertEqual((len(out), out[-1:], out.count(b"\n")), (5001, b"\n", 63))

    def test_should_tell_what_it_was_told(self):
        with self.probe(COLOUR="blue") as api:
            api.start()
            headers = ["Lambda-Runtime-Deadline-Ms: 1542409706888", f"Lambda-Runtime-Invoked-Function-Arn: {ARN}",
                       "Lambda-Runtime-Trace-Id: Root=1-2-3;Sampled=1"]
            answer = json.loads(api.invoke(json_bytes(do="context"), headers=headers).body)
            self.assertEqual(answer, {"requestId": "id-1", "deadlineMs": 1542409706888, "functionArn": ARN,
                                      "traceId": "Root=1-2-3;Sampled=1"})
            self.assertEqual(self.ask(api, do="context")["traceId"], "")
            self.assertEqual(self.ask(api, do="env", name="COLOUR"), "blue")
            self.assertIsNone(self.ask(api, do="env", name="NOTHING"))

    def test_should_allocate_sleep_and_write_files(self):
        with self.probe() as api:
            api.start()
            self.assertEqual(self.ask(api, do="allocate", mib=16), {"allocatedMib": 16})
            self.assertGreaterEqual(self.ask(api, do="sleep", ms=5)["sleptUs"], 5000)
            self.assertEqual(self.ask(api, do="tmp-read"), {"bytes": -1})
            self.assertEqual(self.ask(api, do="tmp-write", mib=2), {"writtenBytes": 2 << 20, "full": False})
            self.assertEqual(self.ask(api, do="tmp-read"), {"bytes": 2 << 20})

    def test_should_work_in_the_background(self):
        with self.probe() as api:
            api.start()
            self.assertEqual(self.ask(api, do="background"), {"ticks": 0})
            while self.ask(api, do="background-read")["ticks"] < 3:
                pass

    def test_should_misbehave_in_init(self):
        with self.probe(THAW_INIT="exit") as api:
            api.accept()
            self.assertEqual(api.finish()[0], 7)
        with self.probe(THAW_INIT="error") as api:
            posted = api.accept().expect_post("init/error")
            self.assertEqual(posted.headers["lambda-runtime-function-error-type"], "Function.ProbeInit")
            api.send(ACCEPTED)
            self.assertEqual(api.finish()[0], 1)
        with self.probe(THAW_INIT="hang") as api:
            api.accept().peer.settimeout(0.2)
            self.assertRaises(TimeoutError, api.request)
        for how in ("sleep:20", "spin:20000", ""):
            with self.probe(THAW_INIT=how) as api:
                self.assertEqual(self.ask(api.start(), do="count"), {"count": 1})

    def test_should_fail_the_next_init_only(self):
        with self.probe() as api:
            self.assertEqual(self.ask(api.start(), do="init-fail-next", how="exit"), {"armed": True})
        with self.probe() as api:
            api.accept()
            self.assertEqual(api.finish()[0], 7)
        with self.probe() as api:
            self.assertEqual(self.ask(api.start(), do="count"), {"count": 1})

    def test_should_refuse_what_it_does_not_know(self):
        with self.probe() as api:
            api.start()
            for body in (b"", b"{}", b"[]", b'{"do":"dance"}', b'{"do":', b'{"do":"', b'{"x":{"do":"count"}}', b"\xff"):
                error = json.loads(api.invoke(body, call="error").body)
                self.assertEqual(error["errorType"], "Function.InvalidEvent")
            self.assertEqual(json.loads(api.invoke(b' { "a\\"":[{"do":"exit"},"}"] ,"do" : "count"} ').body), {"count": 1})


class ShellTest(unittest.TestCase):
    def function(self, handler="function.handler", package=os.path.join(TARGET, "shell")):
        return Platform(package, handler)

    def invoke(self, api, body, call="response"):
        """The shell runtime makes a connection per call."""
        api.start().send(event_bytes(body))
        posted = api.accept().expect_post(f"invocation/id-1/{call}")
        api.send(ACCEPTED)
        return posted

    def test_should_behave_as_the_tutorial_says(self):
        event = b'{"text":"Hello"}'
        with self.function() as api:
            self.assertEqual(self.invoke(api, event).body, b"Echoing request: '" + event + b"'")
            self.assertEqual(self.invoke(api, b'"%s * $HOME  two"').body, b"""Echoing request: '"%s * $HOME  two"'""")
            api.start()
            self.assertTrue(api.hang_up()[2].startswith(event + b"\n"))

    def test_should_report_a_failed_function(self):
        with tempfile.TemporaryDirectory() as package:
            shutil.copy(os.path.join(TARGET, "shell", "bootstrap"), package)
            with open(os.path.join(package, "bad.sh"), "w") as script:
                script.write("run() { return 4; }\n")
            with self.function("bad.run", package) as api:
                error = json.loads(self.invoke(api, b"{}", "error").body)
                self.assertEqual(error, {"errorMessage": "run ended with status 4",
                                         "errorType": "Function.NonZeroStatus", "stackTrace": []})

    def test_should_report_a_missing_script_or_function(self):
        for handler, kind in (("nothing.x", "Runtime.ImportModuleError"), ("function.x", "Runtime.NoSuchHandler")):
            with self.function(handler) as api:
                posted = api.accept().expect_post("init/error")
                api.send(ACCEPTED)
                self.assertEqual(json.loads(posted.body)["errorType"], kind)
                self.assertEqual(api.finish()[0], 1)


PYTHON_FUNCTIONS = '''
import os

def area(event, context):
    return event["length"] * event["width"]

def fail(event, context):
    raise ValueError("whoops")

def unserialisable(event, context):
    return {1, 2}

def tell(event, context):
    print("told")
    return [context.function_name, context.function_version, context.memory_limit_in_mb, context.aws_request_id,
            context.invoked_function_arn, context.log_group_name, context.identity.cognito_identity_id,
            context.client_context.custom, context.client_context.client.app_title,
            context.get_remaining_time_in_millis() > 0, os.environ["_X_AMZN_TRACE_ID"]]
'''


class PythonTest(unittest.TestCase):
    def setUp(self):
        package = tempfile.TemporaryDirectory()
        self.addCleanup(package.cleanup)
        self.package = package.name
        shutil.copy(os.path.join(TARGET, "python", "bootstrap"), self.package)
        for name, text in (("functions", PYTHON_FUNCTIONS), ("broken", "import nothing_of_this_name"), ("odd", "1 +")):
            with open(os.path.join(self.package, name + ".py"), "w") as module:
                module.write(text)

    def function(self, handler):
        return Platform(self.package, handler)

    def test_should_answer_the_area_as_json_text(self):
        with Platform(os.path.join(TARGET, "python"), "lambda_function.lambda_handler") as api:
            api.start()
            for _ in range(3):
                self.assertEqual(api.invoke(b'{"length":6,"width":7}').body, b'"{\\"area\\": 42}"')
            self.assertEqual(api.hang_up(), (0, b"", b""))

    def test_should_take_events_of_any_shape_on_the_wire(self):
        with self.function("functions.area") as api:
            api.start()
            body = b'{"length":6,"width":7,"pad":"%s"}' % (b"p" * 3_000_000)
            self.assertEqual(api.invoke(body).body, b"42")
            self.assertEqual(api.invoke(b'{"length":2,"width":3}', chunks=[1, 5, 16]).body, b"6")
            api.send_slowly(event_bytes(b'{"length":3,"width":3}'), 3)
            self.assertEqual(api.expect_post("invocation/id-1/response").body, b"9")

    def test_should_report_an_exception_with_its_stack_and_live_on(self):
        with self.function("functions.fail") as api:
            api.start()
            for _ in range(2):
                error = json.loads(api.invoke(b"{}", call="error").body)
                self.assertEqual((error["errorMessage"], error["errorType"]), ("whoops", "ValueError"))
                self.assertEqual(len(error["stackTrace"]), 1)
                self.assertIn('functions.py", line 8, in fail\n    raise ValueError("whoops")', error["stackTrace"][0])
            _, out, _ = api.hang_up()
            self.assertTrue(out.startswith(b"[ERROR] ValueError: whoops\nTraceback (most recent call last):\n"), out)

    def test_should_report_a_response_that_is_no_json(self):
        with self.function("functions.unserialisable") as api:
            posted = api.start().invoke(b"{}", call="error")
            self.assertEqual(posted.headers["lambda-runtime-function-error-type"], "Runtime.MarshalError")
            self.assertEqual(json.loads(posted.body), {
                "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
                "errorType": "Runtime.MarshalError", "requestId": "id-1", "stackTrace": []})

    def test_should_fill_the_context(self):
        headers = [f"Lambda-Runtime-Deadline-Ms: {int(time.time() * 1000) + 60_000}",
                   f"Lambda-Runtime-Invoked-Function-Arn: {ARN}", "Lambda-Runtime-Trace-Id: Root=1-2-3",
                   'Lambda-Runtime-Cognito-Identity: {"cognitoIdentityId":"me","cognitoIdentityPoolId":"pool"}',
                   'Lambda-Runtime-Client-Context: {"client":{"app_title":"app"},"custom":{"k":"v"}}']
        with self.function("functions.tell") as api:
            answer = json.loads(api.start().invoke(b"{}", "id-7", headers=headers).body)
            self.assertEqual(answer, ["tested", "$LATEST", "128", "id-7", ARN, None, "me", {"k": "v"}, "app", True,
                                      "Root=1-2-3"])
            self.assertEqual(api.hang_up()[1], b"told\n")

    def test_should_report_what_cannot_be_loaded(self):
        for handler, kind in (("broken.x", "Runtime.ImportModuleError"), ("nothing.x", "Runtime.ImportModuleError"),
                              ("odd.x", "Runtime.UserCodeSyntaxError"), ("functions.x", "Runtime.HandlerNotFound"),
                              ("functions", "Runtime.MalformedHandlerName")):
            with self.subTest(handler=handler), self.function(handler) as api:
                posted = api.accept().expect_post("init/error")
                api.send(ACCEPTED)
                self.assertEqual(posted.headers["lambda-runtime-function-error-type"], kind)
                self.assertEqual(json.loads(posted.body)["errorType"], kind)
                self.assertEqual(api.finish()[0], 1)


if __name__ == "__main__":
    unittest.main()
