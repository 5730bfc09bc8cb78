/* Responses that are streamed: chunks leave as they are written; a handler returns what thaw_stream_end returns. */
#ifndef THAW_STREAM_H
#define THAW_STREAM_H

#include "runtime.h"

#include <stdbool.h>

/* Begins the response to the event, which stays valid. False if the connection is gone. */
bool thaw_stream_begin(const struct thaw_event *event, const char *content_type);

/* Sends a part, and waits where the platform reads slowly. False if the connection is gone: the rest is for nobody. */
bool thaw_stream_write(struct thaw_bytes chunk);

/* Ends the response; error_type, unless NULL, says that it failed midway: the client gets it after the parts. */
struct thaw_answer thaw_stream_end(const char *error_type, const char *error_message);

#endif
