/* What a wake-up can be about, as epoll gives it back; streams come under their own numbers. */
#ifndef THAW_EVENTS_H
#define THAW_EVENTS_H

enum { EVENT_CHANNEL = 1000, EVENT_SIGNAL = 1001, EVENT_LISTENER = 1002 };

#endif
