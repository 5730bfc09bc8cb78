package dev.thaw.scheduler.live;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long extensions went on working after the runtime had answered (PostRuntimeExtensionsDuration), by version.
 * Touched only by functions that have extensions.
 *
 * <p>Threading: safe on any thread.
 */
final class ExtensionTimes {
    private static final double NS_PER_MS = 1e6;

    private final Map<String, Times> byVersion = new ConcurrentHashMap<>();

    private record Times(LongAdder runs, LongAdder ns) {}

    void add(String name, String version, long durationNs) {
        Times times = byVersion.computeIfAbsent(name + ':' + version, _ -> new Times(new LongAdder(), new LongAdder()));
        times.runs.increment();
        times.ns.add(durationNs);
    }

    long runs(String name, String version) {
        Times times = byVersion.get(name + ':' + version);
        return times == null ? 0 : times.runs.sum();
    }

    double totalMs(String name, String version) {
        Times times = byVersion.get(name + ':' + version);
        return times == null ? 0 : times.ns.sum() / NS_PER_MS;
    }
}
