package dev.thaw.scheduler.events.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * One batch of one shard on its way: items are settled in their order, so nothing behind it starts before it is done
 * (contract.md section 18, "ESM batching"). A failing batch is tried again from its first failed item on, in halves where
 * that is asked for; what has been tried too often or has become too old is given up. Pure: time is an argument.
 *
 * <p>Choices: retries wait 1 s, doubling, up to 60 s; a half is tried at once and without counting the attempt that led to
 * it; a throttled attempt does not count either.
 */
final class StreamBatch {
    private static final long FIRST_WAIT_MS = 1_000;
    private static final long MAX_WAIT_MS = 60_000;
    private static final int MAX_DOUBLINGS = 6;

    /** Why items were given up; as the failure record's condition has it. */
    enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        RECORD_AGE_EXCEEDED("RecordAgeExceeded");

        private final String text;

        Condition(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** What is to be done with the batch now. */
    sealed interface Step {
        /** Invoke the function with these; then tell {@link #onResult} or {@link #onRefused}. */
        record Invoke(List<SourceItem> items) implements Step {}

        /** Nothing before then. */
        record Wait(long untilMs) implements Step {}

        /** These are given up: tell the failure target. */
        record GiveUp(List<SourceItem> items, Condition condition, int attempts) implements Step {}

        /** Every item is settled. */
        record Done() implements Step {}
    }

    private final StreamLimits limits;
    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(List<SourceItem> items, int attempts, int refusals, long notBeforeMs) {}

    StreamBatch(List<SourceItem> items, StreamLimits limits) {
        this.limits = limits;
        parts.add(new Part(items, 0, 0, Long.MIN_VALUE));
    }

    /** Decides; what is given up leaves the batch. */
    Step next(long nowMs) {
        Part part = parts.peek();
        if (part == null) {
            return new Step.Done();
        }
        int old = tooOld(part.items, nowMs);
        if (old > 0) {
            replace(from(part, old));
            return new Step.GiveUp(part.items.subList(0, old), Condition.RECORD_AGE_EXCEEDED, part.attempts);
        }
        if (limits.maxRetries() >= 0 && part.attempts > limits.maxRetries()) {
            parts.remove();
            return new Step.GiveUp(part.items, Condition.RETRY_ATTEMPTS_EXHAUSTED, part.attempts);
        }
        return part.notBeforeMs > nowMs ? new Step.Wait(part.notBeforeMs) : new Step.Invoke(part.items);
    }

    /** The function ran; {@code failed} are ids of items, empty for success. */
    void onResult(Set<String> failed, long nowMs) {
        Part part = parts.remove();
        if (failed.isEmpty()) {
            return;
        }
        int first = firstOf(part.items, failed);
        boolean whole = first == 0 && failed.size() == part.items.size();
        if (limits.bisects() && whole && part.items.size() > 1) {
            int half = part.items.size() / 2;
            parts.push(new Part(part.items.subList(half, part.items.size()), part.attempts, 0, nowMs));
            parts.push(new Part(part.items.subList(0, half), part.attempts, 0, nowMs));
            return;
        }
        int attempts = part.attempts + 1;
        List<SourceItem> rest = part.items.subList(first, part.items.size());
        parts.push(new Part(rest, attempts, 0, nowMs + waitMs(attempts)));
    }

    /** The function could not be called: throttled, or the system's fault. */
    void onRefused(long nowMs) {
        Part part = parts.remove();
        int refusals = part.refusals + 1;
        parts.push(new Part(part.items, part.attempts, refusals, nowMs + waitMs(refusals)));
    }

    private void replace(Part part) {
        parts.remove();
        if (!part.items.isEmpty()) {
            parts.push(part);
        }
    }

    private static Part from(Part part, int first) {
        List<SourceItem> rest = part.items.subList(first, part.items.size());
        return new Part(rest, part.attempts, part.refusals, part.notBeforeMs);
    }

    private int tooOld(List<SourceItem> items, long nowMs) {
        int old = 0;
        while (limits.maxAgeMs() >= 0
                && old < items.size()
                && nowMs - items.get(old).epochMs() > limits.maxAgeMs()) {
            old++;
        }
        return old;
    }

    private static int firstOf(List<SourceItem> items, Set<String> failed) {
        int first = 0;
        while (first < items.size() - 1 && !failed.contains(items.get(first).id())) {
            first++;
        }
        return first;
    }

    private static long waitMs(int tries) {
        return Math.min(MAX_WAIT_MS, FIRST_WAIT_MS << Math.min(tries - 1, MAX_DOUBLINGS));
    }
}
