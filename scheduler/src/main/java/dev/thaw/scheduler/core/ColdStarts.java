package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Joins invocations that wait with environments that are being started, or reset: an environment that is reset comes
 * back to run init inside its function's next invocation (contract.md section 2.4), so it is a start like the others.
 *
 * <p>Every waiting invocation stands in its function's line and, beside that, in exactly one of two places: an
 * environment is being started for it (its start), or it stands in the fleet-wide line for room. So there are never
 * more starts under way than waiting invocations called for. A start outlives the invocation that caused it: when
 * another environment serves that one first, its start goes to the next of the function that has none, or becomes an
 * orphan that the next arrival takes over, or ends idle. Only a start that create was not sent for yet is called off.
 * An environment that begins to be reset is offered the same way.
 */
final class ColdStarts {
    /** Environments lost while starting for one invocation, after which it ends. */
    static final int MAX_LOST_STARTS = 2;

    private static final int NONE = -1;
    /** The list of promised environments; those of orphans follow, one per function. */
    private static final int PENDING = 0;

    private final FunctionLines lines = new FunctionLines();
    private final SlotLists starts = new SlotLists();
    private final RoomLine roomLine;
    private final Fleet fleet;
    private final EnvironmentTable table;
    private final PlacementPolicy placement;
    private final ScalingPolicy scaling;
    private final QueueingPolicy queueing;
    private final Provisioning provisioning;
    private final InvocationEndings endings;
    private final ColdCauses causes;

    ColdStarts(
            SchedulerConfig config,
            Fleet fleet,
            Policies policies,
            Provisioning provisioning,
            InvocationEndings endings) {
        this.fleet = fleet;
        this.table = fleet.table;
        causes = new ColdCauses(table);
        placement = policies.placement();
        scaling = policies.scaling();
        queueing = policies.queueing();
        this.provisioning = provisioning;
        this.endings = endings;
        roomLine = new RoomLine(config.capacityWaitNs());
        starts.ensureLists(1);
    }

    void addFunction(int functionId) {
        lines.addLine();
        starts.ensureLists(functionId + 2);
        causes.addFunction(functionId);
    }

    @HotPath
    boolean hasWaiting(int functionId) {
        return lines.first(functionId) != null;
    }

    /** Somebody would take room that becomes free: an invocation, or provisioned concurrency. */
    @HotPath
    boolean wantsRoom() {
        return hasWaitingForRoom() || fleet.provisioned.isShort();
    }

    @HotPath
    private boolean hasWaitingForRoom() {
        return roomLine.first() != null;
    }

    @HotPath
    long nextDeadlineNs() {
        return roomLine.firstDeadlineNs();
    }

    /** Lets an accepted invocation wait, and starts an environment for it where there is room. */
    void await(Invocation invocation, long nowNs) {
        invocation.startingSlot = NONE;
        invocation.ownsStart = false;
        causes.begin(invocation);
        invocation.lostStarts = 0;
        invocation.ranked = false;
        invocation.enter(Phase.QUEUE, nowNs);
        lines.add(invocation);
        fleet.counters.waiting++;
        seek(invocation, nowNs);
    }

    /**
     * Gives room to the line for room, in its order, and what is left to provisioned concurrency. To be called whenever
     * there may be more of it.
     */
    void giveRoom(long nowNs) {
        Invocation first = roomLine.first();
        while (first != null && start(first, nowNs)) {
            first = roomLine.first();
        }
        if (first == null && fleet.provisioned.isShort()) {
            provisioning.fill(nowNs);
        }
    }

    /** Refuses those whose wait for room is over. Returns how many. */
    int expire(long nowNs) {
        int expired = 0;
        while (DeadlineHeap.isDue(roomLine.firstDeadlineNs(), nowNs)) {
            Invocation oldest = roomLine.oldest();
            if (oldest != null) {
                refuse(oldest, Refusal.NO_CAPACITY, nowNs);
                expired++;
            }
        }
        if (expired > 0) {
            giveRoom(nowNs);
        }
        return expired;
    }

