/* Turns the calling process, a fresh child, into the function's user in the function's root, with no way back. */
#ifndef THAW_CONFINE_H
#define THAW_CONFINE_H

#include "spec.h"

/* What the exit code says of a process of which nothing ran. */
enum { NOT_STARTED = 127 };

/* Does not return where anything fails. */
void confine(const char *root, const char *directory, const guest_spec *spec);
/* Says so on what is now standard error, and ends. */
_Noreturn void confine_failed(const char *what, const char *where);

#endif
