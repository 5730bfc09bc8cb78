package dev.thaw.loadgen.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bends a trace's values into what Lambda takes, and counts what was bent so that it can be said. */
final class TraceNotes {
    /** Lambda ends an invocation at 900 s (contract.md section 1); the handler needs a moment before and after. */
    static final int MAX_DURATION_US = 890_000_000;

    private double cutDurations;
    private int raisedMemories;
    private int loweredMemories;
    private int unknownMemories;
    private int unknownDurations;
    private long startedBefore;
    private final List<String> others = new ArrayList<>();

    int durationUs(double us) {
        if (us > MAX_DURATION_US) {
            cutDurations++;
            return MAX_DURATION_US;
        }
        return (int) Math.round(us);
    }

    /** The next whole MiB up, inside Lambda's bounds. */
    int memoryMib(double mib) {
        if (mib < TraceFunction.MIN_MEMORY_MIB) {
            raisedMemories++;
            return TraceFunction.MIN_MEMORY_MIB;
        }
        if (mib > TraceFunction.MAX_MEMORY_MIB) {
            loweredMemories++;
            return TraceFunction.MAX_MEMORY_MIB;
        }
        return (int) Math.ceil(mib);
    }

    void unknownMemory() {
        unknownMemories++;
    }

    void unknownDuration() {
        unknownDurations++;
    }

    void startedBefore() {
        startedBefore++;
    }

    /** So many invocations will be longer than is allowed, where they are not drawn one by one. */
    void cutDurations(double expected) {
        cutDurations += expected;
    }

    /** A line in its own words. */
    void say(String line) {
        others.add(line);
    }

    List<String> lines(int functions, TraceOptions options, BrokenRows broken) {
        List<String> lines = new ArrayList<>(others);
        add(lines, broken.count(), "%d broken rows left out");
        broken.named().forEach(line -> lines.add("left out: " + line));
        add(lines, raisedMemories, "memory of %d of " + functions + " functions raised to 128 MiB");
        add(lines, loweredMemories, "memory of %d of " + functions + " functions lowered to 10240 MiB");
        add(
                lines,
                unknownMemories,
                "memory of %d of " + functions + " functions not in the trace, taken as " + options.defaultMemoryMib()
                        + " MiB");
        add(
                lines,
                unknownDurations,
                "durations of %d functions not in the trace, taken as " + options.defaultDurationUs() + " us");
        add(lines, Math.round(cutDurations), "durations of %d invocations cut to 890 s");
        add(lines, startedBefore, "%d invocations started before the trace and are left out");
        return lines;
    }

    private static void add(List<String> lines, long count, String format) {
        if (count > 0) {
            lines.add(String.format(Locale.ROOT, format, count));
        }
    }
}
