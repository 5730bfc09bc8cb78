package dev.thaw.scheduler.core;

/**
 * The environments and the room they take: which are idle, what their hosts hold, when each of them is due. Knows
 * nothing of who waits.
 */
final class Fleet implements FleetView {
    private static final int NONE = -1;
    /** Lists of one function, at {@code functionId * 3}, in the order of preference. */
    private static final int PROVISIONED = 0;

    private static final int READY = 1;
    private static final int STOPPED = 2;
    private static final int LISTS_PER_FUNCTION = 3;
    /** The number of environments is bounded for the whole fleet: one row. */
    private static final int ALL_HOSTS = 0;

    final EnvironmentTable table = new EnvironmentTable();
    final FunctionTable functions = new FunctionTable();
    final DeadlineHeap deadlines = new DeadlineHeap();
    final FleetCounters counters = new FleetCounters(table);
    final ProvisionedCounts provisioned = new ProvisionedCounts();

    private final HostResource memoryMib = new HostResource();
    private final HostResource milliVcpus = new HostResource();
    private final HostResource environmentCount = new HostResource();
    private final SlotLists idleByFunction = new SlotLists();
    private final SlotLists idleByHost = new SlotLists();
    private final KeepAlivePolicy keepAlive;
    private final Environments environments;
    private final long freezeDelayNs;
    private int hosts;

    Fleet(SchedulerConfig config, KeepAlivePolicy keepAlive, Environments environments) {
        this.keepAlive = keepAlive;
        this.environments = environments;
        freezeDelayNs = config.freezeDelayNs();
        environmentCount.addHost(config.maxEnvironments());
    }

    int addHost(HostSpec host) {
        memoryMib.addHost(host.memoryMib());
        milliVcpus.addHost(host.milliVcpus());
        idleByHost.ensureLists(hosts + 1);
        return hosts++;
    }

    int addFunction(FunctionSpec function) {
        int functionId = functions.add(function);
        idleByFunction.ensureLists((functionId + 1) * LISTS_PER_FUNCTION);
        provisioned.addFunction();
        return functionId;
    }

    /** The slot of an environment that is as expected. What an event says of any other is stale and counted: -1. */
    @HotPath
    int find(long environmentId, EnvironmentState expected) {
        int slot = table.find(environmentId);
        if (slot != NONE && table.state(slot) == expected) {
            return slot;
        }
        counters.stale++;
        return NONE;
    }

    // --- idle environments

    /** Puts a ready ({@code IDLE}) or reset ({@code STOPPED}) environment at rest, most recently used first. */
    @HotPath
    void enterIdle(int slot, EnvironmentState idleState, long nowNs) {
        table.transition(slot, idleState);
        table.setInvocation(slot, null);
        table.setIdleSinceNs(slot, nowNs);
        idleByFunction.addFirst(listOf(slot), slot);
        boolean kept = table.isProvisioned(slot);
        if (!kept) {
            becomeEvictable(slot);
        }
        long expiryNs = kept ? Scheduler.NO_DEADLINE : keepAlive.expiryNs(slot, this, nowNs);
        table.setExpiryNs(slot, expiryNs);
        boolean freezes = idleState == EnvironmentState.IDLE;
        long freezeNs = freezes ? DeadlineHeap.after(nowNs, freezeDelayNs) : Scheduler.NO_DEADLINE;
        deadlines.set(slot, DeadlineHeap.earlier(freezeNs, expiryNs));
    }

    /** Takes an environment off the idle lists; its next state is the caller's, and so is its next deadline or its end. */
    @HotPath
    void leaveIdle(int slot) {
        idleByFunction.remove(listOf(slot), slot);
        if (!table.isProvisioned(slot)) {
            becomeUsed(slot);
        }
    }

    @HotPath
    private void becomeEvictable(int slot) {
        int functionId = table.functionOf(slot);
        int hostId = table.hostOf(slot);
        idleByHost.addLast(hostId, slot);
        memoryMib.becomeEvictable(hostId, functions.memoryMib(functionId));
        milliVcpus.becomeEvictable(hostId, functions.milliVcpus(functionId));
        environmentCount.becomeEvictable(ALL_HOSTS, 1);
    }

    @HotPath
    private void becomeUsed(int slot) {
        int functionId = table.functionOf(slot);
        int hostId = table.hostOf(slot);
        idleByHost.remove(hostId, slot);
        memoryMib.becomeUsed(hostId, functions.memoryMib(functionId));
        milliVcpus.becomeUsed(hostId, functions.milliVcpus(functionId));
        environmentCount.becomeUsed(ALL_HOSTS, 1);
    }

