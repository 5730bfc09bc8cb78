package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import dev.thaw.scheduler.core.SimulatedEnvironment.Told;
import dev.thaw.scheduler.core.SimulatedEvent.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The books that {@link SimulatedFleet} keeps of its own, and their comparison with the scheduler's counts. */
final class SimulatedBooks {
    private static final long NS_PER_MS = 1_000_000;

    final Map<Long, SimulatedEnvironment> live = new LinkedHashMap<>();
    final List<Long> goneIds = new ArrayList<>();
    final Set<Invocation> accepted = new HashSet<>();
    final SimulatedLimits limits;
    boolean shutDown;
    private final SimulatedSchedule schedule;
    private final SimulatedWorld world;
    private final Set<Long> everIds = new HashSet<>();
    private final Set<Invocation> ended = new HashSet<>();
    private final int[] usedMib;
    private final int[] usedMilli;

    SimulatedBooks(SimulatedSchedule schedule) {
        this.schedule = schedule;
        world = schedule.world;
        limits = new SimulatedLimits(world.config().accountConcurrency(), world.functions());
        usedMib = new int[world.hosts().size()];
        usedMilli = new int[world.hosts().size()];
    }

    private void check(boolean holds, String what) {
        schedule.check(holds, what);
    }

    // --- what is noted

    void announce(SimulatedEnvironment environment) {
        check(everIds.add(environment.id), "id used twice: " + environment);
    }

    void occupy(SimulatedEnvironment environment) {
        live.put(environment.id, environment);
        int hostId = environment.hostId;
        FunctionSpec function = world.functions().get(environment.functionId);
        HostSpec host = world.hosts().get(hostId);
        usedMib[hostId] += function.memoryMib();
        usedMilli[hostId] += function.milliVcpus();
        check(usedMib[hostId] <= host.memoryMib(), "memory of " + host + " exceeded");
        check(usedMilli[hostId] <= host.milliVcpus(), "CPU of " + host + " exceeded");
        check(live.size() <= world.config().maxEnvironments(), "too many environments");
        check(!shutDown, "create in shutdown");
    }

    void forget(SimulatedEnvironment environment) {
        schedule.cancelPending(environment, Kind.DESTROYED);
        live.remove(environment.id);
        goneIds.add(environment.id);
        FunctionSpec function = world.functions().get(environment.functionId);
        usedMib[environment.hostId] -= function.memoryMib();
        usedMilli[environment.hostId] -= function.milliVcpus();
    }

    /** Which of them still are, after a change, only the scheduler knows. */
    void forgetProvisioned(int functionId) {
        for (SimulatedEnvironment environment : live.values()) {
            environment.provisioned &= environment.functionId != functionId;
        }
    }

    void end(Invocation invocation, String how, long nowNs) {
        schedule.note(how + " " + invocation.invocationId() + " " + invocation.coldTrigger() + invocation.coldVictim()
                + invocation.suppressedInit());
        check(accepted.remove(invocation), "ended without having begun, or twice");
        check(ended.add(invocation), "ended twice");
        check(invocation.phase() == Phase.RESPOND, "ended in " + invocation.phase());
        limits.inUse[invocation.functionId()]--;
        for (SimulatedEnvironment environment : live.values()) {
            if (environment.invocation == invocation) {
                environment.invocation = null;
            }
        }
        invocation.finish(nowNs + schedule.random.nextLong(5 * NS_PER_MS));
        long sumNs = 0;
        for (Phase phase : Phase.ALL) {
            check(invocation.phaseNs(phase) >= 0, "negative " + phase);
            sumNs += invocation.phaseNs(phase);
            schedule.history.append(' ').append(invocation.phaseNs(phase));
        }
        check(sumNs == invocation.totalNs(), "phases add up to " + sumNs + " of " + invocation.totalNs());
    }

    // --- what they say

    boolean isRestored(int functionId) {
        return world.functions().get(functionId).restored();
    }

    /** Its environment may be created although no invocation waits for it. */
    boolean isExpected(int functionId) {
        boolean guesses = world.keepAlive().startsWith("hybrid");
        return guesses
                && waiting(functionId) == 0
                && live.values().stream().noneMatch(other -> other.functionId == functionId);
    }

    private boolean hasIdle(int functionId) {
        return live.values().stream()
                .anyMatch(environment -> environment.functionId == functionId && environment.isIdle());
    }

    private boolean isGone(int functionId) {
        return live.values().stream().noneMatch(environment -> environment.functionId == functionId);
    }

