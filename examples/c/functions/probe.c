/* The function that misbehaves on request, for tests of the platform. README.md lists what "do" may say. */
#include "burn.h"
#include "functions.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MIB = 1 << 20, PAGE_BYTES = 4096, MAX_BIG_BYTES = 64 * MIB, LINE_BYTES = 80, INIT_EXIT_CODE = 7 };

#define DATA_FILE "/tmp/probe-data"
#define INIT_FILE "/tmp/probe-init"

static char json[4096];

static struct thaw_answer invalid(const char *message) {
    return thaw_error("Function.InvalidEvent", message);
}

static struct thaw_answer one_number(const char *name, int64_t number) {
    snprintf(json, sizeof json, "{\"%s\":%lld}", name, (long long) number);
    return thaw_text(json);
}

static void hang(void) {
    for (;;) {
        pause();
    }
}

/* ---- init ---- */

/* exit, error, hang, sleep:MS, spin:US; anything else does nothing. */
static struct thaw_answer misbehave_in_init(const char *how) {
    if (strcmp(how, "exit") == 0) {
        exit(INIT_EXIT_CODE);
    }
    if (strcmp(how, "error") == 0) {
        return thaw_error("Function.ProbeInit", "init fails because it was told to");
    }
    if (strcmp(how, "hang") == 0) {
        hang();
    }
    if (strncmp(how, "sleep:", 6) == 0) {
        sleep_for_ns(atoll(how + 6) * 1000000);
    }
    if (strncmp(how, "spin:", 5) == 0) {
        burn_until(thread_cpu_ns() + atoll(how + 5) * 1000);
    }
    return (struct thaw_answer) {0};
}

