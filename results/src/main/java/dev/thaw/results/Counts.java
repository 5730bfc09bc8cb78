package dev.thaw.results;

/** How the invocations of a run, or of one function, ended. */
final class Counts {
    private final long[] byStatus = new long[SampleStatus.ALL.length];
    long coldTriggers;
    long coldVictims;
    long suppressed;
    long outOfMemory;
    /** Invocations whose server told its part, and those of them that ran on an emulated processor. */
    long serverKnown;

    long emulated;
    /** Invocations with an injected fault, whichever. */
    long faulted;
    /** Injected faults by their ordinal. */
    final long[] faults = new long[InjectedFault.ALL.length];

    void add(Sample sample) {
        byStatus[sample.status.ordinal()]++;
        if (sample.serverKnown) {
            ServerRecord server = sample.server;
            serverKnown++;
            emulated += server.emulated ? 1 : 0;
            coldTriggers += server.coldTrigger ? 1 : 0;
            coldVictims += server.coldVictim ? 1 : 0;
            suppressed += server.suppressedInit ? 1 : 0;
            outOfMemory += server.outOfMemory ? 1 : 0;
            if (server.faults != 0) {
                addFaults(server.faults);
            }
        }
    }

    private void addFaults(int injected) {
        faulted++;
        for (InjectedFault fault : InjectedFault.ALL) {
            faults[fault.ordinal()] += fault.isIn(injected) ? 1 : 0;
        }
    }

    long of(SampleStatus status) {
        return byStatus[status.ordinal()];
    }

    /** Every sample taken. */
    long recorded() {
        long sum = 0;
        for (long count : byStatus) {
            sum += count;
        }
        return sum;
    }

    long sent() {
        return recorded() - of(SampleStatus.UNSENT);
    }

    /** Planned and not sent, told by a sample each or, where the run ended early, by none. */
    long unsent(RunPlan plan) {
        return Math.max(of(SampleStatus.UNSENT), plan.plannedInvocations() - sent());
    }

    /** Answered, whatever the answer: sent = completed + lost. */
    long completed() {
        return sent() - of(SampleStatus.LOST);
    }

    /** Answered with anything but a good response. */
    long failed() {
        return completed() - of(SampleStatus.OK);
    }
}
