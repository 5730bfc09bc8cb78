package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One invocation on its way through the scheduler: identity, the clock of its phases, and what its record says.
 * Pooled by the edge that creates it; the scheduler keeps no reference after it has completed or refused it.
 *
 * <p>Threading: owned by one thread at a time; handed over through queues.
 */
public final class Invocation {
    /** No environment yet. */
    public static final long NO_ENVIRONMENT = -1;

    /** {@link #roomPlace} of one that does not wait for room. */
    static final int NOT_IN_ROOM_LINE = -1;

    private final long[] phasesNs = new long[Phase.ALL.length];

    // Identity, set by the edge.
    private long invocationId;
    private int functionId;
    private @Nullable Object exchange;

    // Phase clock.
    private Phase phase = Phase.FRONTEND;
    private long startNs;
    private long phaseStartNs;
    private long endNs;

    // What the scheduler decided; package-private on purpose: core writes, everybody reads.
    long environmentId = NO_ENVIRONMENT;
    int hostId = -1;
    long deadlineNs;
    boolean coldTrigger;
    boolean coldVictim;
    boolean suppressedInit;
    boolean provisioned;
    /** Order of acceptance, and its time. */
    long arrival;

    long acceptedNs;

    // While it waits for an environment; kept by ColdStarts, meaningless otherwise.
    /** The environment that is being started for it, or -1. */
    int startingSlot = -1;
    /** It caused the start of that environment. */
    boolean ownsStart;
    /** It caused the start of some environment, whoever was served by it. */
    boolean causedStart;
    /** It waited while an environment of its function that others caused was being started. */
    boolean behindInit;
    /** Environments created for its function until it began to wait for room. */
    long createsSeen;
    /** Environments that were lost while they started for it. */
    int lostStarts;
    /** Intrusive links of its function's line, and of the line for room. */
    @Nullable
    Invocation next;

    @Nullable
    Invocation previous;

    @Nullable
    Invocation roomNext;

    @Nullable
    Invocation roomPrevious;

    /** Its rank in the line for room, once it has one, and its place there. */
    boolean ranked;

    long roomRank;
    int roomPlace = NOT_IN_ROOM_LINE;

    /** Starts anew at {@code nowNs} in {@link Phase#FRONTEND}. {@code exchange} is the edge's own, never looked at here. */
    @HotPath
    public void start(long invocationId, int functionId, @Nullable Object exchange, long nowNs) {
        this.invocationId = invocationId;
        this.functionId = functionId;
        this.exchange = exchange;
        Arrays.fill(phasesNs, 0);
        phase = Phase.FRONTEND;
        startNs = nowNs;
        phaseStartNs = nowNs;
        endNs = 0;
        environmentId = NO_ENVIRONMENT;
        hostId = -1;
        deadlineNs = 0;
        coldTrigger = false;
        coldVictim = false;
        suppressedInit = false;
        provisioned = false;
    }

    /** Closes the current phase at {@code nowNs} and opens {@code nextPhase}: every instant belongs to exactly one phase. */
    @HotPath
    public void enter(Phase nextPhase, long nowNs) {
        phasesNs[phase.ordinal()] += nowNs - phaseStartNs;
        phase = nextPhase;
        phaseStartNs = nowNs;
    }

    /** Closes the last phase; the invocation's total is {@link #totalNs()} from now on. */
    @HotPath
    public void finish(long nowNs) {
        phasesNs[phase.ordinal()] += nowNs - phaseStartNs;
        phaseStartNs = nowNs;
        endNs = nowNs;
    }

    /** Moves the time of {@code from} into {@link Phase#QUEUE}: it was waited, but for an environment that did not serve. */
    @HotPath
    void reclassifyAsQueue(Phase from) {
        phasesNs[Phase.QUEUE.ordinal()] += phasesNs[from.ordinal()];
        phasesNs[from.ordinal()] = 0;
    }

    public long invocationId() {
        return invocationId;
    }

    public int functionId() {
        return functionId;
    }

    /** What the edge keeps beside this invocation; the scheduler never looks at it. */
    public @Nullable Object exchange() {
        return exchange;
    }

    public Phase phase() {
        return phase;
    }

    @HotPath
    public long phaseNs(Phase which) {
        return phasesNs[which.ordinal()];
    }

    public long startNs() {
        return startNs;
    }

    public long endNs() {
        return endNs;
    }

    /** From start to {@link #finish}; equals the sum of all phases. */
    public long totalNs() {
        return endNs - startNs;
    }

    public long environmentId() {
        return environmentId;
    }

    public int hostId() {
        return hostId;
    }

    /** When the function's timeout passes, once it has been handed to an environment. */
    public long deadlineNs() {
        return deadlineNs;
    }

    /** This invocation caused a new environment and was served by it. */
    public boolean coldTrigger() {
        return coldTrigger;
    }

    /**
     * This invocation waited, was not served by an environment that it caused, and one of these is true: it had caused
     * an environment that did not serve it; the environment that served it was new, caused by another invocation; or,
     * while it waited for room or for a start that another had caused, an environment of its function was being
     * created or in init. Excludes {@link #coldTrigger()}.
     */
    public boolean coldVictim() {
        return coldVictim;
    }

    /** Init was repeated inside this invocation. */
    public boolean suppressedInit() {
        return suppressedInit;
    }

    /** The environment that it was handed to was of its function's provisioned concurrency then. */
    @HotPath
    public boolean provisioned() {
        return provisioned;
    }
}
