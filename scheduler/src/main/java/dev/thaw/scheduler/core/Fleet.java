package dev.thaw.scheduler.core;

/**
 * The environments and the room they take: which are idle, what their hosts hold, when each of them is due. Knows
 * nothing of who waits.
 */
final class Fleet implements FleetView {
    private static final int NONE = -1;

    final EnvironmentTable table = new EnvironmentTable();
    final FunctionTable functions = new FunctionTable();
    final DeadlineHeap deadlines = new DeadlineHeap();
    /** By function: when to start one ahead. */
    final DeadlineHeap prewarms = new DeadlineHeap();

    final FleetCounters counters = new FleetCounters(table);
    final ProvisionedCounts provisioned = new ProvisionedCounts();

    private final HostRoom room;
    private final IdleLists idle = new IdleLists(table);
    // Parts of idle and room, one step nearer: every warm invocation goes through them, and it shows (5 ns of 50).
    private final SlotLists idleByFunction = idle.byFunction;
    private final SlotLists idleByHost = idle.byHost;
    private final HostResource memoryMib;
    private final HostResource milliVcpus;
    private final HostResource environmentCount;
    private final PlacementPolicy placement;
    private final KeepAlivePolicy keepAlive;
    private final Environments environments;
    private final long freezeDelayNs;

    Fleet(SchedulerConfig config, Policies policies, Environments environments) {
        placement = policies.placement();
        keepAlive = policies.keepAlive();
        this.environments = environments;
        freezeDelayNs = config.freezeDelayNs();
        room = new HostRoom(functions, config.maxEnvironments());
        memoryMib = room.memoryMib;
        milliVcpus = room.milliVcpus;
        environmentCount = room.count;
    }

    int addHost(HostSpec host) {
        int hostId = room.addHost(host);
        idle.ensureHost(hostId);
        return hostId;
    }

    int addFunction(FunctionSpec function) {
        int functionId = functions.add(function);
        idle.ensureFunction(functionId);
        prewarms.ensureSlot(functionId);
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
        idleByFunction.addFirst(idle.listOf(slot), slot);
        long expiryNs = table.isProvisioned(slot) ? Scheduler.NO_DEADLINE : expire(slot, nowNs);
        table.setExpiryNs(slot, expiryNs);
        boolean freezes = idleState == EnvironmentState.IDLE;
        long freezeNs = freezes ? DeadlineHeap.after(nowNs, freezeDelayNs) : Scheduler.NO_DEADLINE;
        deadlines.set(slot, DeadlineHeap.earlier(freezeNs, expiryNs));
    }

    /** Makes it evictable, and asks how long it is to stay, and when the next is to come ahead. */
    @HotPath
    private long expire(int slot, long nowNs) {
        becomeEvictable(slot);
        long expiryNs = DeadlineHeap.after(nowNs, keepAlive.keepNs(slot, this, nowNs));
        int functionId = table.functionOf(slot);
        long prewarmAfterNs = keepAlive.prewarmAfterNs(functionId, this, nowNs);
        if (prewarmAfterNs != KeepAlivePolicy.FOR_EVER || prewarms.first() != NONE) {
            prewarms.set(functionId, DeadlineHeap.after(nowNs, prewarmAfterNs));
        }
        return expiryNs;
    }

    /** Takes an environment off the idle lists; its next state is the caller's, and so is its next deadline or its end. */
    @HotPath
    void leaveIdle(int slot) {
        idleByFunction.remove(idle.listOf(slot), slot);
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
        environmentCount.becomeEvictable(HostRoom.ALL_HOSTS, 1);
    }

    @HotPath
    private void becomeUsed(int slot) {
        int functionId = table.functionOf(slot);
        int hostId = table.hostOf(slot);
        idleByHost.remove(hostId, slot);
        memoryMib.becomeUsed(hostId, functions.memoryMib(functionId));
        milliVcpus.becomeUsed(hostId, functions.milliVcpus(functionId));
        environmentCount.becomeUsed(HostRoom.ALL_HOSTS, 1);
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

    /** Its first start has ended, ready or not. */
    void started(int slot, long nowNs) {
        keepAlive.onStarted(slot, this, nowNs - table.idleSinceNs(slot));
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
        deadlines.clear(slot);
        table.transition(slot, EnvironmentState.DESTROYING);
        room.startLeaving(table.hostOf(slot), table.functionOf(slot));
        environments.destroy(table.id(slot), reason, nowNs);
    }

    // --- room

    /** Some host could hold the function's environment if it held nothing else. */
    boolean couldEverHold(int functionId) {
        return room.couldEverHold(functionId);
    }

    /** The host has room for the function without evicting anybody. */
    boolean hasRoom(int hostId, int functionId) {
        return room.isFree(hostId, functionId) && room.isCountFree();
    }

    /** Evicts idle environments until the host has room for the function. Evicts none where that would not do. */
    boolean makeRoom(int hostId, int functionId, long nowNs) {
        boolean possible = room.couldHold(hostId, functionId);
        while (possible && !room.isFree(hostId, functionId)) {
            possible = evictOne(hostId, nowNs);
        }
        for (int step = 0; possible && !room.isCountFree(); step++) {
            possible = step < room.hosts();
            if (possible) {
                evictOne((hostId + step) % room.hosts(), nowNs);
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
        idle.ensureSlot(slot);
        deadlines.ensureSlot(slot);
        room.promise(hostId, functionId);
        functions.countEnvironment(functionId, 1);
        return slot;
    }

    void breakPromise(int slot) {
        room.breakPromise(table.hostOf(slot), table.functionOf(slot));
        free(slot);
    }

    /** Sends create for a promised environment where its room is really free by now. */
    boolean create(int slot, long nowNs) {
        int hostId = table.hostOf(slot);
        int functionId = table.functionOf(slot);
        if (!room.take(hostId, functionId)) {
            return false;
        }
        table.setIdleSinceNs(slot, nowNs);
        placement.onCreate(functionId, hostId);
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
        deadlines.clear(slot);
        room.release(table.hostOf(slot), table.functionOf(slot), wasLeaving);
        free(slot);
    }

    private void free(int slot) {
        dropMark(slot);
        keepAlive.onGone(slot, this);
        functions.countEnvironment(table.functionOf(slot), -1);
        table.free(slot);
    }

    // --- what policies see

    @Override
    public int hostCount() {
        return room.hosts();
    }

    @Override
    public int hostMemoryMib(int hostId) {
        return memoryMib.capacity(hostId);
    }

    @Override
    public int hostMilliVcpus(int hostId) {
        return milliVcpus.capacity(hostId);
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
        return idle.first(functionId);
    }

    @Override
    @HotPath
    public int nextIdle(int slot) {
        return idle.next(slot);
    }

    @Override
    public int leastRecentIdle(int hostId) {
        return idle.leastRecent(hostId);
    }

    @Override
    public int nextMoreRecentIdle(int slot) {
        return idle.nextMoreRecent(slot);
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
    public boolean isEvictable(int slot) {
        return table.state(slot).isIdle() && !table.isProvisioned(slot);
    }

    @Override
    @HotPath
    public boolean hasServed(int slot) {
        return table.hasServed(slot);
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

    @Override
    @HotPath
    public long timeoutNsOf(int functionId) {
        return functions.timeoutNs(functionId);
    }

    @Override
    public String nameOf(int functionId) {
        return functions.groupName(functions.groupOf(functionId));
    }

    @Override
    @HotPath
    public int environmentsOf(int functionId) {
        return functions.environments(functionId);
    }
}