    /** Makes a promised environment part of its function's provisioned concurrency. */
    void mark(int slot) {
        table.setProvisioned(slot, true);
        provisioned.hold(table.functionOf(slot), 1);
    }

    /** Makes the environment, where it is provisioned, one like the others: evictable where it is idle. */
    void unmark(int slot, long nowNs) {
        EnvironmentState state = table.state(slot);
        if (state.isIdle() && table.isProvisioned(slot)) {
            leaveIdle(slot);
            dropMark(slot);
            enterIdle(slot, state, nowNs);
        } else {
            dropMark(slot);
        }
    }

    private void dropMark(int slot) {
        if (table.isProvisioned(slot)) {
            table.setProvisioned(slot, false);
            provisioned.hold(table.functionOf(slot), -1);
        }
    }

    void freeze(int slot, long nowNs) {
        table.transition(slot, EnvironmentState.FROZEN);
        deadlines.set(slot, table.expiryNs(slot));
        environments.freeze(table.id(slot), nowNs);
    }

    /** Destroys an environment, idle or not; its room counts as free for promises at once. */
    void destroy(int slot, DestroyReason reason, long nowNs) {
        if (table.state(slot).isIdle()) {
            leaveIdle(slot);
        }
        dropMark(slot);
        int hostId = table.hostOf(slot);
        int functionId = table.functionOf(slot);
        deadlines.clear(slot);
        table.transition(slot, EnvironmentState.DESTROYING);
        memoryMib.startLeaving(hostId, functions.memoryMib(functionId));
        milliVcpus.startLeaving(hostId, functions.milliVcpus(functionId));
        environmentCount.startLeaving(ALL_HOSTS, 1);
        environments.destroy(table.id(slot), reason, nowNs);
    }

    // --- room

    /** Some host could hold the function's environment if it held nothing else. */
    boolean couldEverHold(int functionId) {
        for (int host = 0; host < hosts; host++) {
            if (memoryMib.capacity(host) >= functions.memoryMib(functionId)
                    && milliVcpus.capacity(host) >= functions.milliVcpus(functionId)) {
                return true;
            }
        }
        return false;
    }

    /** Evicts idle environments until the host has room for the function. Evicts none where that would not do. */
    boolean makeRoom(int hostId, int functionId, long nowNs) {
        int neededMib = functions.memoryMib(functionId);
        int neededMilli = functions.milliVcpus(functionId);
        boolean possible = memoryMib.free(hostId) + memoryMib.evictable(hostId) >= neededMib
                && milliVcpus.free(hostId) + milliVcpus.evictable(hostId) >= neededMilli
                && environmentCount.free(ALL_HOSTS) + environmentCount.evictable(ALL_HOSTS) >= 1;
        while (possible && (memoryMib.free(hostId) < neededMib || milliVcpus.free(hostId) < neededMilli)) {
            possible = evictOne(hostId, nowNs);
        }
        for (int step = 0; possible && environmentCount.free(ALL_HOSTS) < 1; step++) {
            possible = step < hosts;
            if (possible) {
                evictOne((hostId + step) % hosts, nowNs);
            }
        }
        return possible;
    }

    private boolean evictOne(int hostId, long nowNs) {
        int victim = keepAlive.chooseVictim(hostId, this, nowNs);
        if (victim == KeepAlivePolicy.NONE) {
            return false;
        }
        if (!table.state(victim).isIdle() || table.hostOf(victim) != hostId) {
            throw new IllegalStateException("keep-alive policy chose slot " + victim + " in state "
                    + table.state(victim) + " on host " + table.hostOf(victim) + " as victim of host " + hostId);
        }
        counters.evicted++;
        destroy(victim, DestroyReason.EVICTED, nowNs);
        return true;
    }

    /** Reserves a slot and room that is free, though some of it may still have to be left by others. */
    int promise(int functionId, int hostId) {
        int slot = table.allocate(functionId, hostId);
        idleByFunction.ensureSlot(slot);
        idleByHost.ensureSlot(slot);
        deadlines.ensureSlot(slot);
        memoryMib.promise(hostId, functions.memoryMib(functionId));
        milliVcpus.promise(hostId, functions.milliVcpus(functionId));
        environmentCount.promise(ALL_HOSTS, 1);
        functions.countEnvironment(functionId, 1);
        return slot;
    }

    void breakPromise(int slot) {
        int hostId = table.hostOf(slot);
        int functionId = table.functionOf(slot);
        memoryMib.breakPromise(hostId, functions.memoryMib(functionId));
        milliVcpus.breakPromise(hostId, functions.milliVcpus(functionId));
        environmentCount.breakPromise(ALL_HOSTS, 1);
        free(slot);
    }