    /**
     * The waiting invocation that the environment serves now that it is free, or null. It is the first of the
     * function's line; where {@code ownFirst}, the one that caused the environment comes before that.
     */
    @Nullable
    Invocation claim(int slot, boolean ownFirst, long nowNs) {
        Invocation own = table.invocation(slot);
        boolean takesOwn = ownFirst && own != null && own.ownsStart;
        Invocation chosen = takesOwn ? own : lines.first(table.functionOf(slot));
        if (chosen == null) {
            return null;
        }
        lines.remove(chosen);
        fleet.counters.waiting--;
        table.setInvocation(slot, null);
        int othersStart = chosen == own ? NONE : chosen.startingSlot;
        leaveRoomLine(chosen);
        causes.judge(chosen, slot, nowNs);
        chosen.startingSlot = NONE;
        Invocation bereft = chosen == own ? null : own;
        if (bereft != null) {
            loseStart(bereft, nowNs);
        }
        if (othersStart != NONE) {
            handOver(othersStart, bereft);
        }
        if (bereft != null && bereft.startingSlot == NONE) {
            seek(bereft, nowNs);
        }
        giveRoom(nowNs);
        return chosen;
    }

    /** Init went on: the invocation that caused it is in that phase too. */
    void enterInit(int slot, Phase phase, long nowNs) {
        Invocation own = table.invocation(slot);
        if (own != null && own.ownsStart) {
            own.enter(phase, nowNs);
        }
    }

    /** Init ended one way or the other, or will not: the environment no longer counts as starting. */
    void endStart(int slot) {
        if (table.isProvisioned(slot)) {
            return; // nobody counted on it
        }
        causes.onStarted(table.functionOf(slot));
        endOrphan(slot);
    }

    /** The reset ended one way or the other: nobody can take the environment over any more. */
    void endReset(int slot) {
        if (!fleet.isRestored(slot)) {
            endOrphan(slot);
        }
    }

    private void endOrphan(int slot) {
        if (table.invocation(slot) == null) {
            starts.remove(1 + table.functionOf(slot), slot);
        }
    }

    /** Takes the invocation that counted on the environment out of every line, for it to be refused; null for none. */
    @Nullable
    Invocation withdraw(int slot) {
        Invocation own = table.invocation(slot);
        if (own != null) {
            table.setInvocation(slot, null);
            lines.remove(own);
            fleet.counters.waiting--;
        }
        return own;
    }

    /** The environment is being reset and nobody counts on it: one that has no start does now, or the next arrival will. */
    void offerReset(int slot, long nowNs) {
        starts.ensureSlot(slot);
        Invocation next = firstInNeed(table.functionOf(slot));
        if (next == null) {
            starts.addLast(1 + table.functionOf(slot), slot);
        } else {
            adopt(next, slot);
            giveRoom(nowNs);
        }
    }

    /** A start that was made ahead of invocations goes to the first that needs one, as if one had caused it. */
    void offerStart(int slot, long nowNs) {
        causes.onOffered(table.functionOf(slot));
        offerReset(slot, nowNs);
    }

    /** The environment was lost before it served the invocation that counted on it: tries anew, a few times. */
    void retry(Invocation invocation, long nowNs) {
        loseStart(invocation, nowNs);
        if (invocation.lostStarts >= MAX_LOST_STARTS) {
            lines.remove(invocation);
            fleet.counters.waiting--;
            if (fleet.functions.isRestored(invocation.functionId())) {
                endings.giveUp(invocation, Refusal.RESTORE_FAILED, nowNs);
            } else {
                endings.complete(invocation, Outcome.INIT_FAILED, nowNs);
            }
        } else {
            invocation.lostStarts++;
            seek(invocation, nowNs);
        }
    }

    /** Sends create for promised environments that have their room by now. To be called when room was really freed. */
    void createPending(long nowNs) {
        provisioning.createPending(nowNs);
        int slot = starts.first(PENDING);
        while (slot != NONE) {
            int next = starts.next(slot);
            if (create(slot, nowNs)) {
                starts.remove(PENDING, slot);
            }
            slot = next;
        }
    }

    /** Refuses everybody who waits and calls off promises; starts under way are left to the caller. */
    void refuseAll(Refusal refusal, long nowNs) {
        for (int functionId = 0; functionId < lines.count(); functionId++) {
            Invocation first = lines.first(functionId);
            while (first != null) {
                if (first.startingSlot != NONE) {
                    int slot = first.startingSlot;
                    first.startingSlot = NONE;
                    handOver(slot, null);
                }
                refuse(first, refusal, nowNs);
                first = lines.first(functionId);
            }
        }
    }

