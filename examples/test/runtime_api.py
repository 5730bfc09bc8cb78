"""A Runtime API for one function process, scripted by a test: every byte of the wire is under its control."""

import os
import socket
import subprocess

PREFIX = "/2018-06-01/runtime/"
PATIENCE_S = 30  # only ends a test that hangs; nothing waits for it otherwise
ARN = "arn:aws:lambda:us-east-1:123456789012:function:tested"
ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n'


class Request:
    def __init__(self, line, headers, body):
        self.method, self.path, _ = line.split(" ")
        self.headers = headers
        self.body = body

    @property
    def call(self):
        assert self.path.startswith(PREFIX), self.path
        return self.path[len(PREFIX) :]


def event_bytes(body, request_id="id-1", headers=(), chunks=None):
    """The answer to GET next; in chunks of the given sizes if there are any."""
    lines = ["HTTP/1.1 200 OK", f"Lambda-Runtime-Aws-Request-Id: {request_id}", *headers]
    if chunks is None:
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
    wire = "\r\n".join([*lines, "Transfer-Encoding: chunked", "", ""]).encode()
    at = 0
    for size in chunks:
        piece = body[at : at + size]
        at += size
        wire += b"%x;ext=1\r\n" % len(piece) + piece + b"\r\n"
    assert at >= len(body)
    return wire + b"0\r\nTrailer: x\r\n\r\n"


def refusal(status, closes=False):
    body = b'{"errorMessage":"no","errorType":"No"}'
    head = f"HTTP/1.1 {status} No\r\n{'Connection: close' if closes else 'X: y'}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Platform:
    """Starts the bootstrap of a package and talks to it. A context manager; the process never outlives it."""

    def __init__(self, package, handler, emulator=(), environment=None):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_S)
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self._command = [*emulator, os.path.join(package, "bootstrap")]
        self._environment = {
            "AWS_LAMBDA_RUNTIME_API": self.address,
            "_HANDLER": handler,
            "LAMBDA_TASK_ROOT": package,
            "AWS_LAMBDA_FUNCTION_NAME": "tested",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            **(environment or {}),
        }

    def __enter__(self):
        self.process = subprocess.Popen(
            self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self._listener.close()
        if hasattr(self, "peer"):
            self.peer.close()

    def accept(self):
        if hasattr(self, "peer"):
            self.peer.close()
        self.peer, _ = self._listener.accept()
        self.peer.settimeout(PATIENCE_S)
        self.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        return self

    def send(self, data):
        self.peer.sendall(data)

    def send_slowly(self, data, piece):
        for at in range(0, len(data), piece):
            self.peer.sendall(data[at : at + piece])

    def request(self):
        """The next request; None if the function closed the connection."""
        while (at := self._received.find(b"\r\n\r\n")) < 0:
            if not self._fill():
                return None
        line, *lines = self._received[:at].decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
        size = int(headers.get("content-length", 0))
        while len(self._received) < at + 4 + size:
            assert self._fill(), "the connection ended inside a request"
        body = bytes(self._received[at + 4 : at + 4 + size])
        del self._received[: at + 4 + size]
        return Request(line, headers, body)

    def read_until(self, mark):
        """Everything that follows, up to and with the mark."""
        while (at := self._received.find(mark)) < 0:
            assert self._fill(), "the connection ended before the mark"
        taken = bytes(self._received[: at + len(mark)])
        del self._received[: at + len(mark)]
        return taken

    def _fill(self):
        received = self.peer.recv(1 << 20)
        self._received += received
        return bool(received)

    def expect_next(self):
        request = self.request()
        assert request is not None, f"the function closed the connection: {self.process.communicate()}"
        assert (request.method, request.call) == ("GET", "invocation/next"), (request.method, request.path)

    def expect_post(self, call):
        request = self.request()
        assert request is not None, f"the function closed the connection: {self.process.communicate()}"
        assert (request.method, request.call) == ("POST", call), (request.method, request.path)
        return request

    def start(self):
        self.accept().expect_next()
        return self

    def invoke(self, body, request_id="id-1", call="response", **event):
        """One whole invocation of a function that pipelines. Returns what it posted."""
        self.send(event_bytes(body, request_id, **event))
        posted = self.expect_post(f"invocation/{request_id}/{call}")
        self.expect_next()
        self.send(ACCEPTED)
        return posted

    def hang_up(self):
        """Closes the idle connection. Returns the exit status, standard output and standard error."""
        self.peer.close()
        return self.finish()

    def finish(self):
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err
