/* Strings and bytes, for want of a C library. */
#ifndef THAW_TEXT_H
#define THAW_TEXT_H

#include "system.h"

/* A path or line of bounded length; what does not fit is cut off. */
typedef struct {
    char text[512];
    size_t length;
} line;

void *memcpy(void *restrict target, const void *restrict source, size_t count);
void *memmove(void *target, const void *source, size_t count);
void *memset(void *target, int value, size_t count);
size_t text_length(const char *text);
bool text_same(const char *a, const char *b);
/* Behind the prefix, or NULL where the text does not begin with it. */
const char *text_after(const char *text, const char *prefix);
uint64_t text_number(const char *digits);

/* Each returns its line, so that they chain. */
line *line_start(line *to, const char *text);
line *line_add(line *to, const char *text);
line *line_number(line *to, uint64_t number);

/* Reads a small file as text, its last newline cut off; empty where it cannot be read. */
void read_text(const char *path, char *text, size_t size);
/* Writes a word to a kernel file. */
long write_text(const char *path, const char *text);

#endif