    /** Finds the invocation a start: an orphan of its function, being reset or started, or room for a new one, or a place in the line for it. */
    private void seek(Invocation invocation, long nowNs) {
        int functionId = invocation.functionId();
        int orphan = starts.first(1 + functionId);
        if (orphan != NONE) {
            starts.remove(1 + functionId, orphan);
            adopt(invocation, orphan);
        } else if (!fleet.couldEverHold(functionId)) {
            refuse(invocation, Refusal.NEVER_FITS, nowNs);
        } else {
            enterRoomLine(invocation, nowNs);
            if (roomLine.first() == invocation) {
                giveRoom(nowNs);
            }
            if (roomLine.holds(invocation) && DeadlineHeap.isDue(roomLine.deadlineNs(invocation), nowNs)) {
                refuse(invocation, Refusal.NO_CAPACITY, nowNs);
                giveRoom(nowNs);
            }
        }
    }

    private boolean start(Invocation invocation, long nowNs) {
        int functionId = invocation.functionId();
        int hostId = placement.chooseHost(
                functionId,
                fleet.functions.memoryMib(functionId),
                fleet.functions.milliVcpus(functionId),
                fleet,
                nowNs);
        if (hostId == PlacementPolicy.NONE) {
            return false;
        }
        int group = fleet.functions.groupOf(functionId);
        if (!scaling.permits(group, nowNs)) {
            refuse(invocation, Refusal.SCALING_RATE_EXCEEDED, nowNs);
            return true;
        }
        if (!fleet.makeRoom(hostId, functionId, nowNs)) {
            return false;
        }
        scaling.onCreate(group, nowNs);
        queueing.onRoom(functionId, invocation.roomRank);
        leaveRoomLine(invocation);
        int slot = fleet.promise(functionId, hostId);
        starts.ensureSlot(slot);
        table.setInvocation(slot, invocation);
        invocation.startingSlot = slot;
        invocation.ownsStart = true;
        if (!create(slot, nowNs)) {
            starts.addLast(PENDING, slot);
        }
        return true;
    }

    private boolean create(int slot, long nowNs) {
        if (!fleet.create(slot, nowNs)) {
            return false;
        }
        Invocation own = table.requireInvocation(slot);
        causes.onCreate(own);
        own.enter(fleet.isRestored(slot) ? Phase.RESTORE : Phase.CREATE, nowNs);
        return true;
    }

    /** The start's invocation is served elsewhere: the start goes to {@code heir}, or to one with none, or nobody. */
    private void handOver(int slot, @Nullable Invocation heir) {
        table.setInvocation(slot, null);
        if (table.state(slot) == EnvironmentState.PENDING) {
            callOff(slot);
            return;
        }
        Invocation next = heir != null ? heir : firstInNeed(table.functionOf(slot));
        if (next != null) {
            adopt(next, slot);
        } else if (table.state(slot).isStarting() || table.state(slot) == EnvironmentState.RESETTING) {
            starts.addLast(1 + table.functionOf(slot), slot);
        }
    }

    /** The first waiting invocation of the function that has no start, or else only a promise, which is called off. */
    private @Nullable Invocation firstInNeed(int functionId) {
        Invocation first = hasWaitingForRoom() ? lines.firstWithoutStart(functionId) : null;
        int promised = first == null ? starts.first(PENDING) : NONE;
        while (promised != NONE && table.functionOf(promised) != functionId) {
            promised = starts.next(promised);
        }
        if (promised != NONE) {
            first = table.requireInvocation(promised);
            callOff(promised);
        }
        return first;
    }

    private void callOff(int promised) {
        starts.remove(PENDING, promised);
        fleet.breakPromise(promised);
    }

    private void adopt(Invocation invocation, int slot) {
        leaveRoomLine(invocation);
        invocation.startingSlot = slot;
        invocation.ownsStart = false;
        causes.adopt(invocation, slot);
        table.setInvocation(slot, invocation);
    }

    private void enterRoomLine(Invocation invocation, long nowNs) {
        if (!invocation.ranked) {
            invocation.ranked = true;
            invocation.roomRank = queueing.rank(invocation.functionId(), fleet, nowNs);
        }
        causes.enterRoomLine(invocation);
        roomLine.add(invocation);
    }

    private void leaveRoomLine(Invocation invocation) {
        if (roomLine.holds(invocation)) {
            roomLine.remove(invocation);
            causes.leaveRoomLine(invocation);
        }
    }

    private static void loseStart(Invocation invocation, long nowNs) {
        invocation.startingSlot = NONE;
        if (invocation.ownsStart) {
            invocation.ownsStart = false;
            invocation.enter(Phase.QUEUE, nowNs);
        }
    }

    private void refuse(Invocation invocation, Refusal refusal, long nowNs) {
        lines.remove(invocation);
        fleet.counters.waiting--;
        leaveRoomLine(invocation);
        endings.giveUp(invocation, refusal, nowNs);
    }
}
