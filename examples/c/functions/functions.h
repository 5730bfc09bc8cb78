/* The example functions; README.md says what each does. */
#ifndef THAW_FUNCTIONS_H
#define THAW_FUNCTIONS_H

#include "../runtime/runtime.h"

struct thaw_answer echo_handle(const struct thaw_event *event);
struct thaw_answer hash_handle(const struct thaw_event *event);
struct thaw_answer dot_handle(const struct thaw_event *event);
struct thaw_answer kernel_handle(const struct thaw_event *event);
struct thaw_answer drip_handle(const struct thaw_event *event);
struct thaw_answer spin_init(void);
struct thaw_answer spin_handle(const struct thaw_event *event);
struct thaw_answer probe_init(void);
struct thaw_answer probe_handle(const struct thaw_event *event);
struct thaw_answer hooks_init(void);
struct thaw_answer hooks_before_checkpoint(void);
struct thaw_answer hooks_after_restore(void);
struct thaw_answer hooks_handle(const struct thaw_event *event);

#endif
