/* The function that tells what it has been through: its init, its snapshot, and what it was restored with. */
#include "../sys/sys.h"
#include "burn.h"
#include "functions.h"
#include "json.h"

#include <string.h>
#include <time.h>

enum { RANDOM_BYTES = 16 };

static char json[512];
static char kept[RANDOM_BYTES * 2 + 1]; /* from init: the same in every environment of a version */
static char fresh[RANDOM_BYTES * 2 + 1];
static int64_t inits;
static int64_t checkpoints;
static int64_t restores;
static int64_t checkpoint_ms;
static int64_t restore_ms;

static int64_t epoch_ms(void) {
    return sys_clock_ns(CLOCK_REALTIME) / 1000000;
}

static void draw(char *hex) {
    unsigned char bytes[RANDOM_BYTES] = {0};
    SYS_3(getrandom, bytes, sizeof bytes, 0);
    for (int i = 0; i < RANDOM_BYTES; i++) {
        *hex++ = "0123456789abcdef"[bytes[i] >> 4];
        *hex++ = "0123456789abcdef"[bytes[i] & 15];
    }
}

static void say(const char *line) {
    SYS_3(write, 1, line, strlen(line));
}

/* What THAW_HOOK says of a hook: HOOK:error, HOOK:exit, HOOK:hang. */
static struct thaw_answer misbehave(const char *hook) {
    const char *how = sys_variable("THAW_HOOK");
    size_t length = strlen(hook);
    if (how == NULL || strncmp(how, hook, length) != 0) {
        return (struct thaw_answer) {0};
    }
    if (strcmp(how + length, ":exit") == 0) {
        sys_exit(7);
    }
    while (strcmp(how + length, ":hang") == 0) {
        sleep_for_ns(3600 * 1000000000LL);
    }
    return thaw_error("Function.Hook", "a hook fails because it was told to");
}

struct thaw_answer hooks_init(void) {
    inits++;
    draw(kept);
    return (struct thaw_answer) {0};
}

struct thaw_answer hooks_before_checkpoint(void) {
    checkpoints++;
    checkpoint_ms = epoch_ms();
    say("before checkpoint\n");
    return misbehave("before");
}

struct thaw_answer hooks_after_restore(void) {
    restores++;
    restore_ms = epoch_ms();
    draw(fresh);
    say("after restore\n");
    return misbehave("after");
}

struct thaw_answer hooks_handle(const struct thaw_event *event) {
    const char *type = sys_variable("AWS_LAMBDA_INITIALIZATION_TYPE");
    sleep_for_ns(json_integer(event->body, "sleepMs", 0) * 1000000);
    char *to = put_integer(put_text(json, "{\"inits\":"), inits);
    to = put_integer(put_text(to, ",\"checkpoints\":"), checkpoints);
    to = put_integer(put_text(to, ",\"restores\":"), restores);
    to = put_integer(put_text(to, ",\"checkpointMs\":"), checkpoint_ms);
    to = put_integer(put_text(to, ",\"restoreMs\":"), restore_ms);
    to = put_text(put_text(to, ",\"kept\":\""), kept);
    to = put_text(put_text(to, "\",\"fresh\":\""), fresh);
    to = put_text(put_text(to, "\",\"type\":\""), type == NULL ? "" : type);
    to = put_text(to, "\"}");
    return (struct thaw_answer) {.body = {json, (size_t) (to - json)}};
}
