#include "runtime.h"

#include "../sys/sys.h"
#include "call.h"
#include "http.h"

#include <string.h>

enum { STDERR = 2, VARIABLES = 1024, ID_BYTES = 256, TRACE_BYTES = 1024, REQUEST_BYTES = 1024, NEXT_ATTEMPTS = 3 };

#define TRACE_VARIABLE "_X_AMZN_TRACE_ID="

static char api_address[256];      /* host:port */
static char api_prefix[256];       /* what follows it in AWS_LAMBDA_RUNTIME_API, mostly nothing */
static char next_request[REQUEST_BYTES];
static size_t next_request_bytes;
static bool closes; /* the connection that brought the event */
static char request_id[ID_BYTES];
static char trace_variable[sizeof TRACE_VARIABLE + TRACE_BYTES] = TRACE_VARIABLE;

struct thaw_answer thaw_error(const char *error_type, const char *error_message) {
    return (struct thaw_answer) {.error_type = error_type, .error_message = error_message};
}

struct thaw_answer thaw_text(const char *text) {
    return (struct thaw_answer) {.body = {text, strlen(text)}};
}

static void complain(const char *what, const char *detail) {
    struct iovec line[] = {
        {"runtime: ", 9}, {(char *) what, strlen(what)}, {(char *) detail, strlen(detail)}, {"\n", 1}};
    SYS_3(writev, STDERR, line, 4);
}

/* Splits AWS_LAMBDA_RUNTIME_API ("host:port", perhaps with a path) and writes the one request that never changes. */
static bool prepare(const char *api) {
    size_t address_bytes = 0;
    while (api[address_bytes] != 0 && api[address_bytes] != '/') {
        address_bytes++;
    }
    if (address_bytes >= sizeof api_address || strlen(api + address_bytes) >= sizeof api_prefix) {
        return false;
    }
    memcpy(api_address, api, address_bytes); /* both buffers are zeroed, and stay terminated */
    put_text(api_prefix, api + address_bytes);
    char *to = put_text(next_request, "GET ");
    to = put_text(to, api_prefix);
    to = put_text(to, "/2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ");
    to = put_text(to, api_address);
    to = put_text(to, "\r\n\r\n");
    next_request_bytes = (size_t) (to - next_request);
    return true;
}

/* Text at `to` as the inside of a JSON string, cut to the room there is. Returns what follows it. */
static char *put_escaped(char *to, size_t room, const char *text) {
    char *last = to + room - 6;
    for (; *text != 0 && to < last; text++) {
        unsigned char c = (unsigned char) *text;
        if (c < 0x20) {
            to = put_text(to, "\\u00");
            *to++ = (char) ('0' + (c >> 4));
            *to++ = "0123456789abcdef"[c & 15];
        } else {
            if (c == '"' || c == '\\') {
                *to++ = '\\';
            }
            *to++ = (char) c;
        }
    }
    return to;
}

struct thaw_bytes call_error_body(const struct thaw_answer *error) {
    static char json[4096];
    char *to = put_text(json, "{\"errorMessage\":\"");
    to = put_escaped(to, 2048, error->error_message == NULL ? "" : error->error_message);
    to = put_text(to, "\",\"errorType\":\"");
    to = put_escaped(to, 1024, error->error_type);
    to = put_text(to, "\",\"stackTrace\":[]}");
    return (struct thaw_bytes) {json, (size_t) (to - json)};
}

bool call_ready(void) {
    if (!closes) {
        return true;
    }
    closes = false;
    if (!http_connect(api_address)) {
        complain("cannot connect again to ", api_address);
        return false;
    }
    return true;
}

char *call_put_head(char *to, const char *id, const char *call) {
    to = put_text(to, "POST ");
    to = put_text(to, api_prefix);
    to = put_text(to, "/2018-06-01/runtime/");
    if (id != NULL) {
        to = put_text(to, "invocation/");
        to = put_text(to, id);
    }
    to = put_text(to, call);
    to = put_text(to, " HTTP/1.1\r\nHost: ");
    return put_text(to, api_address);
}

/*
 * Sends POST {prefix}/2018-06-01/runtime{call} and, in the same write, the request for the next event if `then_next`:
 * the platform may answer the first while the second already waits, so a warm invocation costs one write and one read.
 */
