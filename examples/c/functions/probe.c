/* The function that misbehaves on request, for tests of the platform. README.md lists what "do" may say. */
#include "../sys/sys.h"
#include "burn.h"
#include "functions.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum { MIB = 1 << 20, PAGE_BYTES = 4096, MAX_BIG_BYTES = 64 * MIB, LINE_BYTES = 80, INIT_EXIT_CODE = 7 };

static char json[8192];

static struct thaw_answer answer_up_to(const char *end) {
    return (struct thaw_answer) {.body = {json, (size_t) (end - json)}};
}

static struct thaw_answer file_error(void) {
    return thaw_error("Function.ProbeFile", "a file in /tmp cannot be written");
}

static struct thaw_answer invalid(const char *message) {
    return thaw_error("Function.InvalidEvent", message);
}

static struct thaw_answer one_number(const char *name, int64_t number) {
    char *to = put_text(json, "{\"");
    to = put_text(to, name);
    to = put_integer(put_text(to, "\":"), number);
    return answer_up_to(put_text(to, "}"));
}

static void hang(void) {
    for (;;) {
        sleep_for_ns(3600 * 1000000000LL);
    }
}

#define DATA_FILE "/probe-data"
#define INIT_FILE "/probe-init"

/* Where the name is: in TMPDIR, or /tmp. Valid until the next call. */
static const char *tmp_path(const char *name) {
    static char path[512];
    const char *directory = sys_variable("TMPDIR");
    if (directory == NULL || strlen(directory) > sizeof path - 32) {
        directory = "/tmp";
    }
    *put_text(put_text(path, directory), name) = 0;
    return path;
}

static int open_file(const char *name, int flags) {
    return (int) SYS_4(openat, AT_FDCWD, tmp_path(name), flags | O_CLOEXEC, 0600);
}

/* ---- init ---- */

/* exit, error, hang, sleep:MS, spin:US; anything else does nothing. */
static struct thaw_answer misbehave_in_init(const char *how) {
    if (strcmp(how, "exit") == 0) {
        sys_exit(INIT_EXIT_CODE);
    }
    if (strcmp(how, "error") == 0) {
        return thaw_error("Function.ProbeInit", "init fails because it was told to");
    }
    if (strcmp(how, "hang") == 0) {
        hang();
    }
    if (strncmp(how, "sleep:", 6) == 0) {
        sleep_for_ns(parse_integer(how + 6, strlen(how + 6)) * 1000000);
    }
    if (strncmp(how, "spin:", 5) == 0) {
        burn_until(thread_cpu_ns() + parse_integer(how + 5, strlen(how + 5)) * 1000);
    }
    return (struct thaw_answer) {0};
}

/* Takes the marker of init-fail-next away, so that only one init fails. */
static bool take_marker(char *how, size_t room) {
    int file = open_file(INIT_FILE, O_RDONLY);
    if (file < 0) {
        return false;
    }
    long bytes = SYS_3(read, file, how, room - 1);
    how[bytes > 0 ? bytes : 0] = 0;
    SYS_1(close, file);
    SYS_3(unlinkat, AT_FDCWD, tmp_path(INIT_FILE), 0);
    return true;
}

struct thaw_answer probe_init(void) {
    char how[64];
    const char *always = sys_variable("THAW_INIT");
    if (take_marker(how, sizeof how)) {
        return misbehave_in_init(how);
    }
    return misbehave_in_init(always == NULL ? "" : always);
}

static struct thaw_answer init_fail_next(const struct thaw_event *event) {
    char how[64] = "exit";
    json_string(event->body, "how", how, sizeof how);
    int file = open_file(INIT_FILE, O_WRONLY | O_CREAT | O_TRUNC);
    long written = file < 0 ? file : SYS_3(write, file, how, strlen(how));
    SYS_1(close, file);
    return written < 0 ? file_error() : thaw_text("{\"armed\":true}");
}

/* ---- ends of the process and of the invocation ---- */

static struct thaw_answer do_exit(const struct thaw_event *event) {
    sys_exit((int) json_integer(event->body, "code", 0));
}

