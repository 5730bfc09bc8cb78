package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a first reading of a trace known by numbers for each step finds: its functions, and how much is in the window. */
final class StepSurvey {
    private static final int UNKNOWN = -1;

    private final TraceOptions options;
    private final TraceNotes notes = new TraceNotes();
    private final FunctionNames names = new FunctionNames();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<Found> functions = new ArrayList<>();
    private final Quantiles unknownDurationUs;
    private long invocations;
    private double zeroDurations;

    StepSurvey(TraceOptions options) {
        this.options = options;
        unknownDurationUs = Quantiles.constant(options.defaultDurationUs());
    }

    /** A function as found so far. */
    private static final class Found {
        final String name;
        final String source;
        final String application;
        final long stream;
        double memoryMib = Double.NaN;
        boolean durationUnknown;
        boolean invoked;

        Found(String name, String source, String application) {
            this.name = name;
            this.source = source;
            this.application = application;
            stream = Seeds.of(name);
        }
    }

    TraceNotes notes() {
        return notes;
    }

    /** The index of the function with this key, -1 where it has not been found. */
    int indexOf(String key) {
        return indexes.getOrDefault(key, UNKNOWN);
    }

    /** The index of a function, new or found before, that is called by these parts together. */
    int function(String key, String source, @Nullable String application, String... nameParts) {
        return indexes.computeIfAbsent(key, k -> {
            String name = names.add(nameParts);
            functions.add(new Found(name, source, application == null ? name : application));
            return functions.size() - 1;
        });
    }

    /** NaN where it is not known; of several, the largest. */
    void memory(int function, double mib) {
        Found found = functions.get(function);
        if (Double.isNaN(found.memoryMib) || mib > found.memoryMib) {
            found.memoryMib = mib;
        }
    }

    /** Invocations in the step that begins at {@code startNs}; null for unknown durations. */
    void add(int function, long startNs, long stepNs, int count, @Nullable Quantiles durationUs) {
        if (count == 0 || startNs >= options.windowNs()) {
            return;
        }
        Found found = functions.get(function);
        found.durationUnknown |= durationUs == null;
        Quantiles known = durationUs == null ? unknownDurationUs : durationUs;
        int inside = options.windowNs() - startNs >= stepNs
                ? count
                : drawnInside(found.stream, startNs, stepNs, count, known);
        found.invoked |= inside > 0;
        invocations += inside;
        zeroDurations += inside * known.shareUpTo(0.5);
        notes.cutDurations(inside * (1 - known.shareUpTo(TraceNotes.MAX_DURATION_US)));
    }

    /** The window ends inside the step: which arrivals are before its end is known only by drawing them. */
    private int drawnInside(long stream, long startNs, long stepNs, int count, Quantiles durationUs) {
        long[] offsetsNs = new long[count];
        StepCursor.draw(
                stream,
                startNs / stepNs,
                stepNs,
                count,
                durationUs,
                options,
                new TraceNotes(),
                offsetsNs,
                new int[count],
                0);
        int inside = 0;
        for (long offsetNs : offsetsNs) {
            inside += startNs + offsetNs < options.windowNs() ? 1 : 0;
        }
        return inside;
    }

    /** The trace of those functions that are invoked in the window; {@code lengthNs} is the whole trace's. */
    Trace toTrace(TraceFormat format, Path source, BrokenRows broken, long lengthNs, Supplier<StepSource> steps) {
        int[] dense = new int[functions.size()];
        long[] streams = new long[functions.size()];
        List<TraceFunction> kept = new ArrayList<>();
        for (int i = 0; i < dense.length; i++) {
            Found found = functions.get(i);
            streams[i] = found.stream;
            if (found.invoked) {
                dense[i] = kept.size();
                kept.add(toFunction(found));
            }
        }
        TraceSummary summary = new TraceSummary(
                format,
                source.toString(),
                kept.size(),
                invocations,
                options.runNs(Math.min(options.windowNs(), lengthNs)),
                Math.round(zeroDurations),
                broken.count(),
                notes.lines(kept.size(), options, broken));
        return new Trace(kept, summary, () -> new StepCursor(steps.get(), streams, dense, options));
    }

    private TraceFunction toFunction(Found found) {
        if (found.durationUnknown) {
            notes.unknownDuration();
        }
        int memoryMib;
        if (Double.isNaN(found.memoryMib)) {
            notes.unknownMemory();
            memoryMib = options.defaultMemoryMib();
        } else {
            memoryMib = notes.memoryMib(found.memoryMib);
        }
        return new TraceFunction(found.name, found.source, found.application, memoryMib, TraceFunction.UNKNOWN_INIT);
    }
}