/* Takes the marker of init-fail-next away, so that only one init fails. */
static bool take_marker(char *how, size_t room) {
    int file = open(INIT_FILE, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    ssize_t bytes = read(file, how, room - 1);
    how[bytes > 0 ? bytes : 0] = 0;
    close(file);
    unlink(INIT_FILE);
    return true;
}

struct thaw_answer probe_init(void) {
    char how[64];
    const char *always = getenv("THAW_INIT");
    if (take_marker(how, sizeof how)) {
        return misbehave_in_init(how);
    }
    return misbehave_in_init(always == NULL ? "" : always);
}

static struct thaw_answer init_fail_next(const struct thaw_event *event) {
    char how[64] = "exit";
    json_string(event->body, "how", how, sizeof how);
    int file = open(INIT_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t written = file < 0 ? -1 : write(file, how, strlen(how));
    if (file >= 0) {
        close(file);
    }
    return written < 0 ? thaw_error("Function.ProbeTmp", strerror(errno)) : thaw_text("{\"armed\":true}");
}

/* ---- ends of the process and of the invocation ---- */

static struct thaw_answer do_exit(const struct thaw_event *event) {
    _exit((int) json_integer(event->body, "code", 0));
}

static struct thaw_answer do_error(const struct thaw_event *event) {
    static char type[128];
    static char message[512];
    if (!json_string(event->body, "type", type, sizeof type)) {
        strcpy(type, "Function.ProbeError");
    }
    if (!json_string(event->body, "message", message, sizeof message)) {
        strcpy(message, "failed because it was told to");
    }
    return thaw_error(type, message);
}

static struct thaw_answer do_hang(const struct thaw_event *event) {
    (void) event;
    hang();
    return thaw_text("null");
}

static struct thaw_answer do_abort(const struct thaw_event *event) {
    (void) event;
    abort();
}

static struct thaw_answer do_sleep(const struct thaw_event *event) {
    int64_t ms = json_integer(event->body, "ms", 0);
    if (ms < 0 || ms > 900000) {
        return invalid("probe: need ms in 0..900000");
    }
    return one_number("sleptUs", sleep_for_ns(ms * 1000000) / 1000);
}

/* ---- memory and files ---- */

static struct thaw_answer do_allocate(const struct thaw_event *event) {
    int64_t mib = json_integer(event->body, "mib", 1);
    char *memory = mib < 0 || mib > 65536 ? NULL : malloc((size_t) mib * MIB + 1);
    if (memory == NULL) {
        return invalid("probe: cannot allocate that many mib");
    }
    for (int64_t offset = 0; offset < mib * MIB; offset += PAGE_BYTES) {
        ((volatile char *) memory)[offset] = 1;
    }
    return one_number("allocatedMib", mib); /* never freed: that is the point */
}

static struct thaw_answer do_tmp_write(const struct thaw_event *event) {
    static char block[MIB];
    int64_t mib = json_integer(event->body, "mib", 1);
    int file = open(DATA_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || mib < 0) {
        return thaw_error("Function.ProbeTmp", strerror(errno));
    }
    int64_t bytes = 0;
    int error = 0;
    while (bytes < mib * MIB && error == 0) {
        ssize_t written = write(file, block, MIB - (size_t) (bytes % MIB));
        error = written < 0 ? errno : 0;
        bytes += written < 0 ? 0 : written;
    }
    close(file);
    snprintf(json, sizeof json, "{\"writtenBytes\":%lld,\"full\":%s}", (long long) bytes,
            error == ENOSPC ? "true" : "false");
    return error != 0 && error != ENOSPC ? thaw_error("Function.ProbeTmp", strerror(error)) : thaw_text(json);
}

static struct thaw_answer do_tmp_read(const struct thaw_event *event) {
    struct stat file;
    (void) event;
    return one_number("bytes", stat(DATA_FILE, &file) == 0 ? (int64_t) file.st_size : -1);
}

/* ---- answers ---- */

/* A JSON string of exactly `bytes` bytes, quotes included. */
static struct thaw_answer do_big(const struct thaw_event *event) {
    static char *big;
    int64_t bytes = json_integer(event->body, "bytes", 2);
    if (bytes < 2 || bytes > MAX_BIG_BYTES) {
        return invalid("probe: need bytes in 2..67108864");
    }
    free(big);
    big = malloc((size_t) bytes);
    if (big == NULL) {
        return invalid("probe: no memory for that many bytes");
    }
    memset(big, 'x', (size_t) bytes);
    big[0] = big[bytes - 1] = '"';
    return (struct thaw_answer) {.body = {big, (size_t) bytes}};
}

/* The first answer goes out here, the second by returning: the platform must refuse that one. */
static struct thaw_answer do_twice(const struct thaw_event *event) {
    int status = thaw_post(event->request_id, thaw_text("{\"answer\":1}").body);
    (void) status;
    return thaw_text("{\"answer\":2}");
}

/* Answers an id that is not its own, then ("then") its own with the status it got, nothing ("next"), or exits. */
static struct thaw_answer do_wrong_id(const struct thaw_event *event) {
    char id[128] = "00000000-0000-4000-8000-000000000000";
    char then[16] = "answer";
    json_string(event->body, "id", id, sizeof id);
    json_string(event->body, "then", then, sizeof then);
    int status = thaw_post(id, thaw_text("{\"answer\":\"stray\"}").body);
    if (strcmp(then, "exit") == 0) {
        _exit(3);
    }
    return one_number("status", status);
}

/* Exactly `bytes` bytes to standard output, in lines of 80. */
static struct thaw_answer do_print(const struct thaw_event *event) {
    int64_t bytes = json_integer(event->body, "bytes", LINE_BYTES);
    char line[LINE_BYTES];
    memset(line, '.', sizeof line);
    line[LINE_BYTES - 1] = '\n';
    for (int64_t left = bytes; left > 0;) {
        size_t wanted = left < LINE_BYTES ? (size_t) left : LINE_BYTES;
        ssize_t written = write(STDOUT_FILENO, line + LINE_BYTES - wanted, wanted);
        if (written < 0) {
            return thaw_error("Function.ProbeOutput", strerror(errno));
        }
        left -= written;
    }
    return one_number("printed", bytes);
}

static struct thaw_answer do_count(const struct thaw_event *event) {
    static int64_t count;
    (void) event;
    return one_number("count", ++count);
}

/* What the platform told: the event's headers. */
static struct thaw_answer do_context(const struct thaw_event *event) {
    const char *trace = getenv("_X_AMZN_TRACE_ID");
    snprintf(json, sizeof json,
            "{\"requestId\":\"%s\",\"deadlineMs\":%lld,\"functionArn\":\"%.*s\",\"traceId\":\"%s\"}",
            event->request_id, (long long) event->deadline_epoch_ms, (int) event->function_arn.size,
            event->function_arn.size > 0 ? event->function_arn.data : "", trace == NULL ? "" : trace);
    return thaw_text(json);
}

/* The value of an environment variable, or null. */
static struct thaw_answer do_env(const struct thaw_event *event) {
    char name[128] = "";
    json_string(event->body, "name", name, sizeof name);
    const char *value = getenv(name);
    if (value == NULL) {
        return thaw_text("null");
    }
    snprintf(json, sizeof json, "\"%s\"", value);
    return thaw_text(json);
}

/* ---- work that outlives the invocation ---- */

static volatile int64_t ticks;

static void *tick(void *unused) {
    for (;;) {
        sleep_for_ns(1000000);
        ticks++;
    }
    return unused;
}

static struct thaw_answer do_background(const struct thaw_event *event) {
    static bool started;
    pthread_t thread;
    (void) event;
    if (!started && pthread_create(&thread, NULL, tick, NULL) != 0) {
        return thaw_error("Function.ProbeThread", "the thread cannot be started");
    }
    started = true;
    return one_number("ticks", ticks);
}

static struct thaw_answer do_background_read(const struct thaw_event *event) {
    (void) event;
    return one_number("ticks", ticks);
}

struct thaw_answer probe_handle(const struct thaw_event *event) {
    static const struct {
        const char *name;
        struct thaw_answer (*act)(const struct thaw_event *event);
    } acts[] = {
        {"exit", do_exit},
        {"error", do_error},
        {"hang", do_hang},
        {"abort", do_abort},
        {"sleep", do_sleep},
        {"allocate", do_allocate},
        {"tmp-write", do_tmp_write},
        {"tmp-read", do_tmp_read},
        {"big", do_big},
        {"twice", do_twice},
        {"wrong-id", do_wrong_id},
        {"print", do_print},
        {"count", do_count},
        {"context", do_context},
        {"env", do_env},
        {"init-fail-next", init_fail_next},
        {"background", do_background},
        {"background-read", do_background_read},
    };
    char name[32];
    if (!json_string(event->body, "do", name, sizeof name)) {
        return invalid("probe: the event needs a \"do\"");
    }
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (strcmp(acts[i].name, name) == 0) {
            return acts[i].act(event);
        }
    }
    return invalid("probe: unknown \"do\"");
}
