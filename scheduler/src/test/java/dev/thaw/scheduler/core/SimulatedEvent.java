package dev.thaw.scheduler.core;

/** Something that a simulated environment will tell the scheduler, unless a command calls it off. */
final class SimulatedEvent implements Comparable<SimulatedEvent> {
    enum Kind {
        SANDBOX_CREATED,
        EXTENSIONS_STARTING,
        EXTENSIONS_REGISTERED,
        RUNTIME_CONNECTED,
        READY,
        INIT_FAILED,
        RESPONSE,
        RUNTIME_EXIT,
        THAWED,
        RESET,
        DESTROYED
    }

    final long atNs;
    final long order;
    final SimulatedEnvironment environment;
    final Kind kind;
    boolean cancelled;

    SimulatedEvent(long atNs, long order, SimulatedEnvironment environment, Kind kind) {
        this.atNs = atNs;
        this.order = order;
        this.environment = environment;
        this.kind = kind;
    }

    @Override
    public int compareTo(SimulatedEvent other) {
        int byTime = Long.compare(atNs, other.atNs);
        return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(order);
    }
}
