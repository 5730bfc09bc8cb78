package dev.thaw.scheduler.core;

/**
 * Idle environments in order of use: of each function the last used first, provisioned ones before the others and those that
 * must init again at the end; of each host, the evictable ones, the last used last.
 *
 * <p>Threading: the scheduler's.
 */
final class IdleLists {
    private static final int NONE = -1;
    /** Lists of one function, at {@code functionId * 3}, in the order of preference. */
    private static final int PROVISIONED = 0;

    private static final int READY = 1;
    private static final int STOPPED = 2;
    private static final int LISTS_PER_FUNCTION = 3;

    final SlotLists byFunction = new SlotLists();
    final SlotLists byHost = new SlotLists();
    private final EnvironmentTable table;

    IdleLists(EnvironmentTable table) {
        this.table = table;
    }

    void ensureHost(int hostId) {
        byHost.ensureLists(hostId + 1);
    }

    void ensureFunction(int functionId) {
        byFunction.ensureLists((functionId + 1) * LISTS_PER_FUNCTION);
    }

    void ensureSlot(int slot) {
        byFunction.ensureSlot(slot);
        byHost.ensureSlot(slot);
    }

    /** The function's first, or -1. */
    @HotPath
    int first(int functionId) {
        return first(functionId, PROVISIONED);
    }

    /** The next of the same function, or -1. */
    @HotPath
    int next(int slot) {
        int next = byFunction.next(slot);
        return next != NONE ? next : first(table.functionOf(slot), kindOf(slot) + 1);
    }

    /** The first of the function's lists, from {@code list} on. */
    @HotPath
    private int first(int functionId, int list) {
        int first = NONE;
        for (int next = list; first == NONE && next < LISTS_PER_FUNCTION; next++) {
            first = byFunction.first(functionId * LISTS_PER_FUNCTION + next);
        }
        return first;
    }

    /** The host's least recently used evictable one, or -1. */
    int leastRecent(int hostId) {
        return byHost.first(hostId);
    }

    /** The next more recently used of the same host, or -1. */
    int nextMoreRecent(int slot) {
        return byHost.next(slot);
    }

    /** The list of {@link #byFunction} that the environment belongs to as it is now. */
    @HotPath
    int listOf(int slot) {
        return table.functionOf(slot) * LISTS_PER_FUNCTION + kindOf(slot);
    }

    @HotPath
    private int kindOf(int slot) {
        if (table.isProvisioned(slot)) {
            return PROVISIONED;
        }
        return table.state(slot) == EnvironmentState.STOPPED ? STOPPED : READY;
    }
}
