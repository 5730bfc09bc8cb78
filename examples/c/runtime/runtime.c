#include "runtime.h"

#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID_BYTES = 256, TRACE_BYTES = 1024, REQUEST_BYTES = 1024, NEXT_ATTEMPTS = 3 };

#define TRACE_VARIABLE "_X_AMZN_TRACE_ID="

static char api_address[256];      /* host:port */
static char api_prefix[256];       /* what follows it in AWS_LAMBDA_RUNTIME_API, mostly nothing */
static char next_request[REQUEST_BYTES];
static size_t next_request_bytes;
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
    ssize_t ignored = writev(STDERR_FILENO, line, 4);
    (void) ignored;
}

/* Splits AWS_LAMBDA_RUNTIME_API ("host:port", perhaps with a path) and writes the one request that never changes. */
static bool prepare(const char *api) {
    size_t address_bytes = strcspn(api, "/");
    if (address_bytes >= sizeof api_address || strlen(api + address_bytes) >= sizeof api_prefix) {
        return false;
    }
    memcpy(api_address, api, address_bytes);
    strcpy(api_prefix, api + address_bytes);
    next_request_bytes = (size_t) snprintf(next_request, sizeof next_request,
            "GET %s/2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", api_prefix, api_address);
    return true;
}

/* Copies text to `to` as the inside of a JSON string, cut to the room there is. Returns the bytes written. */
static size_t escape(char *to, size_t room, const char *text) {
    size_t used = 0;
    for (; *text != 0 && used + 6 < room; text++) {
        unsigned char c = (unsigned char) *text;
        if (c == '"' || c == '\\') {
            to[used++] = '\\';
            to[used++] = (char) c;
        } else if (c < 0x20) {
            used += (size_t) snprintf(to + used, room - used, "\\u%04x", c);
        } else {
            to[used++] = (char) c;
        }
    }
    return used;
}

/* {"errorMessage":..,"errorType":..,"stackTrace":[]}, in a static buffer. */
static struct thaw_bytes error_body(const struct thaw_answer *error) {
    static char json[4096];
    size_t used = 0;
    const char *message = error->error_message == NULL ? "" : error->error_message;
    used += (size_t) sprintf(json, "{\"errorMessage\":\"");
    used += escape(json + used, 2048, message);
    used += (size_t) sprintf(json + used, "\",\"errorType\":\"");
    used += escape(json + used, 1024, error->error_type);
    used += (size_t) sprintf(json + used, "\",\"stackTrace\":[]}");
    return (struct thaw_bytes) {json, used};
}

static char *append(char *to, const char *text) {
    size_t bytes = strlen(text);
    memcpy(to, text, bytes);
    return to + bytes;
}

static char *append_size(char *to, size_t number) {
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) {
        *to++ = digits[--count];
    }
    return to;
}

/*
 * Sends POST {prefix}/2018-06-01/runtime{call} and, in the same write, the request for the next event if `then_next`:
 * the platform may answer the first while the second already waits, so a warm invocation costs one write and one read.
 */
static bool post(const char *id, const char *call, const struct thaw_answer *answer, bool then_next) {
    static char head[REQUEST_BYTES + ID_BYTES];
    struct thaw_bytes body = answer->error_type == NULL ? answer->body : error_body(answer);
    char *to = append(head, "POST ");
    to = append(to, api_prefix);
    to = append(to, "/2018-06-01/runtime/");
    if (id != NULL) {
        to = append(to, "invocation/");
        to = append(to, id);
    }
    to = append(to, call);
    to = append(to, " HTTP/1.1\r\nHost: ");
    to = append(to, api_address);
    if (answer->error_type != NULL) {
        to = append(to, "\r\nContent-Type: application/json\r\nLambda-Runtime-Function-Error-Type: ");
        to = append(to, answer->error_type);
    }
    to = append(to, "\r\nContent-Length: ");
    to = append_size(to, body.size);
    to = append(to, "\r\n\r\n");
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
    char text[64];
    snprintf(text, sizeof text, "%d", status);
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

static int64_t parse_epoch_ms(struct thaw_bytes digits) {
    int64_t number = 0;
    for (size_t i = 0; i < digits.size && digits.data[i] >= '0' && digits.data[i] <= '9' && i < 18; i++) {
        number = number * 10 + (digits.data[i] - '0');
    }
    return number;
}

/* The variable stays where putenv was given it: setenv would leak a copy per invocation. */
static void publish_trace(struct thaw_bytes trace_id) {
    size_t bytes = trace_id.size < TRACE_BYTES ? trace_id.size : TRACE_BYTES;
    char *value = trace_variable + sizeof TRACE_VARIABLE - 1;
    if (bytes > 0) {
        memcpy(value, trace_id.data, bytes);
    }
    value[bytes] = 0;
}

static bool make_event(const struct http_answer *answer, struct thaw_event *event) {
    struct thaw_bytes id = http_header(answer, "Lambda-Runtime-Aws-Request-Id");
    if (id.size == 0 || id.size >= sizeof request_id) {
        complain("the event has no usable Lambda-Runtime-Aws-Request-Id", "");
        return false;
    }
    memcpy(request_id, id.data, id.size);
    request_id[id.size] = 0;
    event->body = answer->body;
    event->request_id = request_id;
    event->deadline_epoch_ms = parse_epoch_ms(http_header(answer, "Lambda-Runtime-Deadline-Ms"));
    event->function_arn = http_header(answer, "Lambda-Runtime-Invoked-Function-Arn");
    event->trace_id = http_header(answer, "Lambda-Runtime-Trace-Id");
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
        bool closes = answer.closes;
        struct thaw_answer reply = function->handle(&event);
        if (closes && !http_connect(api_address)) {
            complain("cannot connect again to ", api_address);
            return 1;
        }
        if (!finish_post(post(request_id, reply.error_type == NULL ? "/response" : "/error", &reply, true))) {
            return 1;
        }
    }
}

static int fail_init(const struct thaw_answer *error) {
    struct http_answer verdict;
    complain(error->error_type, "");
    if (post(NULL, "init/error", error, false)) {
        http_read(&verdict);
    }
    return 1;
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
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    const char *handler = getenv("_HANDLER");
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
        return fail_init(&error);
    }
    putenv(trace_variable);
    struct thaw_answer ready = function->init == NULL ? (struct thaw_answer) {0} : function->init();
    return ready.error_type == NULL ? serve(function) : fail_init(&ready);
}
