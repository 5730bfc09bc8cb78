#include "json.h"

#include "../sys/sys.h"

#include <string.h>

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
        at++;
    }
    return at;
}

/* After the closing quote of the string that starts at `at`, or the end. */
static const char *skip_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\') {
            at++;
        }
    }
    return at < end ? at + 1 : end;
}

static const char *skip_value(const char *at, const char *end) {
    for (int depth = 0; at < end;) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ']')) {
            return at;
        }
        depth += *at == '{' || *at == '[' ? 1 : *at == '}' || *at == ']' ? -1 : 0;
        at++;
    }
    return at;
}

struct thaw_bytes json_member(struct thaw_bytes object, const char *name) {
    const struct thaw_bytes none = {NULL, 0};
    const char *end = object.data + object.size;
    const char *at = skip_space(object.data, end);
    if (at == end || *at++ != '{') {
        return none;
    }
    for (;;) {
        const char *key = at = skip_space(at, end);
        if (at == end || *at != '"') {
            return none;
        }
        const char *key_end = skip_string(at, end);
        at = skip_space(key_end, end);
        if (at == end || *at++ != ':') {
            return none;
        }
        const char *value = skip_space(at, end);
        at = skip_value(value, end);
        if ((size_t) (key_end - key) == strlen(name) + 2 && memcmp(key + 1, name, strlen(name)) == 0) {
            return (struct thaw_bytes) {value, (size_t) (at - value)};
        }
        if (at == end || *at++ != ',') {
            return none;
        }
    }
}

int64_t json_integer(struct thaw_bytes object, const char *name, int64_t fallback) {
    struct thaw_bytes value = json_member(object, name);
    if (value.size == 0) {
        return fallback;
    }
    const char *end = value.data + value.size;
    const char *at = value.data;
    while (at < end && ((*at >= '0' && *at <= '9') || *at == '.')) {
        at++;
    }
    return skip_space(at, end) == end ? parse_integer(value.data, value.size) : -1;
}

bool json_string(struct thaw_bytes object, const char *name, char *to, size_t room) {
    struct thaw_bytes value = json_member(object, name);
    while (value.size > 0 && value.data[value.size - 1] != '"') {
        value.size--;
    }
    if (value.size < 2 || value.data[0] != '"' || value.size - 2 >= room || memchr(value.data, '\\', value.size)) {
        return false;
    }
    memcpy(to, value.data + 1, value.size - 2);
    to[value.size - 2] = 0;
    return true;
}
