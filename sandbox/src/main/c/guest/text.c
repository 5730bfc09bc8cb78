#include "text.h"

/* The compiler calls these three by their names. */

void *memcpy(void *restrict target, const void *restrict source, size_t count) {
    char *to = target;
    const char *from = source;
    for (; count >= sizeof(uint64_t); count -= sizeof(uint64_t)) {
        uint64_t word;
        __builtin_memcpy(&word, from, sizeof word);
        __builtin_memcpy(to, &word, sizeof word);
        from += sizeof word;
        to += sizeof word;
    }
    while (count-- > 0) {
        *to++ = *from++;
    }
    return target;
}

void *memmove(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    if (to < from) {
        for (size_t i = 0; i < count; i++) {
            to[i] = from[i];
        }
    } else {
        while (count-- > 0) {
            to[count] = from[count];
        }
    }
    return target;
}

void *memset(void *target, int value, size_t count) {
    char *to = target;
    while (count-- > 0) {
        *to++ = (char) value;
    }
    return target;
}

size_t text_length(const char *text) {
    size_t length = 0;
    while (text[length] != 0) {
        length++;
    }
    return length;
}

bool text_same(const char *a, const char *b) {
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const char *text_after(const char *text, const char *prefix) {
    while (*prefix != 0) {
        if (*text++ != *prefix++) {
            return NULL;
        }
    }
    return text;
}

uint64_t text_number(const char *digits) {
    uint64_t value = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) {
        value = value * 10 + (uint64_t) (*digits - '0');
    }
    return value;
}

line *line_start(line *to, const char *text) {
    to->length = 0;
    to->text[0] = 0;
    return line_add(to, text);
}

line *line_add(line *to, const char *text) {
    while (*text != 0 && to->length < sizeof to->text - 1) {
        to->text[to->length++] = *text++;
    }
    to->text[to->length] = 0;
    return to;
}

line *line_number(line *to, uint64_t number) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return line_add(to, digits + at);
}

void read_text(const char *path, char *text, size_t size) {
    int fd = (int) sys_open(path, O_RDONLY, 0);
    long count = fd < 0 ? 0 : sys_read(fd, text, size - 1);
    sys_close(fd);
    count = count < 0 ? 0 : count;
    if (count > 0 && text[count - 1] == '\n') {
        count--;
    }
    text[count] = 0;
}

long write_text(const char *path, const char *text) {
    int fd = (int) sys_open(path, O_WRONLY, 0);
    if (fd < 0) {
        return fd;
    }
    long result = sys_write(fd, text, text_length(text));
    sys_close(fd);
    return result;
}
