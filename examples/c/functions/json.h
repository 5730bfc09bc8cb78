/* Looks up members of a JSON object, just enough for the events of the examples. */
#ifndef THAW_JSON_H
#define THAW_JSON_H

#include "../runtime/runtime.h"

#include <stdbool.h>

/* The text of the value of a top-level member; size 0 if the text is no object or has no such member. */
struct thaw_bytes json_member(struct thaw_bytes object, const char *name);

/*
 * A member that is a number without an exponent; its fraction is cut. `fallback` if it is absent, -1 if it is negative,
 * over 1e15 or no such number.
 */
int64_t json_integer(struct thaw_bytes object, const char *name, int64_t fallback);

/* Copies a member that is a string without escapes into `to`. False if it is absent, no such string or too long. */
bool json_string(struct thaw_bytes object, const char *name, char *to, size_t room);

#endif
