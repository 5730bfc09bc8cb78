package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SlotHeap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Environments in virtual time: each command of the scheduler decides what happens next and when, by the function's model.
 * One thing at a time is ahead of each environment, on the host's CPU or, where it needs none, by the wall clock.
 */
final class VirtualEnvironments implements Environments {
    private static final int FIRST_CAPACITY = 64;
    private static final long NOT_NOW = -1;

    private final FunctionModel[] models;
    private final Draws draws;
    private final SimulationTotals totals;
    private final SimulationListener listener;
    private final SlotHeap.Places places = new SlotHeap.Places();
    private final SlotHeap clock = new SlotHeap(places);
    private final HostCpus cpus;
    private final LocalSnapshots snapshots;
    /** Environments made so far, by function. */
    private final long[] created;

    private long[] ids = new long[0];
    private int[] functionIds = new int[0];
    private int[] hostIds = new int[0];
    /** What is at work in it, or was last, was handed to provisioned concurrency. */
    private boolean[] provisioned = new boolean[0];

    private long[] ordinals = new long[0];
    /** Thaws and resets so far. */
    private int[] turns = new int[0];

    private Stage[] stages = new Stage[0];
    /** CPU that it uses now, 0 where what is ahead goes by the clock. */
    private int[] milliVcpus = new int[0];

    private @Nullable Job[] jobs = new @Nullable Job[0];
    private long[] idleSinceNs = new long[0];
    private long[] billedFromNs = new long[0];

    VirtualEnvironments(SimulationPlan plan, Draws draws, SimulationTotals totals, SimulationListener listener) {
        models = plan.functions().toArray(FunctionModel[]::new);
        this.draws = draws;
        this.totals = totals;
        this.listener = listener;
        cpus = new HostCpus(plan.hosts(), places);
        snapshots = new LocalSnapshots(plan.functions());
        created = new long[models.length];
    }

    // --- time

    /** When something happens next, or {@link SlotHeap#NEVER}. */
    @HotPath
    long nextNs() {
        return Math.min(clock.firstKey(), cpus.nextNs());
    }

    @HotPath
    private int nextSlot() {
        return clock.firstKey() <= cpus.nextNs() ? clock.first() : cpus.nextSlot();
    }

    /** Tells the scheduler what happens at {@link #nextNs}; where there is more than one thing, the clock's come first. */
    @HotPath
    void happen(Scheduler scheduler, long nowNs) {
        int slot = nextSlot();
        cancel(slot, nowNs);
        long id = ids[slot];
        switch (stages[slot]) {
            case RESPONSE -> answer(scheduler, slot, Outcome.RESPONSE, nowNs);
            case ERROR -> answer(scheduler, slot, Outcome.FUNCTION_ERROR, nowNs);
            case OVERHANG_OVER -> becomeReady(scheduler, slot, nowNs);
            case THAWED -> scheduler.onThawed(id, nowNs);
            case INITIALIZED_AGAIN -> scheduler.onReady(id, nowNs);
            case INITIALIZED -> {
                billInit(slot, nowNs);
                snapshots.initialized(functionIds[slot], hostIds[slot]);
                becomeReady(scheduler, slot, nowNs);
            }
            default -> slowHappen(scheduler, slot, nowNs);
        }
    }

    private void slowHappen(Scheduler scheduler, int slot, long nowNs) {
        long id = ids[slot];
        switch (stages[slot]) {
            case CREATED -> {
                billedFromNs[slot] = nowNs;
                if (isRestored(slot)) {
                    runInit(slot, drawInitEnd(slot), draw(slot, Purpose.RESTORE), nowNs);
                } else {
                    beginInit(slot, nowNs);
                }
                scheduler.onSandboxCreated(id, nowNs);
            }
            case CONNECTED -> {
                runInit(slot, drawInitEnd(slot), draw(slot, Purpose.INIT_FUNCTION), nowNs);
                scheduler.onRuntimeConnected(id, nowNs);
            }
            case CONNECTED_AGAIN -> {
                runInit(slot, drawInitEnd(slot), 0, nowNs);
                scheduler.onRuntimeConnected(id, nowNs);
            }
            case INIT_FAILED, INIT_FAILED_AGAIN -> scheduler.onInitFailed(id, nowNs);
            case EXIT -> scheduler.onRuntimeExit(id, nowNs);
            case RESET -> {
                idleSinceNs[slot] = nowNs;
                scheduler.onReset(id, nowNs);
            }
            case CREATE_FAILED, DESTROYED -> {
                totals.environmentGone(hostIds[slot], nowNs);
                scheduler.onDestroyed(id, nowNs);
            }
            default -> throw new IllegalStateException(stages[slot] + " of environment " + id);
        }
    }

