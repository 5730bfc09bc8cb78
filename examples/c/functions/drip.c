#include "../runtime/stream.h"
#include "../sys/sys.h"
#include "burn.h"
#include "functions.h"
#include "json.h"

#include <string.h>

enum { MOST_PARTS = 1000000, MOST_PART_BYTES = 65536, MOST_PAUSE_MS = 900000, TYPE_BYTES = 128 };

/* Streams "parts" parts of "bytes" letters each, "pauseMs" apart; "error" is the type with which it fails after them. */
struct thaw_answer drip_handle(const struct thaw_event *event) {
    static char letters[MOST_PART_BYTES];
    char error_type[TYPE_BYTES];
    int64_t parts = json_integer(event->body, "parts", 1);
    int64_t bytes = json_integer(event->body, "bytes", 1);
    int64_t pause_ms = json_integer(event->body, "pauseMs", 0);
    bool fails = json_string(event->body, "error", error_type, sizeof error_type);
    if (parts < 0 || parts > MOST_PARTS || bytes < 0 || bytes > MOST_PART_BYTES || pause_ms < 0
            || pause_ms > MOST_PAUSE_MS) {
        return thaw_error("Function.InvalidEvent", "drip: need parts in 0..1000000, bytes in 0..65536, pauseMs in 0..900000");
    }
    bool open = thaw_stream_begin(event, "text/plain");
    for (int64_t part = 0; open && part < parts; part++) {
        if (part > 0 && pause_ms > 0) {
            sleep_for_ns(pause_ms * 1000000);
        }
        memset(letters, 'a' + (int) (part % 26), (size_t) bytes);
        open = thaw_stream_write((struct thaw_bytes) {letters, (size_t) bytes});
    }
    return thaw_stream_end(fails ? error_type : NULL, "drip: failed after its last part, as it was told to");
}
