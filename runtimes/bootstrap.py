#!/usr/bin/python3 -ISB
"""The runtime client of Python functions. _HANDLER is MODULE.FUNCTION; the function gets (event, context).

It serves managed runtimes (python3.x), and packages that bring it as their bootstrap: then the first line holds, with
these flags: isolated (-I), without site packages (-S: they are not part of the function), no byte code written (-B: the
package is read-only). For a fast start only built-in modules are loaded before the connection to the platform stands;
json and the function's module follow, as part of the function's init; logging only where the function imports it.
"""

import sys

import _socket
import posix
import time

ENVIRON = {key.decode(): value.decode("utf-8", "surrogateescape") for key, value in posix.environ.items()}
API = ENVIRON["AWS_LAMBDA_RUNTIME_API"]
TASK_ROOT = ENVIRON.get("LAMBDA_TASK_ROOT", ".")
JSON_LOG = ENVIRON.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
PACKAGES = f"/opt/python/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
NEXT = f"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {API}\r\n\r\n".encode()


class ConnectionEnded(Exception):
    """The platform closed the connection."""


class Connection:
    """One keep-alive HTTP/1.1 connection."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._address = ("127.0.0.1" if host == "localhost" else host, int(port))
        self.connect()

    def connect(self):
        self._received = bytearray()
        self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._socket.connect(self._address)

    def send(self, data):
        self._socket.sendall(data)

    def read(self):
        """Reads an answer. Returns its status, its headers (lower-case names) and its body."""
        status = 100
        while status < 200:
            lines = self._take(self._find(b"\r\n\r\n") + 4).decode("latin-1").split("\r\n")
            status = int(lines[0].split()[1])
        pairs = (line.partition(":") for line in lines[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._read_chunks()
        else:
            body = self._take(int(headers.get("content-length", 0)))
        return status, headers, body

    def _read_chunks(self):
        body = bytearray()
        while size := int(self._take_line().partition(b";")[0], 16):
            body += self._take(size)
            self._take_line()
        while self._take_line():
            pass
        return bytes(body)

    def _take_line(self):
        return self._take(self._find(b"\r\n") + 2)[:-2]

    def _find(self, mark):
        searched = 0
        while (at := self._received.find(mark, searched)) < 0:
            searched = max(0, len(self._received) - len(mark) + 1)
            self._fill()
        return at

    def _take(self, count):
        while len(self._received) < count:
            self._fill()
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _fill(self):
        received = self._socket.recv(1 << 20 if len(self._received) > 65536 else 65536)
        if not received:
            raise ConnectionEnded
        self._received += received


connection = Connection(API)  # before anything else: it tells the platform that the runtime is up

import _sitebuiltins  # noqa: E402
import builtins  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402

request_id = ""  # of the invocation that runs


class Fields:
    """The attributes that it was made with; None for those of the given names that it was made without."""

    def __init__(self, names, values):
        for name in names:
            setattr(self, name, values.get(name))


class ClientContext:
    CLIENT = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

    def __init__(self, values):
        self.client = Fields(self.CLIENT, values.get("client") or {})
        self.custom = values.get("custom")
        self.env = values.get("env")


class Context:
    """What a function is told about its invocation."""

    def __init__(self, headers):
        self.function_name = ENVIRON.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = ENVIRON.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = ENVIRON.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = ENVIRON.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = ENVIRON.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id")
        identity = json.loads(headers.get("lambda-runtime-cognito-identity") or "{}")
        self.identity = Fields(
            ("cognito_identity_id", "cognito_identity_pool_id"),
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            },
        )
        client = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(client)) if client else None
        self._deadline_epoch_ms = int(headers.get("lambda-runtime-deadline-ms") or 0)

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_epoch_ms - int(time.time() * 1000))

    def __repr__(self):
        shown = ", ".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"Context([{shown}])"


class RuntimeFault(Exception):
    """A fault with a name of the platform's own."""

    def __init__(self, error_type, message):
        super().__init__(message)
        self.error_type = error_type