    @HotPath
    private void answer(Scheduler scheduler, int slot, Outcome outcome, long nowNs) {
        Job job = jobs[slot];
        DurationModel overhang = modelOf(slot).work().overhang();
        long overhangNs = job == null ? 0 : overhang.drawNs(bits(job, Purpose.OVERHANG));
        jobs[slot] = null;
        if (overhangNs == 0) {
            scheduler.onResponse(ids[slot], outcome, nowNs);
            becomeReady(scheduler, slot, nowNs);
        } else {
            work(slot, Stage.OVERHANG_OVER, overhangNs, modelOf(slot).workMilliVcpus(), nowNs);
            scheduler.onResponse(ids[slot], outcome, nowNs);
        }
    }

    @HotPath
    private void becomeReady(Scheduler scheduler, int slot, long nowNs) {
        billInvocation(slot, nowNs);
        idleSinceNs[slot] = nowNs;
        scheduler.onReady(ids[slot], nowNs);
    }

    // --- commands

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        ensureSlot(slot);
        ids[slot] = environmentId;
        functionIds[slot] = functionId;
        hostIds[slot] = hostId;
        ordinals[slot] = created[functionId]++;
        turns[slot] = 0;
        jobs[slot] = null;
        idleSinceNs[slot] = NOT_NOW;
        billedFromNs[slot] = NOT_NOW;
        totals.environmentCreated(hostId, nowNs);
        listener.created(environmentId, functionId, hostId, nowNs);
        boolean fails = Draws.unit(bits(slot, Purpose.CREATE_FAULT))
                < modelOf(slot).faults().create();
        waitFor(slot, fails ? Stage.CREATE_FAILED : Stage.CREATED, draw(slot, Purpose.CREATE), nowNs);
    }

    @Override
    @HotPath
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        Job job = Job.of(invocation);
        endIdle(slot, nowNs);
        jobs[slot] = job;
        provisioned[slot] = invocation.provisioned();
        if (!invocation.suppressedInit()) {
            billedFromNs[slot] = nowNs;
        }
        FunctionModel model = modelOf(slot);
        Stage end = model.faults().spareInvocations()
                ? Stage.RESPONSE
                : model.faults().end(bits(job, Purpose.FAULT));
        job.handedNs = job.workNs + model.work().overhead().drawNs(bits(job, Purpose.OVERHEAD));
        work(slot, end, job.handedNs, model.workMilliVcpus(), nowNs);
    }

    @Override
    public void initialize(long environmentId, Invocation invocation, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        FunctionModel model = modelOf(slot);
        endIdle(slot, nowNs);
        billedFromNs[slot] = nowNs;
        Job job = Job.of(invocation);
        jobs[slot] = job;
        provisioned[slot] = invocation.provisioned();
        long boostedNs = model.environment().initRuntime().drawNs(bits(job, Purpose.SUPPRESSED_RUNTIME))
                + model.environment().initFunction().drawNs(bits(job, Purpose.SUPPRESSED_FUNCTION));
        boolean fails =
                Draws.unit(bits(job, Purpose.SUPPRESSED_FAULT)) < model.faults().init();
        Stage end = fails ? Stage.INIT_FAILED_AGAIN : Stage.INITIALIZED_AGAIN;
        work(slot, end, model.suppressedNs(boostedNs), model.suppressedMilliVcpus(), nowNs);
    }

    /** A frozen one keeps its memory and used no CPU before. */
    @Override
    public void freeze(long environmentId, long nowNs) {}

    @Override
    @HotPath
    public void thaw(long environmentId, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        endIdle(slot, nowNs);
        waitFor(slot, Stage.THAWED, drawTurn(slot, Purpose.THAW), nowNs);
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        stopWork(slot, nowNs);
        if (isRestored(slot)) {
            listener.destroyed(environmentId, nowNs);
        }
        waitFor(slot, isRestored(slot) ? Stage.DESTROYED : Stage.RESET, drawTurn(slot, Purpose.RESET), nowNs);
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        stopWork(slot, nowNs);
        listener.destroyed(environmentId, nowNs);
        waitFor(slot, Stage.DESTROYED, draw(slot, Purpose.DESTROY), nowNs);
    }

    // --- what is ahead

    private void beginInit(int slot, long nowNs) {
        DurationModel local = snapshots.start(functionIds[slot], hostIds[slot]);
        if (local == null) {
            runInit(slot, Stage.CONNECTED, draw(slot, Purpose.INIT_RUNTIME), nowNs);
        } else {
            runInit(slot, Stage.CONNECTED_AGAIN, local.drawNs(bits(slot, Purpose.LOCAL)), nowNs);
        }
    }

    private void runInit(int slot, Stage end, long boostedNs, long nowNs) {
        work(slot, end, boostedNs, modelOf(slot).environment().initMilliVcpus(), nowNs);
    }

    @HotPath
    private void work(int slot, Stage end, long workNs, int neededMilliVcpus, long nowNs) {
        if (neededMilliVcpus == 0) {
            waitFor(slot, end, workNs, nowNs);
            return;
        }
        stages[slot] = end;
        milliVcpus[slot] = neededMilliVcpus;
        cpus.start(hostIds[slot], slot, workNs, neededMilliVcpus, nowNs);
    }

    @HotPath
    private void waitFor(int slot, Stage end, long delayNs, long nowNs) {
        stages[slot] = end;
        clock.set(slot, nowNs + Math.min(delayNs, HostCpus.MAX_WORK_NS));
    }

    @HotPath
    private void cancel(int slot, long nowNs) {
        if (milliVcpus[slot] == 0) {
            clock.remove(slot);
        } else {
            cpus.stop(hostIds[slot], slot, milliVcpus[slot], nowNs);
            milliVcpus[slot] = 0;
        }
    }

    /** Whatever it did ends here, and is billed. */
    private void stopWork(int slot, long nowNs) {
        cancel(slot, nowNs);
        endIdle(slot, nowNs);
        if (stages[slot].isInit()) {
            billInit(slot, nowNs);
        }
        billInvocation(slot, nowNs);
        jobs[slot] = null;
    }

    @HotPath
    private void endIdle(int slot, long nowNs) {
        if (idleSinceNs[slot] != NOT_NOW) {
            totals.idle(functionIds[slot], nowNs - idleSinceNs[slot]);
            idleSinceNs[slot] = NOT_NOW;
        }
    }

    private void billInit(int slot, long nowNs) {
        if (billedFromNs[slot] != NOT_NOW) {
            totals.billInit(functionIds[slot], nowNs - billedFromNs[slot]);
            billedFromNs[slot] = NOT_NOW;
        }
    }

    @HotPath
    private void billInvocation(int slot, long nowNs) {
        if (billedFromNs[slot] != NOT_NOW) {
            totals.billInvocation(functionIds[slot], nowNs - billedFromNs[slot], provisioned[slot]);
            billedFromNs[slot] = NOT_NOW;
        }
    }

    /** Who is idle, or in init, when the last invocation has ended, was so until then; what goes on after answers ends. */
    void close(long nowNs) {
        for (int slot = 0; slot < ids.length; slot++) {
            endIdle(slot, nowNs);
            if (billedFromNs[slot] != NOT_NOW && stages[slot].isInit()) {
                billInit(slot, nowNs);
            }
        }
        for (long atNs = nextNs(); atNs != SlotHeap.NEVER; atNs = nextNs()) {
            int slot = nextSlot();
            cancel(slot, atNs);
            billInvocation(slot, atNs);
        }
    }

    // --- draws

    @HotPath
    private FunctionModel modelOf(int slot) {
        return models[functionIds[slot]];
    }

    private boolean isRestored(int slot) {
        return modelOf(slot).spec().restored();
    }

    private Stage drawInitEnd(int slot) {
        boolean fails = Draws.unit(bits(slot, Purpose.INIT_FAULT))
                < modelOf(slot).faults().init();
        return fails ? Stage.INIT_FAILED : Stage.INITIALIZED;
    }

    @HotPath
    private long bits(int slot, Purpose purpose) {
        return draws.bits(functionIds[slot], ordinals[slot], purpose);
    }

    @HotPath
    private long bits(Job job, Purpose purpose) {
        return draws.bits(job.invocation.functionId(), job.invocation.invocationId(), purpose);
    }

    @HotPath
    private long draw(int slot, Purpose purpose) {
        EnvironmentModel model = modelOf(slot).environment();
        DurationModel duration = switch (purpose) {
            case CREATE -> model.create();
            case INIT_RUNTIME -> model.initRuntime();
            case INIT_FUNCTION -> model.initFunction();
            case DESTROY -> model.destroy();
            case RESTORE -> model.restore();
            default -> throw new IllegalStateException("no duration of " + purpose);
        };
        return duration.drawNs(bits(slot, purpose));
    }

    /** Of what an environment does again and again. */
    @HotPath
    private long drawTurn(int slot, Purpose purpose) {
        EnvironmentModel model = modelOf(slot).environment();
        DurationModel duration = purpose == Purpose.THAW ? model.thaw() : model.reset();
        return duration.drawNs(Draws.again(bits(slot, purpose) + turns[slot]++));
    }

    private void ensureSlot(int slot) {
        if (slot < ids.length) {
            return;
        }
        int from = ids.length;
        int capacity = Math.max(FIRST_CAPACITY, Math.max(slot + 1, from * 2));
        places.ensureSlot(capacity - 1);
        ids = Arrays.copyOf(ids, capacity);
        functionIds = Arrays.copyOf(functionIds, capacity);
        hostIds = Arrays.copyOf(hostIds, capacity);
        provisioned = Arrays.copyOf(provisioned, capacity);
        ordinals = Arrays.copyOf(ordinals, capacity);
        turns = Arrays.copyOf(turns, capacity);
        stages = Arrays.copyOf(stages, capacity);
        milliVcpus = Arrays.copyOf(milliVcpus, capacity);
        jobs = Arrays.copyOf(jobs, capacity);
        idleSinceNs = Arrays.copyOf(idleSinceNs, capacity);
        billedFromNs = Arrays.copyOf(billedFromNs, capacity);
        Arrays.fill(idleSinceNs, from, capacity, NOT_NOW);
        Arrays.fill(billedFromNs, from, capacity, NOT_NOW);
    }
}
