package dev.thaw.scheduler.events.source;

/**
 * One item of a source.
 *
 * @param id by which a function names it among its batch: a message's id, a record's sequence number
 * @param handle by which its source knows it
 * @param epochMs when its source got it
 * @param traceId trace header that it came with; empty for none
 * @param json its record in the function's event
 */
@SuppressWarnings("ArrayRecordComponent") // bytes in, bytes out; never compared
record SourceItem(String id, String handle, long epochMs, String traceId, byte[] json) {
    SourceItem(String id, String handle, long epochMs, byte[] json) {
        this(id, handle, epochMs, "", json);
    }
}