    /** Sends create for a promised environment where its room is really free by now. */
    boolean create(int slot, long nowNs) {
        int hostId = table.hostOf(slot);
        int functionId = table.functionOf(slot);
        int neededMib = functions.memoryMib(functionId);
        int neededMilli = functions.milliVcpus(functionId);
        if (!memoryMib.isFreeNow(hostId, neededMib)
                || !milliVcpus.isFreeNow(hostId, neededMilli)
                || !environmentCount.isFreeNow(ALL_HOSTS, 1)) {
            return false;
        }
        memoryMib.take(hostId, neededMib);
        milliVcpus.take(hostId, neededMilli);
        environmentCount.take(ALL_HOSTS, 1);
        counters.created++;
        table.transition(slot, EnvironmentState.CREATING);
        environments.create(table.id(slot), functionId, hostId, typeOf(slot), nowNs);
        return true;
    }

    private InitializationType typeOf(int slot) {
        if (isRestored(slot)) {
            return InitializationType.SNAP_START;
        }
        return table.isProvisioned(slot) ? InitializationType.PROVISIONED_CONCURRENCY : InitializationType.ON_DEMAND;
    }

    /** It goes on from a snapshot, and is not reset but made anew. */
    boolean isRestored(int slot) {
        return functions.isRestored(table.functionOf(slot));
    }

    /** The environment is gone: gives its room and its slot back. */
    void forget(int slot) {
        EnvironmentState state = table.state(slot);
        if (state.isIdle()) {
            leaveIdle(slot);
        }
        boolean wasLeaving = state == EnvironmentState.DESTROYING;
        int hostId = table.hostOf(slot);
        int functionId = table.functionOf(slot);
        deadlines.clear(slot);
        memoryMib.release(hostId, functions.memoryMib(functionId), wasLeaving);
        milliVcpus.release(hostId, functions.milliVcpus(functionId), wasLeaving);
        environmentCount.release(ALL_HOSTS, 1, wasLeaving);
        free(slot);
    }

    private void free(int slot) {
        dropMark(slot);
        functions.countEnvironment(table.functionOf(slot), -1);
        table.free(slot);
    }

    // --- what policies see

    @Override
    public int hostCount() {
        return hosts;
    }

    @Override
    public int freeMemoryMib(int hostId) {
        return memoryMib.free(hostId);
    }

    @Override
    public int freeMilliVcpus(int hostId) {
        return milliVcpus.free(hostId);
    }

    @Override
    public int evictableMemoryMib(int hostId) {
        return memoryMib.evictable(hostId);
    }

    @Override
    public int evictableMilliVcpus(int hostId) {
        return milliVcpus.evictable(hostId);
    }

    @Override
    @HotPath
    public int firstIdle(int functionId) {
        return firstIdle(functionId, PROVISIONED);
    }

    /** The first of the function's lists, from {@code list} on. */
    @HotPath
    private int firstIdle(int functionId, int list) {
        int first = NONE;
        for (int next = list; first == NONE && next < LISTS_PER_FUNCTION; next++) {
            first = idleByFunction.first(functionId * LISTS_PER_FUNCTION + next);
        }
        return first;
    }

    @Override
    @HotPath
    public int nextIdle(int slot) {
        int next = idleByFunction.next(slot);
        return next != NONE ? next : firstIdle(table.functionOf(slot), kindOf(slot) + 1);
    }

    @Override
    public int leastRecentIdle(int hostId) {
        return idleByHost.first(hostId);
    }

    @Override
    public int nextMoreRecentIdle(int slot) {
        return idleByHost.next(slot);
    }

    @Override
    @HotPath
    public int functionOf(int slot) {
        return table.functionOf(slot);
    }

    @Override
    @HotPath
    public int hostOf(int slot) {
        return table.hostOf(slot);
    }

    @Override
    @HotPath
    public boolean needsInit(int slot) {
        return table.state(slot) == EnvironmentState.STOPPED;
    }

    @Override
    @HotPath
    public long idleSinceNs(int slot) {
        return table.idleSinceNs(slot);
    }

    @Override
    @HotPath
    public int memoryMibOf(int functionId) {
        return functions.memoryMib(functionId);
    }

    @HotPath
    private int listOf(int slot) {
        return table.functionOf(slot) * LISTS_PER_FUNCTION + kindOf(slot);
    }

    @HotPath
    private int kindOf(int slot) {
        return table.isProvisioned(slot) ? PROVISIONED : needsInit(slot) ? STOPPED : READY;
    }
}
