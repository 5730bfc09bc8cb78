package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import dev.thaw.scheduler.core.SimulatedEnvironment.Told;
import dev.thaw.scheduler.core.SimulatedEvent.Kind;
import dev.thaw.scheduler.policy.RegionalScaling;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler commands {@link SimulatedFleet} to do: environments that obey with random latencies, failures and
 * hangs. Throws an {@link AssertionError} on a command that breaks the protocol.
 */
final class SimulatedCommands implements Environments, Completions {
    private static final long NS_PER_MS = 1_000_000;

    private final SimulatedSchedule schedule;
    private final SimulatedWorld world;
    private final SplittableRandom random;
    private final SimulatedBooks books;
    private final Set<Long> triggeredIds = new HashSet<>();
    private long createdOnDemand;
    /** Whether the scheduler is at work on a message: it commands nothing of its own accord. */
    boolean inside;

    @Nullable
    Refusal refused;

    SimulatedCommands(SimulatedSchedule schedule, SimulatedBooks books) {
        this.schedule = schedule;
        this.books = books;
        world = schedule.world;
        random = schedule.random;
    }

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        SimulatedEnvironment environment = new SimulatedEnvironment(environmentId, functionId, hostId);
        schedule.note("create " + environment + " on " + hostId + " " + type
                + (books.isExpected(functionId) ? " ahead" : ""));
        books.announce(environment);
        if (type == InitializationType.PROVISIONED_CONCURRENCY) {
            environment.ahead = true;
            environment.provisioned = true;
            schedule.check(books.limits.provisioned(functionId) > 0, "provisioned unasked: " + environment);
        } else {
            environment.ahead = books.isExpected(functionId);
            int coming = books.startingOnDemand(functionId)
                    + (books.isRestored(functionId) ? 0 : books.countOf(functionId, Told.RESETTING));
            boolean called = environment.ahead || coming < books.waiting(functionId);
            schedule.check(called, "more starts and resets than invocations that wait: " + environment);
            createdOnDemand++;
            boolean slow = createdOnDemand <= world.burst() + schedule.atNs / RegionalScaling.NS_PER_ENVIRONMENT + 1;
            schedule.check(world.burst() == SimulatedWorld.NO_BURST || slow, "created too fast");
        }
        books.occupy(environment);
        if (schedule.goesWrong()) {
            schedule.maybeBreakLater(environment, random.nextLong(100 * NS_PER_MS));
        }
        if (schedule.goesWrong()) {
            schedule.later(environment, Kind.DESTROYED, random.nextLong(60 * NS_PER_MS));
            return;
        }
        long createNs = random.nextLong(10 * NS_PER_MS);
        if (random.nextBoolean()) {
            schedule.later(environment, Kind.SANDBOX_CREATED, createNs);
            schedule.initAfter(environment, createNs);
        } else {
            startExtensions(environment, createNs);
        }
    }

    /** Where one never registers, nothing follows: the limit of init ends it. */
    private void startExtensions(SimulatedEnvironment environment, long createNs) {
        schedule.later(environment, Kind.EXTENSIONS_STARTING, createNs);
        if (schedule.goesWrong()) {
            return;
        }
        long registeredNs = createNs + random.nextLong(10 * NS_PER_MS);
        schedule.later(environment, Kind.EXTENSIONS_REGISTERED, registeredNs);
        schedule.initAfter(environment, registeredNs);
    }

    @Override
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "dispatch");
        schedule.check(environment.told == Told.READY, "dispatch to " + environment);
        // After a suppressed init the invocation is there already.
        schedule.check(
                environment.invocation == null || environment.invocation == invocation, "two invocations in one");
        give(environment, invocation);
        environment.told = Told.BUSY;
        schedule.check(
                invocation.deadlineNs() - nowNs > 0 || invocation.suppressedInit(), "dispatched after its deadline");
        if (schedule.goesWrong()) {
            if (random.nextBoolean()) {
                schedule.later(environment, Kind.RUNTIME_EXIT, random.nextLong(100 * NS_PER_MS));
            }
            return;
        }
        long runNs = random.nextLong(120 * NS_PER_MS);
        long overhangNs = overhangNs();
        schedule.later(environment, Kind.RESPONSE, runNs);
        if (!schedule.goesWrong()) {
            schedule.later(environment, Kind.READY, runNs + overhangNs);
        } else if (random.nextBoolean()) {
            schedule.later(environment, Kind.RUNTIME_EXIT, runNs + overhangNs);
        }
    }

    /** None, an extension at work after the answer, or one that overruns most timeouts. */
    private long overhangNs() {
        return switch (random.nextInt(4)) {
            case 0, 1 -> 0;
            case 2 -> random.nextLong(50 * NS_PER_MS);
            default -> random.nextLong(2_000 * NS_PER_MS);
        };
    }

    @Override
    public void initialize(long environmentId, Invocation invocation, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "initialize");
        schedule.check(environment.told == Told.STOPPED, "initialize of " + environment);
        schedule.check(environment.invocation == null, "two invocations in one environment");
        schedule.check(invocation.suppressedInit(), "not marked");
        give(environment, invocation);
        environment.told = Told.SUPPRESSED_INIT;
        schedule.initAfter(environment, 0);
    }

    @Override
    public void freeze(long environmentId, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "freeze");
        schedule.check(environment.told == Told.READY && environment.invocation == null, "freeze of " + environment);
        environment.told = Told.FROZEN;
    }

    @Override
    public void thaw(long environmentId, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "thaw");
        schedule.check(environment.told == Told.FROZEN, "thaw of " + environment);
        environment.told = Told.THAWING;
        if (!schedule.goesWrong()) {
            schedule.later(environment, Kind.THAWED, random.nextLong(3 * NS_PER_MS));
        } else if (random.nextBoolean()) {
            schedule.later(
                    environment,
                    random.nextBoolean() ? Kind.RUNTIME_EXIT : Kind.DESTROYED,
                    random.nextLong(3 * NS_PER_MS));
        }
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "reset " + reason);
        schedule.check(!environment.isIdle() && environment.told != Told.CREATING, "reset of " + environment);
        schedule.check(
                environment.told != Told.RESETTING && environment.told != Told.DESTROYING, "reset of " + environment);
        environment.told = Told.RESETTING;
        environment.provisioned = false;
        environment.invocation = null;
        boolean restored = books.isRestored(environment.functionId);
        schedule.answer(environment, restored ? Kind.DESTROYED : Kind.RESET, random.nextLong(20 * NS_PER_MS));
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "destroy " + reason);
        schedule.check(environment.told != Told.DESTROYING, "destroyed twice: " + environment);
        schedule.check((reason == DestroyReason.SHUTDOWN) == books.shutDown, reason + " of " + environment);
        boolean retired = reason == DestroyReason.RETIRED;
        schedule.check(!retired || books.limits.isRetired(environment.functionId), "not retired: " + environment);
        boolean again = reason == DestroyReason.INIT_FAILED;
        schedule.check(!again || environment.told == Told.BROKEN, reason + " of " + environment);
        schedule.check(environment.isIdle() || books.shutDown || retired || again, reason + " of " + environment);
        boolean forRoomOrAge = reason == DestroyReason.EVICTED || reason == DestroyReason.KEEP_ALIVE_EXPIRED;
        schedule.check(!forRoomOrAge || !environment.provisioned, reason + " of provisioned " + environment);
        schedule.check(
                environment.invocation == null || environment.told != Told.READY, "destroyed at work: " + environment);
        environment.told = Told.DESTROYING;
        environment.provisioned = false;
        environment.invocation = null;
        schedule.answer(environment, Kind.DESTROYED, random.nextLong(40 * NS_PER_MS));
    }

    @Override
    public void complete(Invocation invocation, Outcome outcome, long nowNs) {
        books.end(invocation, outcome.name(), nowNs);
        schedule.check(!(invocation.coldTrigger() && invocation.coldVictim()), "trigger and victim at once");
        if (invocation.coldTrigger()) {
            schedule.check(triggeredIds.add(invocation.environmentId()), "two triggers of one environment");
        } else if (invocation.environmentId() != Invocation.NO_ENVIRONMENT) {
            long startNs = invocation.phaseNs(Phase.CREATE)
                    + invocation.phaseNs(Phase.INIT_EXTENSION)
                    + invocation.phaseNs(Phase.INIT_RUNTIME)
                    + invocation.phaseNs(Phase.INIT_FUNCTION)
                    + invocation.phaseNs(Phase.RESTORE);
            schedule.check(startNs == 0, "start time of an environment that did not serve");
        }
        if (outcome == Outcome.TIMED_OUT) {
            schedule.check(nowNs - invocation.deadlineNs() >= 0, "timed out too early");
        }
    }

    @Override
    public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
        books.end(invocation, refusal.name(), nowNs);
        refused = refusal;
        schedule.check(invocation.environmentId() == Invocation.NO_ENVIRONMENT, "refused after it had started");
    }

    private SimulatedEnvironment take(long environmentId, String command) {
        SimulatedEnvironment environment = books.live.get(environmentId);
        if (environment == null) {
            throw schedule.failure(command + " of an environment that does not exist: " + environmentId);
        }
        schedule.note(command + " " + environment);
        schedule.check(inside, "command without message");
        return environment;
    }

    private void give(SimulatedEnvironment environment, Invocation invocation) {
        schedule.check(books.accepted.contains(invocation), "handed over after its end");
        schedule.check(invocation.functionId() == environment.functionId, "of another function");
        schedule.check(invocation.environmentId() == environment.id, "not told where it runs");
        for (SimulatedEnvironment other : books.live.values()) {
            schedule.check(other == environment || other.invocation != invocation, "in two environments at once");
        }
        environment.invocation = invocation;
    }
}
