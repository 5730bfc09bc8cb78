package dev.thaw.results;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A fault that a server can inject on purpose, and the phase in which it does so. An invocation's faults are a set, kept
 * as a number with one bit for each: new ones are added at the end.
 */
public enum InjectedFault {
    /** The runtime is started later. */
    DELAY_INIT("delay@init"),
    /** The runtime is killed as it starts. */
    CRASH_INIT("crash@init"),
    /** The runtime is not started before its init has timed out. */
    HANG_INIT("hang@init"),
    /** The environment's memory is filled while the runtime starts. */
    MEMORY_INIT("memory@init"),
    /** The event reaches the runtime later. */
    DELAY_INVOKE("delay@invoke"),
    /** The runtime is killed as its event comes. */
    CRASH_INVOKE("crash@invoke"),
    /** The event does not reach the runtime before the invocation has timed out. */
    HANG_INVOKE("hang@invoke"),
    /** The runtime's answer is read slowly. */
    SLOW_INVOKE("slow@invoke"),
    /** The environment's memory is filled as the event comes. */
    MEMORY_INVOKE("memory@invoke"),
    /** Runtime and extensions hear later that they are to end. */
    DELAY_SHUTDOWN("delay@shutdown"),
    /** Runtime and extensions do not hear of it, and are killed. */
    HANG_SHUTDOWN("hang@shutdown"),
    /** The runtime is killed after the first part of its streamed response. */
    CRASH_STREAM("crash@stream"),
    /** Nothing comes after the first part of a streamed response before the invocation has timed out. */
    HANG_STREAM("hang@stream");

    /** By ordinal. */
    static final InjectedFault[] ALL = values();
    /** Every fault at once. */
    static final int ALL_BITS = (1 << ALL.length) - 1;

    private final String key;

    InjectedFault(String key) {
        this.key = key;
    }

    /** Name in options, summaries and rows: {@code crash@invoke}. */
    public String key() {
        return key;
    }

    public int bit() {
        return 1 << ordinal();
    }

    public FaultPhase phase() {
        for (FaultPhase phase : FaultPhase.values()) {
            if (key.endsWith(phase.suffix)) {
                return phase;
            }
        }
        throw new IllegalStateException(key + " has no phase");
    }

    boolean isIn(int faults) {
        return (faults & bit()) != 0;
    }

    /** Every key, in order. */
    public static String keys() {
        return Stream.of(ALL).map(InjectedFault::key).collect(Collectors.joining(", "));
    }

    /** A set in words: {@code delay@init+crash@invoke}; empty for none. */
    static String words(int faults) {
        return Arrays.stream(ALL)
                .filter(each -> each.isIn(faults))
                .map(each -> each.key)
                .collect(Collectors.joining("+"));
    }
}
