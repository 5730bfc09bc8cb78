/*
 * Bytes of streams that wait: those that a connection's end does not take yet, at most a window; and those that went to
 * the host since the last ones came back, which are what a snapshot's heirs must ask again.
 */
#ifndef THAW_PENDING_H
#define THAW_PENDING_H

#include "system.h"

uint32_t pending_bytes(int stream);
void pending_add(int stream, const char *bytes, uint32_t count);
/* Writes once; what the kernel took, or a negated errno. */
long pending_write(int stream, int fd);
void pending_forget(int stream);

void asked_add(int stream, const char *bytes, uint32_t count);
/* NULL where they were more than are kept. */
const char *asked_bytes(int stream, uint32_t *count);
void asked_forget(int stream);

#endif
