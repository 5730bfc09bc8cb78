#include "sys.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

static void *checked(long result) {
    return result < 0 && result > -4096 ? NULL : (void *) result;
}

void *sys_pages(size_t bytes) {
    return checked(SYS_6(mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

void *sys_grow_pages(void *pages, size_t bytes, size_t grown_bytes) {
    return checked(SYS_4(mremap, pages, bytes, grown_bytes, MREMAP_MAYMOVE));
}

void sys_prefer_large_pages(void *pages, size_t bytes) {
    SYS_3(madvise, pages, bytes, 14 /* MADV_HUGEPAGE */);
}

void sys_free_pages(void *pages, size_t bytes) {
    if (pages != NULL) {
        SYS_2(munmap, pages, bytes);
    }
}

int64_t sys_clock_ns(int clock) {
    struct timespec now = {0};
    SYS_2(clock_gettime, clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

const char *sys_variable(const char *name) {
    size_t name_bytes = strlen(name);
    for (char **variable = environ; *variable != NULL; variable++) {
        if (strncmp(*variable, name, name_bytes) == 0 && (*variable)[name_bytes] == '=') {
            return *variable + name_bytes + 1;
        }
    }
    return NULL;
}

char *put_integer(char *to, int64_t number) {
    char digits[20];
    size_t count = 0;
    uint64_t left = number < 0 ? 0 - (uint64_t) number : (uint64_t) number;
    if (number < 0) {
        *to++ = '-';
    }
    do {
        digits[count++] = (char) ('0' + left % 10);
        left /= 10;
    } while (left > 0);
    while (count > 0) {
        *to++ = digits[--count];
    }
    return to;
}

int64_t parse_integer(const char *text, size_t size) {
    int64_t number = -1;
    for (size_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; i++) {
        number = (number < 0 ? 0 : number) * 10 + (text[i] - '0');
        if (number > 1000000000000000) {
            return -1;
        }
    }
    return number;
}
