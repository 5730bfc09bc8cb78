package dev.thaw.scheduler.virtual;

import dev.thaw.results.FleetSample;
import dev.thaw.results.Phase;
import dev.thaw.scheduler.core.Completions;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SlotHeap;
import org.jspecify.annotations.Nullable;

/**
 * One run of the scheduler through virtual time: the next event, whichever it is, until all arrivals have come and all
 * invocations have ended. At one instant environments come before the scheduler's timers, and those before arrivals.
 *
 * <p>Threading: one thread, one run.
 */
public final class Simulation implements Completions {
    private final FunctionModel[] models;
    private final Draws draws;
    private final SimulationTotals totals;
    private final SimulationListener listener;
    private final VirtualEnvironments environments;
    private final Scheduler scheduler;
    private @Nullable Job firstFree;
    private long accepted;
    private long nowNs;

    public Simulation(SimulationPlan plan, Policies policies, SimulationListener listener) {
        models = plan.functions().toArray(FunctionModel[]::new);
        draws = new Draws(plan.seed());
        totals = new SimulationTotals(plan);
        this.listener = listener;
        environments = new VirtualEnvironments(plan, draws, totals, listener);
        scheduler = new Scheduler(plan.config(), policies, environments, this);
        plan.hosts().forEach(host -> scheduler.addHost(host.spec()));
        plan.functions().forEach(function -> scheduler.addFunction(function.spec()));
        for (int functionId = 0; functionId < models.length; functionId++) {
            scheduler.reserve(models[functionId].spec().name(), models[functionId].reservedConcurrency());
        }
        for (int functionId = 0; functionId < models.length; functionId++) {
            scheduler.provision(functionId, models[functionId].provisionedConcurrency(), 0);
        }
    }

    /** Runs to the end, once, and returns what was measured. */
    public SimulationTotals run(ArrivalSource arrivals) {
        boolean more = arrivals.next();
        while (more || accepted > 0) {
            long arrivalNs = more ? arrivals.atNs() : SlotHeap.NEVER;
            long eventNs = environments.nextNs();
            long timerNs = scheduler.nextDeadlineNs();
            if (eventNs <= timerNs && eventNs <= arrivalNs) {
                proceed(eventNs);
                environments.happen(scheduler, nowNs);
            } else if (timerNs <= arrivalNs) {
                proceed(Math.max(nowNs, timerNs));
                scheduler.poll(nowNs);
            } else {
                arrive(arrivals, arrivalNs);
                more = arrivals.next();
            }
        }
        environments.close(nowNs);
        totals.close(scheduler.counts().prewarmed(), nowNs);
        return totals;
    }

    /** What the environments do now; for a listener, while it is called. */
    public FleetSample fleet() {
        return scheduler.counts().sample(nowNs);
    }

    /** What was counted so far; for a listener, while it is called. */
    public SimulationTotals soFar() {
        return totals;
    }

    /** What its answer took beyond its handler's work; for a listener, while it is called. */
    @HotPath
    public long addedNs(Invocation invocation) {
        return Math.max(0, invocation.totalNs() - Job.of(invocation).workNs);
    }

    /** CPU time of an invocation's handler, as its model has it; for a listener, while it is called. */
    @HotPath
    public long cpuNs(Invocation invocation) {
        // What timed out did not use all that it needed; what was slowed down by others took longer than it needed.
        long workedNs = Math.min(Job.of(invocation).handedNs, invocation.phaseNs(Phase.INVOKE));
        return workedNs * models[invocation.functionId()].workMilliVcpus() / 1_000;
    }

    /** Random bits of an invocation that nothing else draws; for a listener, while it is called. */
    @HotPath
    public long bits(Invocation invocation) {
        return draws.bits(invocation.functionId(), invocation.invocationId(), Purpose.LISTENER);
    }

    @HotPath
    private void proceed(long toNs) {
        if (toNs == SlotHeap.NEVER) {
            throw new IllegalStateException(accepted + " invocations wait for nothing at " + nowNs + " ns");
        }
        nowNs = toNs;
    }

    @HotPath
    private void arrive(ArrivalSource arrivals, long atNs) {
        int functionId = arrivals.functionId();
        if (atNs < nowNs || functionId < 0 || functionId >= models.length) {
            throw new IllegalArgumentException("arrival of function " + functionId + " at " + atNs
                    + " ns, must be of 0.." + (models.length - 1) + " and not before " + nowNs + " ns");
        }
        nowNs = atNs;
        long ordinal = totals.arrived(functionId);
        Job job = firstFree == null ? slowNewJob() : firstFree;
        firstFree = job.nextFree;
        long workNs = arrivals.workNs();
        job.workNs = workNs >= 0 ? workNs : drawWorkNs(functionId, ordinal);
        job.handedNs = 0;
        job.invocation.start(ordinal, functionId, job, atNs);
        accepted++;
        scheduler.onInvoke(job.invocation, atNs);
    }

    @HotPath
    private long drawWorkNs(int functionId, long ordinal) {
        return models[functionId].work().handler().drawNs(draws.bits(functionId, ordinal, Purpose.WORK));
    }

    private static Job slowNewJob() {
        return new Job();
    }

    @Override
    @HotPath
    public void complete(Invocation invocation, Outcome outcome, long atNs) {
        invocation.finish(atNs);
        totals.ended(invocation, Job.of(invocation).workNs, outcome);
        listener.ended(invocation, outcome, atNs);
        release(invocation);
    }

    @Override
    @HotPath
    public void refuse(Invocation invocation, Refusal refusal, long atNs) {
        invocation.finish(atNs);
        totals.refused(refusal);
        listener.refused(invocation, refusal, atNs);
        release(invocation);
    }

    @HotPath
    private void release(Invocation invocation) {
        Job job = Job.of(invocation);
        job.nextFree = firstFree;
        firstFree = job;
        accepted--;
    }
}
