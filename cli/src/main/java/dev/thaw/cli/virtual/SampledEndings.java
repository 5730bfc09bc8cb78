package dev.thaw.cli.virtual;

import dev.thaw.results.Phase;
import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.virtual.DurationModel;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationListener;

/** Turns what a simulation says of each ending into the sample that a client would have taken. */
final class SampledEndings implements SimulationListener {
    private static final long NS_PER_MS = 1_000_000;

    private final Simulation simulation;
    private final SampleSink sink;
    private final DurationModel[] outside;
    private final int[] memoryMib;

    /** Who keeps the samples. */
    interface SampleSink {
        /** One to fill, its server's record cleared before it was first used. */
        Sample next();

        void filled(Sample sample, Simulation simulation);
    }

    SampledEndings(Scenario scenario, SampleSink sink) {
        this.sink = sink;
        Workload workload = scenario.workload();
        int functions = workload.functions().size();
        outside = new DurationModel[functions];
        memoryMib = new int[functions];
        for (int function = 0; function < functions; function++) {
            outside[function] = workload.outside(function);
            memoryMib[function] = workload.functions().get(function).spec().memoryMib();
        }
        simulation = scenario.prepare(this);
    }

    Simulation simulation() {
        return simulation;
    }

    @Override
    public void ended(Invocation invocation, Outcome outcome, long nowNs) {
        Sample sample = sink.next();
        sample.serverKnown = true;
        ServerRecord server = sample.server;
        for (Phase phase : Phase.ALL) {
            server.phasesNs[phase.ordinal()] = invocation.phaseNs(phase);
        }
        server.coldTrigger = invocation.coldTrigger();
        server.coldVictim = invocation.coldVictim();
        server.suppressedInit = invocation.suppressedInit();
        server.cpuNs = simulation.cpuNs(invocation);
        server.billedMs = billedMs(server);
        server.memoryMib = memoryMib[invocation.functionId()];
        server.environmentId = invocation.environmentId();
        server.hostId = invocation.hostId();
        server.provisioned = invocation.provisioned();
        record(sample, invocation, statusOf(outcome), nowNs);
    }

    /** Rounded up to 1 ms (contract.md section 8). */
    private static long billedMs(ServerRecord server) {
        long ns = server.phasesNs[Phase.SUPPRESSED_INIT.ordinal()] + server.phasesNs[Phase.INVOKE.ordinal()];
        return (ns + NS_PER_MS - 1) / NS_PER_MS;
    }

    private static SampleStatus statusOf(Outcome outcome) {
        return switch (outcome) {
            case RESPONSE -> SampleStatus.OK;
            case FUNCTION_ERROR, RUNTIME_EXITED, INIT_FAILED -> SampleStatus.FUNCTION_ERROR;
            case TIMED_OUT -> SampleStatus.TIMED_OUT;
        };
    }

    @Override
    public void refused(Invocation invocation, Refusal refusal, long nowNs) {
        Sample sample = sink.next();
        sample.serverKnown = false;
        sample.server.clear();
        record(sample, invocation, refusal.isThrottle() ? SampleStatus.THROTTLED : SampleStatus.ERROR, nowNs);
    }

    private void record(Sample sample, Invocation invocation, SampleStatus status, long nowNs) {
        int functionId = invocation.functionId();
        sample.function = functionId;
        sample.status = status;
        sample.intendedStartNs = invocation.startNs();
        sample.sentNs = invocation.startNs();
        sample.doneNs = nowNs + outside[functionId].drawNs(simulation.bits(invocation));
        sink.filled(sample, simulation);
    }
}