static bool post(const char *id, const char *call, const struct thaw_answer *answer, bool then_next) {
    static char head[REQUEST_BYTES + ID_BYTES];
    struct thaw_bytes body = answer->error_type == NULL ? answer->body : call_error_body(answer);
    char *to = call_put_head(head, id, call);
    if (answer->error_type != NULL) {
        to = put_text(to, "\r\nContent-Type: application/json\r\nLambda-Runtime-Function-Error-Type: ");
        to = put_text(to, answer->error_type);
    }
    to = put_text(to, "\r\nContent-Length: ");
    to = put_integer(to, (int64_t) body.size);
    to = put_text(to, "\r\n\r\n");
    struct iovec parts[] = {
        {head, (size_t) (to - head)}, {(char *) body.data, body.size}, {next_request, next_request_bytes}};
    return http_send(parts, then_next ? 3 : 2);
}

static bool request_next(void) {
    struct iovec part = {next_request, next_request_bytes};
    return http_send(&part, 1);
}

/* The platform hung up, or will, and what was asked for is lost: asks again on a new connection. */
static bool reconnect(void) {
    return http_connect(api_address) && request_next();
}

static void report_status(const char *what, int status) {
    char text[24];
    *put_integer(text, status) = 0;
    complain(what, text);
}

/*
 * Reads the platform's verdict on a posted answer. Refusals (a late answer, one that is too large) are no reason to
 * end: the next event comes all the same. 5xx is: "the runtime should exit promptly".
 */
static bool finish_post(bool sent) {
    struct http_answer verdict;
    if (http_read(&verdict) != HTTP_DONE) {
        complain("the connection ended instead of accepting an answer", "");
        return false;
    }
    if (verdict.status >= 300) {
        report_status("the answer was refused with status ", verdict.status);
    }
    if (verdict.status >= 500) {
        return false;
    }
    return sent && !verdict.closes ? true : reconnect();
}

int thaw_post(const char *id, struct thaw_bytes body) {
    struct thaw_answer answer = {.body = body};
    struct http_answer verdict;
    bool sent = post(id, "/response", &answer, false);
    return sent && http_read(&verdict) == HTTP_DONE ? verdict.status : -1;
}

/* Adds _X_AMZN_TRACE_ID, whose value then changes in place, to the environment. */
static void add_trace_variable(void) {
    static char *variables[VARIABLES];
    size_t count = 0;
    while (environ[count] != NULL && count < VARIABLES - 2) {
        variables[count] = environ[count];
        count++;
    }
    variables[count] = trace_variable;
    environ = variables;
}

static void publish_trace(struct thaw_bytes trace_id) {
    size_t bytes = trace_id.size < TRACE_BYTES ? trace_id.size : TRACE_BYTES;
    char *value = trace_variable + sizeof TRACE_VARIABLE - 1;
    if (bytes > 0) {
        memcpy(value, trace_id.data, bytes);
    }
    value[bytes] = 0;
}

static bool make_event(const struct http_answer *answer, struct thaw_event *event) {
    struct thaw_bytes id = http_header(answer, HTTP_REQUEST_ID);
    if (id.size == 0 || id.size >= sizeof request_id) {
        complain("the event has no usable Lambda-Runtime-Aws-Request-Id", "");
        return false;
    }
    memcpy(request_id, id.data, id.size);
    request_id[id.size] = 0;
    struct thaw_bytes deadline = http_header(answer, HTTP_DEADLINE_MS);
    event->body = answer->body;
    event->request_id = request_id;
    event->deadline_epoch_ms = deadline.size == 0 ? 0 : parse_integer(deadline.data, deadline.size);
    event->function_arn = http_header(answer, HTTP_FUNCTION_ARN);
    event->trace_id = http_header(answer, HTTP_TRACE_ID);
    publish_trace(event->trace_id);
    return true;
}

