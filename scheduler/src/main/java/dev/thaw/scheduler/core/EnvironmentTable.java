package dev.thaw.scheduler.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All environments by slot, as parallel arrays. A slot is used again only after its environment is gone, under a new
 * generation, so that events of the old one are told apart. Grows by doubling on the cold path.
 */
final class EnvironmentTable {
    static final int NONE = -1;
    private static final int FIRST_CAPACITY = 64;

    private final int[] stateCounts = new int[EnvironmentState.values().length];

    private long[] ids = new long[0];
    private EnvironmentState[] states = new EnvironmentState[0];
    private int[] functionIds = new int[0];
    private int[] hostIds = new int[0];
    private int[] nextFree = new int[0];
    private long[] idleSinceNs = new long[0];
    private long[] expiryNs = new long[0];
    private boolean[] served = new boolean[0];
    private boolean[] provisioned = new boolean[0];
    private @Nullable Invocation[] invocations = new @Nullable Invocation[0];
    private int size;
    private int firstFree = NONE;
    private int inUse;

    /** Takes a slot in {@link EnvironmentState#PENDING} under an id never used before. */
    int allocate(int functionId, int hostId) {
        int slot = firstFree == NONE ? addSlot() : firstFree;
        firstFree = nextFree[slot];
        ids[slot] += 1L << 32;
        functionIds[slot] = functionId;
        hostIds[slot] = hostId;
        served[slot] = false;
        provisioned[slot] = false;
        inUse++;
        transition(slot, EnvironmentState.PENDING);
        return slot;
    }

    void free(int slot) {
        transition(slot, EnvironmentState.FREE);
        invocations[slot] = null;
        nextFree[slot] = firstFree;
        firstFree = slot;
        inUse--;
    }

    /** The slot of an environment that exists, or -1 where the id is of one that is gone or never was. */
    @HotPath
    int find(long environmentId) {
        int slot = Scheduler.slotOf(environmentId);
        boolean known = slot >= 0
                && slot < size
                && ids[slot] == environmentId
                && states[slot] != EnvironmentState.FREE
                && states[slot] != EnvironmentState.PENDING;
        return known ? slot : NONE;
    }

    @HotPath
    void transition(int slot, EnvironmentState next) {
        stateCounts[states[slot].ordinal()]--;
        stateCounts[next.ordinal()]++;
        states[slot] = next;
    }

    @HotPath
    EnvironmentState state(int slot) {
        return states[slot];
    }

    @HotPath
    int count(EnvironmentState state) {
        return stateCounts[state.ordinal()];
    }

    @HotPath
    long id(int slot) {
        return ids[slot];
    }

    @HotPath
    int functionOf(int slot) {
        return functionIds[slot];
    }

    @HotPath
    int hostOf(int slot) {
        return hostIds[slot];
    }

    /** The invocation at work in it, or while it starts or resets the one that counts on it. */
    @HotPath
    @Nullable
    Invocation invocation(int slot) {
        return invocations[slot];
    }

    /** As {@link #invocation}, where the state says that there is one. */
    @HotPath
    Invocation requireInvocation(int slot) {
        Invocation invocation = invocations[slot];
        if (invocation == null) {
            throw new IllegalStateException("environment " + ids[slot] + " is " + states[slot] + " without invocation");
        }
        return invocation;
    }

    @HotPath
    void setInvocation(int slot, @Nullable Invocation invocation) {
        invocations[slot] = invocation;
    }

    /** An invocation was handed to this environment at least once. */
    @HotPath
    boolean hasServed(int slot) {
        return served[slot];
    }

    @HotPath
    void markServed(int slot) {
        served[slot] = true;
    }

    /** It belongs to its function's provisioned concurrency. */
    @HotPath
    boolean isProvisioned(int slot) {
        return provisioned[slot];
    }

    void setProvisioned(int slot, boolean isProvisioned) {
        provisioned[slot] = isProvisioned;
    }

    /** When it last became idle; before the first time, when it was created. */
    @HotPath
    long idleSinceNs(int slot) {
        return idleSinceNs[slot];
    }

    @HotPath
    void setIdleSinceNs(int slot, long nowNs) {
        idleSinceNs[slot] = nowNs;
    }

    @HotPath
    long expiryNs(int slot) {
        return expiryNs[slot];
    }

    @HotPath
    void setExpiryNs(int slot, long deadlineNs) {
        expiryNs[slot] = deadlineNs;
    }

    /** Slots ever used; all slots are below. */
    int size() {
        return size;
    }

    /** Slots in use now, promised ones included. */
    int inUse() {
        return inUse;
    }

    private int addSlot() {
        if (size == ids.length) {
            grow(Math.max(FIRST_CAPACITY, size * 2));
        }
        int slot = size++;
        ids[slot] = slot;
        states[slot] = EnvironmentState.FREE;
        stateCounts[EnvironmentState.FREE.ordinal()]++;
        nextFree[slot] = NONE;
        return slot;
    }

    private void grow(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        states = Arrays.copyOf(states, capacity);
        functionIds = Arrays.copyOf(functionIds, capacity);
        hostIds = Arrays.copyOf(hostIds, capacity);
        nextFree = Arrays.copyOf(nextFree, capacity);
        idleSinceNs = Arrays.copyOf(idleSinceNs, capacity);
        expiryNs = Arrays.copyOf(expiryNs, capacity);
        served = Arrays.copyOf(served, capacity);
        provisioned = Arrays.copyOf(provisioned, capacity);
        invocations = Arrays.copyOf(invocations, capacity);
    }
}