def describe(error):
    """The error as the platform wants it; frames of this file are left out of the stack trace."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    return {
        "errorMessage": str(error),
        "errorType": getattr(error, "error_type", type(error).__name__),
        "requestId": request_id,
        "stackTrace": [] if isinstance(error, RuntimeFault) else traceback.format_list(frames),
    }


def timestamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def log_error(fault):
    if JSON_LOG:
        print(json.dumps({"timestamp": timestamp(time.time()) + "Z", "level": "ERROR", **fault}))
        return
    print(f"[ERROR] {fault['errorType']}: {fault['errorMessage']}")
    if fault["stackTrace"]:
        print("Traceback (most recent call last):\n" + "".join(fault["stackTrace"]), end="")


class LoggingWatch:
    """Sets logging up as soon as the function imports it, before it can log: as text or as JSON, with the request id."""

    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        spec = sys.meta_path[-1].find_spec(name, path, target)
        execute = spec.loader.exec_module

        def execute_and_set_up(module):
            execute(module)
            set_up_logging(module)

        spec.loader.exec_module = execute_and_set_up
        return spec


def set_up_logging(logging):
    class TextFormatter(logging.Formatter):
        converter = time.gmtime

        def __init__(self):
            super().__init__("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")

        def format(self, record):
            record.aws_request_id = request_id
            return super().format(record)

    # What every record has; the rest was given by the function as extra.
    record_fields = logging.makeLogRecord({}).__dict__.keys() | {"asctime", "aws_request_id", "taskName"}

    class JsonFormatter(logging.Formatter):
        def format(self, record):
            line = {
                "timestamp": timestamp(record.created) + "Z",
                "level": record.levelname,
                "message": record.getMessage(),
                "logger": record.name,
            }
            if record.exc_info:
                fault = describe(record.exc_info[1])
                line.update({key: fault[key] for key in ("stackTrace", "errorType", "errorMessage")})
            if request_id:
                line["requestId"] = request_id
            extra = record.__dict__.items()
            line |= {key: value for key, value in extra if key not in record_fields | line.keys() and value is not None}
            return json.dumps(line, default=str)

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter() if JSON_LOG else TextFormatter())
    logging.root.addHandler(handler)
    level = ENVIRON.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if JSON_LOG and level in LEVELS:
        logging.root.setLevel(LEVELS[level])


LEVELS = {"TRACE": 5, "DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40, "FATAL": 50}


def post(call, body, error_type=None):
    """The bytes of a POST."""
    head = f"POST /2018-06-01/runtime/{call} HTTP/1.1\r\nHost: {API}\r\nContent-Type: application/json\r\n"
    if error_type:
        header = error_type if error_type.startswith(("Runtime.", "Function.")) else "Unhandled"
        head += f"Lambda-Runtime-Function-Error-Type: {header}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def load_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{name}': need module.function")
    import importlib

    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise RuntimeFault("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFault("Runtime.UserCodeSyntaxError", message) from error
    try:
        return getattr(module, function_name)
    except AttributeError as error:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise RuntimeFault("Runtime.HandlerNotFound", message) from error


def plain(value):
    """The one type beyond JSON's own that is answered: what databases give for numbers."""
    if type(value).__module__ == "decimal" and type(value).__name__ == "Decimal":
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def to_json(response):
    try:
        return json.dumps(response, default=plain).encode()
    except (TypeError, ValueError) as error:
        raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def from_json(body):
    try:
        return json.loads(body)
    except ValueError as error:
        raise RuntimeFault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error


def answer(handler, headers, body):
    """Calls the function. Returns the bytes of the POST with its response or its error."""
    global request_id
    request_id = headers["lambda-runtime-aws-request-id"]
    trace_id = headers.get("lambda-runtime-trace-id")
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    call = "invocation/" + request_id
    try:
        return post(call + "/response", to_json(handler(from_json(body), Context(headers))))
    except Exception as error:
        fault = describe(error)
        log_error(fault)
        return post(call + "/error", json.dumps(fault).encode(), fault["errorType"])


def await_event():
    """Waits for an event, as long as it takes. Refusals are repeated a few times."""
    for _ in range(3):
        status, headers, body = connection.read()
        if status == 200:
            return headers, body
        print(f"runtime: the next event was refused with status {status}", file=sys.stderr)
        connection.send(NEXT)
    sys.exit(1)


def serve(handler):
    connection.send(NEXT)
    while True:
        headers, body = await_event()
        connection.send(answer(handler, headers, body) + NEXT)  # in one write: the next event is already asked for
        status, headers, _ = connection.read()
        if status >= 300:
            print(f"runtime: the answer was refused with status {status}", file=sys.stderr)
        if status >= 500:
            sys.exit(1)
        if headers.get("connection", "").lower() == "close":
            connection.connect()
            connection.send(NEXT)


def report_init_error(fault):
    try:
        connection.send(post("init/error", json.dumps(fault).encode(), fault["errorType"]))
        connection.read()
    except (ConnectionEnded, OSError) as error:
        print(f"runtime: the init error could not be reported: {error!r}", file=sys.stderr)


def unbuffered(stream):
    """What is written must be out before a crash or an answer, whole lines or not."""
    return io.TextIOWrapper(stream.buffer.raw, encoding=stream.encoding, errors=stream.errors, write_through=True)


def main():
    sys.stdout = unbuffered(sys.stdout)
    sys.stderr = unbuffered(sys.stderr)
    sys.path[0:0] = [TASK_ROOT, PACKAGES, "/opt/python"]
    sys.meta_path.insert(0, LoggingWatch())
    # Functions are used to them, and site, which would set them, is left out.
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D")
    try:
        handler = load_handler(ENVIRON.get("_HANDLER", ""))
    except Exception as error:
        fault = describe(error)
        log_error(fault)
        report_init_error(fault)
        sys.exit(1)
    try:
        serve(handler)
    except ConnectionEnded:
        sys.exit(0)


main()
