#include "spec.h"

#include "text.h"

enum { KEPT_BYTES = 262144 };

static guest_spec spec;
static char kept[KEPT_BYTES];
static uint32_t kept_bytes;
static char *words[WORDS_MAX + 1];
static int word_count;
static const char *hidden[HIDDEN_MAX];
static int hidden_count;
static int variable_count;
static const char *complaint;

/* A copy that ends with a zero and lies on a word's boundary, or NULL. */
static char *keep(const char *value, uint32_t length) {
    if (kept_bytes + length + 8 > KEPT_BYTES) {
        complaint = "what the guest is to be takes more than 256 KiB";
        return NULL;
    }
    char *copy = kept + kept_bytes;
    memcpy(copy, value, length);
    copy[length] = 0;
    kept_bytes += (length + 8) & ~7U;
    return copy;
}

static uint64_t number_of(const char *value, uint32_t length) {
    uint64_t number = 0;
    memcpy(&number, value, length < sizeof number ? length : sizeof number);
    return number;
}

/* Cuts zero-ended words apart; NULL follows the last one. */
static char **cut(char *text, uint32_t length) {
    static char *none[3];
    char **first = words + word_count;
    for (uint32_t at = 0; at < length && word_count < WORDS_MAX; at += (uint32_t) text_length(text + at) + 1) {
        words[word_count++] = text + at;
    }
    if (word_count == WORDS_MAX) {
        complaint = "the guest's command lines have 8192 words or more";
        return none;
    }
    words[word_count++] = NULL;
    return first;
}

static void add_process(char **command, bool is_runtime) {
    if (is_runtime) {
        spec.runtime = command;
    } else if (spec.process_count == PROCESSES_MAX - 1) {
        complaint = "more than 63 extensions";
    } else {
        spec.processes[spec.process_count++] = command;
    }
}

static void add_mount(char **parts, bool is_device) {
    if (spec.mount_count == MOUNTS_MAX || parts[0] == NULL || parts[1] == NULL || (is_device && parts[2] == NULL)) {
        complaint = "a mount of the guest is none";
        return;
    }
    spec_mount *mount = &spec.mounts[spec.mount_count++];
    *mount = (spec_mount) {.is_device = is_device, .source = parts[0], .target = parts[1], .type = parts[2]};
}

static void add_text(spec_field field, char *text, uint32_t length) {
    switch (field) {
    case SPEC_HOST_NAME:
        spec.host_name = text;
        break;
    case SPEC_DIRECTORY:
        spec.directory = text;
        break;
    case SPEC_HIDDEN:
        if (hidden_count < HIDDEN_MAX) {
            hidden[hidden_count++] = text;
        }
        break;
    case SPEC_VARIABLE:
        if (variable_count == VARIABLES_MAX) {
            complaint = "more than 4096 variables";
        } else {
            spec.variables[variable_count++] = text;
        }
        break;
    case SPEC_FILTER:
        spec.filter = text;
        spec.filter_bytes = length;
        break;
    case SPEC_EXTENSION:
    case SPEC_RUNTIME:
        add_process(cut(text, length), field == SPEC_RUNTIME);
        break;
    default:
        add_mount(cut(text, length), field == SPEC_DEVICE);
    }
}

void spec_add(spec_field field, const char *value, uint32_t length) {
    switch (field) {
    case SPEC_USER:
        spec.user = (uint32_t) number_of(value, length);
        spec.group = (uint32_t) (number_of(value, length) >> 32);
        return;
    case SPEC_MEMORY:
        spec.memory_bytes = number_of(value, length);
        return;
    case SPEC_PROCESSES:
        spec.processes_max = (uint32_t) number_of(value, length);
        return;
    case SPEC_TMP:
        spec.tmp_bytes = number_of(value, length);
        return;
    default:
        break;
    }
    char *text = (int) field > (int) SPEC_FILTER ? NULL : keep(value, length);
    if (text != NULL) {
        add_text(field, text, length);
    } else if (complaint == NULL) {
        complaint = "a field of the guest's description is unknown here";
    }
}

static bool is_hidden(const char *variable) {
    for (int i = 0; i < hidden_count; i++) {
        const char *behind = text_after(variable, hidden[i]);
        if (behind != NULL && *behind == '=') {
            return true;
        }
    }
    return false;
}

const char *spec_finish(void) {
    int count = 0;
    for (int i = 0; i < variable_count; i++) {
        if (!is_hidden(spec.variables[i])) {
            spec.extension_variables[count++] = spec.variables[i];
        }
    }
    if (complaint == NULL && (spec.runtime == NULL || spec.runtime[0] == NULL)) {
        complaint = "the guest has no runtime to start";
    }
    if (complaint == NULL && (spec.directory == NULL || spec.user == 0 || spec.group == 0)) {
        complaint = "the guest's processes have no folder to start in, or are root's";
    }
    if (complaint == NULL) {
        spec.processes[spec.process_count++] = spec.runtime;
    }
    return complaint;
}

const guest_spec *spec_get(void) {
    return &spec;
}