static struct thaw_answer do_error(const struct thaw_event *event) {
    static char type[128];
    static char message[512];
    if (!json_string(event->body, "type", type, sizeof type)) {
        memcpy(type, "Function.ProbeError", sizeof "Function.ProbeError");
    }
    if (!json_string(event->body, "message", message, sizeof message)) {
        memcpy(message, "failed because it was told to", sizeof "failed because it was told to");
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
    SYS_2(kill, SYS_0(getpid), SIGABRT);
    __builtin_trap(); /* process 1 of a namespace is immune to signals of its own, but not to this */
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
    char *memory = mib < 0 || mib > 65536 ? NULL : sys_pages((size_t) mib * MIB + 1);
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
    int file = mib < 0 ? -1 : open_file(DATA_FILE, O_WRONLY | O_CREAT | O_TRUNC);
    if (file < 0) {
        return file_error();
    }
    int64_t bytes = 0;
    long written = 0;
    while (bytes < mib * MIB && written >= 0) {
        written = SYS_3(write, file, block, MIB - (size_t) (bytes % MIB));
        bytes += written < 0 ? 0 : written;
    }
    SYS_1(close, file);
    if (written < 0 && written != -ENOSPC) {
        return file_error();
    }
    char *to = put_integer(put_text(json, "{\"writtenBytes\":"), bytes);
    return answer_up_to(put_text(to, written < 0 ? ",\"full\":true}" : ",\"full\":false}"));
}

static struct thaw_answer do_tmp_read(const struct thaw_event *event) {
    (void) event;
    int file = open_file(DATA_FILE, O_RDONLY);
    int64_t bytes = file < 0 ? -1 : SYS_3(lseek, file, 0, 2 /* SEEK_END */);
    SYS_1(close, file);
    return one_number("bytes", bytes);
}

/* ---- answers ---- */

/* A JSON string of exactly `bytes` bytes, quotes included. */
static struct thaw_answer do_big(const struct thaw_event *event) {
    static char *big;
    static size_t big_bytes;
    int64_t bytes = json_integer(event->body, "bytes", 2);
    if (bytes < 2 || bytes > MAX_BIG_BYTES) {
        return invalid("probe: need bytes in 2..67108864");
    }
    sys_free_pages(big, big_bytes);
    big_bytes = (size_t) bytes;
    big = sys_pages(big_bytes);
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
        sys_exit(3);
    }
    if (strcmp(then, "next") == 0) {
        return (struct thaw_answer) {.withheld = 1};
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
        long written = SYS_3(write, 1, line + LINE_BYTES - wanted, wanted);
        if (written < 0) {
            return thaw_error("Function.ProbeOutput", "standard output cannot be written");
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
    const char *trace = sys_variable("_X_AMZN_TRACE_ID");
    size_t arn_bytes = event->function_arn.size < 1024 ? event->function_arn.size : 1024;
    char *to = put_text(put_text(json, "{\"requestId\":\""), event->request_id);
    to = put_integer(put_text(to, "\",\"deadlineMs\":"), event->deadline_epoch_ms);
    to = put_text(to, ",\"functionArn\":\"");
    if (arn_bytes > 0) {
        memcpy(to, event->function_arn.data, arn_bytes);
    }
    to = put_text(to + arn_bytes, "\",\"traceId\":\"");
    return answer_up_to(put_text(put_text(to, trace == NULL ? "" : trace), "\"}"));
}

/* The value of an environment variable, or null. */
static struct thaw_answer do_env(const struct thaw_event *event) {
    char name[128] = "";
    json_string(event->body, "name", name, sizeof name);
    const char *value = sys_variable(name);
    if (value == NULL || strlen(value) > sizeof json - 2) {
        return thaw_text("null");
    }
    return answer_up_to(put_text(put_text(put_text(json, "\""), value), "\""));
}

/* ---- work that outlives the invocation ---- */

static volatile int64_t *ticks; /* shared with the process that counts */

_Noreturn static void tick(void) {
    SYS_2(prctl, PR_SET_PDEATHSIG, SIGKILL);
    SYS_3(close_range, 3, ~0U, 0); /* the connection is not its own */
    for (;;) {
        sleep_for_ns(1000000);
        ++*ticks;
    }
}

static struct thaw_answer do_background_read(const struct thaw_event *event) {
    (void) event;
    return one_number("ticks", ticks == NULL ? 0 : *ticks);
}

/* Starts, once, a process that adds 1 about every millisecond. */
static struct thaw_answer do_background(const struct thaw_event *event) {
    if (ticks == NULL) {
        long page = SYS_6(mmap, NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        ticks = (volatile int64_t *) page;
        long child = page < 0 && page > -PAGE_BYTES ? page : SYS_5(clone, SIGCHLD, 0, 0, 0, 0);
        if (child == 0) {
            tick();
        }
        if (child < 0) {
            ticks = NULL;
            return thaw_error("Function.ProbeProcess", "the process cannot be started");
        }
    }
    return do_background_read(event);
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
