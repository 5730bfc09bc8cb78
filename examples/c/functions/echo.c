#include "functions.h"

/* Answers the event's bytes, from where they were received. */
struct thaw_answer echo_handle(const struct thaw_event *event) {
    return (struct thaw_answer) {.body = event->body};
}
