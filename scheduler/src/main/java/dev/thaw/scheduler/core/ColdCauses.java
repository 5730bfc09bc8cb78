package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import java.util.Arrays;

/**
 * Why an invocation waited for an environment: counts those of each function that are being started, and in the end tells
 * who caused the start that served it from who stood behind a start of others. The rule is
 * {@link Invocation#coldVictim()}'s.
 *
 * <p>Threading: the scheduler's thread.
 */
final class ColdCauses {
    private final EnvironmentTable table;
    private int[] startingCounts = new int[0];
    private long[] createCounts = new long[0];

    ColdCauses(EnvironmentTable table) {
        this.table = table;
    }

    void addFunction(int functionId) {
        if (functionId >= startingCounts.length) {
            int capacity = Math.max(16, functionId * 2);
            startingCounts = Arrays.copyOf(startingCounts, capacity);
            createCounts = Arrays.copyOf(createCounts, capacity);
        }
    }

    /** It begins to wait. */
    void begin(Invocation invocation) {
        invocation.causedStart = false;
        invocation.behindInit = false;
    }

    /** An environment is being started because of it. */
    void onCreate(Invocation invocation) {
        int functionId = invocation.functionId();
        startingCounts[functionId]++;
        createCounts[functionId]++;
        invocation.causedStart = true;
    }

    /** One that was started ahead of invocations may serve them. */
    void onOffered(int functionId) {
        startingCounts[functionId]++;
    }

    /** Its start is over, one way or the other. */
    void onStarted(int functionId) {
        startingCounts[functionId]--;
    }

    /** From now on it waits for room. */
    void enterRoomLine(Invocation invocation) {
        int functionId = invocation.functionId();
        invocation.createsSeen = createCounts[functionId];
        invocation.behindInit |= startingCounts[functionId] > 0;
    }

    void leaveRoomLine(Invocation invocation) {
        invocation.behindInit |= invocation.createsSeen != createCounts[invocation.functionId()];
    }

    /** It counts on this environment, which it did not cause. */
    void adopt(Invocation invocation, int slot) {
        invocation.behindInit |= table.state(slot).isStarting();
    }

    /** Decides between trigger and victim of the environment that serves it now. */
    void judge(Invocation invocation, int slot, long nowNs) {
        if (invocation.ownsStart && invocation.startingSlot == slot) {
            invocation.coldTrigger = true;
            return;
        }
        invocation.enter(Phase.QUEUE, nowNs);
        invocation.reclassifyAsQueue(Phase.CREATE);
        invocation.reclassifyAsQueue(Phase.INIT_EXTENSION);
        invocation.reclassifyAsQueue(Phase.INIT_RUNTIME);
        invocation.reclassifyAsQueue(Phase.INIT_FUNCTION);
        invocation.reclassifyAsQueue(Phase.RESTORE);
        boolean forInit = invocation.causedStart || invocation.behindInit || !table.hasServed(slot);
        invocation.coldVictim = forInit && invocation.phaseNs(Phase.QUEUE) > 0;
    }
}
