/* What the parts of the runtime client share. */
#ifndef THAW_CALL_H
#define THAW_CALL_H

#include "runtime.h"

#include <stdbool.h>

/* The head of a POST up to and with the Host's value; `id` NULL: a call that belongs to no invocation. */
char *call_put_head(char *to, const char *id, const char *call);

/* Makes sure that there is a connection to send on: the one that brought the event may be about to close. */
bool call_ready(void);

/* {"errorMessage":..,"errorType":..,"stackTrace":[]}, in a static buffer of less than 4 KiB. */
struct thaw_bytes call_error_body(const struct thaw_answer *error);

#endif