    private boolean hasRoom(int functionId) {
        FunctionSpec function = world.functions().get(functionId);
        boolean found = false;
        for (int host = 0; host < usedMib.length; host++) {
            HostSpec spec = world.hosts().get(host);
            found |= usedMib[host] + function.memoryMib() <= spec.memoryMib()
                    && usedMilli[host] + function.milliVcpus() <= spec.milliVcpus();
        }
        return found && live.size() < world.config().maxEnvironments();
    }

    int waiting(int functionId) {
        int atWork = countOf(functionId, Told.THAWING);
        for (SimulatedEnvironment environment : live.values()) {
            if (environment.functionId == functionId && environment.invocation != null) {
                atWork++;
            }
        }
        return limits.inUse[functionId] - atWork;
    }

    int startingOnDemand(int functionId) {
        int count = 0;
        for (SimulatedEnvironment environment : live.values()) {
            boolean counts = environment.functionId == functionId && environment.isStarting();
            count += counts && !environment.ahead ? 1 : 0;
        }
        return count;
    }

    int countOf(int functionId, Told told) {
        int count = 0;
        for (SimulatedEnvironment environment : live.values()) {
            if (environment.told == told && (functionId < 0 || environment.functionId == functionId)) {
                count++;
            }
        }
        return count;
    }

    // --- whether the scheduler's say the same

    void compare(Scheduler scheduler) {
        FleetCounters counts = scheduler.counts();
        int waiting = 0;
        for (int function = 0; function < limits.inUse.length; function++) {
            int waitingHere = waiting(function);
            waiting += waitingHere;
            check(waitingHere == 0 || countOf(function, Told.READY) == 0, "a ready environment while others wait");
            check(!limits.isRetired(function) || !hasIdle(function), "an idle environment of a retired function");
        }
        compareProvisioned(scheduler, waiting == 0 && !shutDown);
        check(counts.waiting() == waiting, "waiting " + counts.waiting() + ", should be " + waiting);
        check(counts.starting() == countOf(-1, Told.CREATING) + countOf(-1, Told.INIT), "starting");
        int busy = countOf(-1, Told.BUSY) + countOf(-1, Told.OVERHANG) + countOf(-1, Told.SUPPRESSED_INIT);
        check(counts.busy() == busy + countOf(-1, Told.THAWING), "busy");
        check(counts.idle() == countOf(-1, Told.READY), "idle");
        check(counts.frozen() == countOf(-1, Told.FROZEN), "frozen");
        check(counts.resetting() == countOf(-1, Told.RESETTING) + countOf(-1, Told.STOPPED), "resetting");
        check(counts.destroying() == countOf(-1, Told.DESTROYING), "destroying");
        check(counts.created() == everIds.size(), "created");
    }

    private void compareProvisioned(Scheduler scheduler, boolean nobodyWaits) {
        for (int function = 0; function < limits.inUse.length; function++) {
            ProvisionedConcurrency state = scheduler.provisioned(function);
            check(state.requested() == (shutDown ? 0 : limits.provisioned(function)), "requested of f" + function);
            check(shutDown || state.allocated() <= state.requested(), "too many provisioned: " + state);
            check(state.available() <= state.allocated() && state.inUse() <= state.available(), "nested: " + state);
            int sure = 0;
            for (SimulatedEnvironment environment : live.values()) {
                sure += environment.provisioned && environment.functionId == function ? 1 : 0;
            }
            check(sure <= state.allocated(), "lost sight of provisioned ones: " + state);
            boolean isShort = state.allocated() < state.requested() && !state.failed();
            boolean leaving = countOf(-1, Told.DESTROYING) > 0;
            check(!isShort || !nobodyWaits || leaving || !hasRoom(function), "room, and no start: " + state);
            boolean gone = limits.isRetired(function) && limits.inUse[function] == 0 && isGone(function);
            check(scheduler.isGone(function) == gone, "gone");
        }
    }

    /** At the end. */
    void compareNothingLeft(Scheduler scheduler) {
        check(live.isEmpty(), "environments left: " + live.values());
        check(accepted.isEmpty(), "invocations left");
        check(scheduler.nextDeadlineNs() == Scheduler.NO_DEADLINE, "a timer is left");
        for (int function = 0; function < limits.inUse.length; function++) {
            check(scheduler.provisioned(function).allocated() == 0, "provisioned concurrency left");
        }
        for (int host = 0; host < usedMib.length; host++) {
            check(usedMib[host] == 0 && usedMilli[host] == 0, "room left in use");
        }
    }

    /** Provisioned concurrency may hold a host for ever; who may wait as long for it is then stuck, rightly. */
    boolean holdsProvisioned(Scheduler scheduler) {
        boolean holds = false;
        for (int function = 0; function < limits.inUse.length; function++) {
            holds |= scheduler.provisioned(function).allocated() > 0;
        }
        return holds;
    }
}