/* Waits for an event, as long as it takes. Returns HTTP_CLOSED if the platform closed the idle connection. */
static enum http_result await_event(struct http_answer *answer) {
    for (int attempt = 1;; attempt++) {
        enum http_result result = http_read(answer);
        if (result != HTTP_DONE) {
            if (result == HTTP_BROKEN) {
                complain("the connection broke while waiting for an event", "");
            }
            return result;
        }
        if (answer->status == 200) {
            return HTTP_DONE;
        }
        report_status("the next event was refused with status ", answer->status);
        if (attempt == NEXT_ATTEMPTS || !(answer->closes ? reconnect() : request_next())) {
            return HTTP_BROKEN;
        }
    }
}

static int serve(const struct thaw_function *function) {
    struct http_answer answer;
    if (!request_next()) {
        complain("cannot ask for the first event", "");
        return 1;
    }
    for (;;) {
        enum http_result result = await_event(&answer);
        struct thaw_event event;
        if (result != HTTP_DONE || !make_event(&answer, &event)) {
            return result == HTTP_CLOSED ? 0 : 1;
        }
        closes = answer.closes;
        struct thaw_answer reply = function->handle(&event);
        if (reply.withheld) {
            if (!(closes ? reconnect() : request_next())) {
                return 1;
            }
            continue;
        }
        if (reply.streamed) { /* on this connection, which ends with it */
            if (!finish_post(false)) {
                return 1;
            }
            continue;
        }
        if (!call_ready()) {
            return 1;
        }
        if (!finish_post(post(request_id, reply.error_type == NULL ? "/response" : "/error", &reply, true))) {
            return 1;
        }
    }
}

static int fail(const char *call, const struct thaw_answer *error) {
    struct http_answer verdict;
    complain(error->error_type, "");
    if (post(NULL, call, error, false)) {
        http_read(&verdict);
    }
    return 1;
}

/* While this waits the environment becomes a snapshot, and each that goes on from it returns from here. */
static bool await_restore(void) {
    char request[REQUEST_BYTES];
    char *to = put_text(put_text(request, "GET "), api_prefix);
    to = put_text(to, "/2018-06-01/runtime/restore/next HTTP/1.1\r\nHost: ");
    to = put_text(put_text(to, api_address), "\r\n\r\n");
    struct iovec part = {request, (size_t) (to - request)};
    struct http_answer answer;
    return http_send(&part, 1) && http_read(&answer) == HTTP_DONE && answer.status == 200;
}

static bool has_hooks(const struct thaw_function *function) {
    const char *type = sys_variable("AWS_LAMBDA_INITIALIZATION_TYPE");
    return (function->before_checkpoint != NULL || function->after_restore != NULL) && type != NULL
            && strcmp(type, "snap-start") == 0;
}

/* 0, or the exit status. */
static int run_hooks(const struct thaw_function *function) {
    struct thaw_answer done = {0};
    if (function->before_checkpoint != NULL) {
        done = function->before_checkpoint();
    }
    if (done.error_type != NULL) {
        return fail("init/error", &done);
    }
    if (!await_restore()) {
        complain("nothing was restored", "");
        return 1;
    }
    if (function->after_restore != NULL) {
        done = function->after_restore();
    }
    return done.error_type == NULL ? 0 : fail("restore/error", &done);
}

static const struct thaw_function *find(const struct thaw_function *functions, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

int thaw_run(const struct thaw_function *functions, size_t count) {
    const char *api = sys_variable("AWS_LAMBDA_RUNTIME_API");
    const char *handler = sys_variable("_HANDLER");
    if (api == NULL || !prepare(api)) {
        complain("AWS_LAMBDA_RUNTIME_API: need host:port", "");
        return 1;
    }
    if (!http_connect(api_address)) { /* before anything else: it tells the platform that the runtime is up */
        complain("cannot connect to ", api_address);
        return 1;
    }
    const struct thaw_function *function = find(functions, count, handler == NULL ? "" : handler);
    if (function == NULL) {
        struct thaw_answer error = thaw_error("Runtime.NoSuchHandler", "_HANDLER names no function of this bootstrap");
        return fail("init/error", &error);
    }
    add_trace_variable();
    struct thaw_answer ready = function->init == NULL ? (struct thaw_answer) {0} : function->init();
    if (ready.error_type != NULL) {
        return fail("init/error", &ready);
    }
    int failed = has_hooks(function) ? run_hooks(function) : 0;
    return failed == 0 ? serve(function) : failed;
}
