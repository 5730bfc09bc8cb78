package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import dev.thaw.scheduler.core.SimulatedEnvironment.Told;
import dev.thaw.scheduler.core.SimulatedEvent.Kind;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import dev.thaw.scheduler.policy.RegionalScaling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scheduler through one seeded schedule against simulated environments with random latencies, failures, exits,
 * hangs and late events. Strict: it keeps its own books and throws an {@link AssertionError} on the first command that
 * breaks the protocol of {@link Environments} and {@link Completions}, and after every step where the scheduler's
 * counts and its own differ.
 */
final class SimulatedFleet implements Environments, Completions {
    private static final long NS_PER_MS = 1_000_000;
    private static final int STEP_LIMIT = 200_000;

    private final SimulatedWorld world;
    private final SplittableRandom random;
    private final Scheduler scheduler;
    private final PriorityQueue<SimulatedEvent> events = new PriorityQueue<>();
    private final Map<Long, SimulatedEnvironment> live = new LinkedHashMap<>();
    private final List<Long> goneIds = new ArrayList<>();
    private final Set<Long> everIds = new HashSet<>();
    private final Set<Invocation> accepted = new HashSet<>();
    private final Set<Invocation> ended = new HashSet<>();
    private final Set<Long> triggeredIds = new HashSet<>();
    private final SimulatedLimits limits;
    private final int[] usedMib;
    private final int[] usedMilli;
    private final StringBuilder history = new StringBuilder();
    private int nextArrival;
    private int nextChange;
    private long createdOnDemand;
    private long order;
    private long atNs;
    private boolean shutDown;
    private boolean starved;
    private boolean inside;
    private @Nullable Refusal refusedInOnInvoke;

    SimulatedFleet(long seed) {
        random = new SplittableRandom(seed);
        world = SimulatedWorld.draw(random);
        scheduler = new Scheduler(
                world.config(),
                new Policies(
                        PolicyCatalogue.placement(world.placement()),
                        PolicyCatalogue.keepAlive(world.keepAlive()),
                        PolicyCatalogue.queueing(world.queueing()),
                        PolicyCatalogue.scaling(world.scaling())),
                this,
                this);
        world.hosts().forEach(scheduler::addHost);
        world.functions().forEach(scheduler::addFunction);
        limits = new SimulatedLimits(world.config().accountConcurrency(), world.functions());
        usedMib = new int[world.hosts().size()];
        usedMilli = new int[world.hosts().size()];
    }

    /** Runs to the end and returns every command and ending, one a line. */
    String run() {
        int steps = 0;
        while (!starved && !isDone() && world.shutdownNs() > atNs) {
            step();
            check(++steps < STEP_LIMIT, "endless schedule");
        }
        shutDown = true;
        call(() -> scheduler.shutdown(now()));
        invoke(0);
        while (!scheduler.isTerminated()) {
            step();
            check(++steps < STEP_LIMIT, "endless shutdown");
        }
        check(live.isEmpty(), "environments left: " + live.values());
        check(accepted.isEmpty(), "invocations left");
        check(scheduler.nextDeadlineNs() == Scheduler.NO_DEADLINE, "a timer is left");
        for (int function = 0; function < limits.inUse.length; function++) {
            check(scheduler.provisioned(function).allocated() == 0, "provisioned concurrency left");
        }
        for (int host = 0; host < usedMib.length; host++) {
            check(usedMib[host] == 0 && usedMilli[host] == 0, "room left in use");
        }
        return history.toString();
    }

    private boolean isDone() {
        return nextArrival == world.arrivals().size() && accepted.isEmpty();
    }

    /** Provisioned concurrency may hold a host for ever; who may wait as long for it is then stuck, rightly. */
    private boolean holdsProvisioned() {
        boolean holds = false;
        for (int function = 0; function < limits.inUse.length; function++) {
            holds |= scheduler.provisioned(function).allocated() > 0;
        }
        return holds;
    }

    // --- time

    private void step() {
        long timerNs = scheduler.nextDeadlineNs();
        long timerAtNs = timerNs == Scheduler.NO_DEADLINE
                ? Long.MAX_VALUE
                : Math.max(atNs, timerNs - world.originNs() + world.pollLatenessNs());
        SimulatedEvent event = nextEvent();
        long eventAtNs = event == null ? Long.MAX_VALUE : event.atNs;
        boolean arrives = !shutDown && nextArrival < world.arrivals().size();
        long arrivalAtNs = arrives ? world.arrivals().get(nextArrival).atNs() : Long.MAX_VALUE;
        boolean changes = !shutDown && nextChange < world.changes().size();
        long changeAtNs = changes ? world.changes().get(nextChange).atNs() : Long.MAX_VALUE;
        long nextNs = Math.min(Math.min(timerAtNs, changeAtNs), Math.min(eventAtNs, arrivalAtNs));
        starved = nextNs == Long.MAX_VALUE && holdsProvisioned();
        if (starved) {
            return;
        }
        check(nextNs != Long.MAX_VALUE, "stuck with " + accepted.size() + " invocations and " + live.values());
        atNs = nextNs;
        if (nextNs == changeAtNs) {
            change(world.changes().get(nextChange++));
        } else if (nextNs == arrivalAtNs) {
            invoke(world.arrivals().get(nextArrival++).functionId());
        } else if (event != null && nextNs == eventAtNs) {
            events.remove();
            event.environment.pending.remove(event);
            deliver(event.environment, event.kind);
        } else {
            int[] fired = new int[1];
            call(() -> fired[0] = scheduler.poll(now()));
            check(fired[0] > 0, "a due timer did not fire");
        }
        if (random.nextInt(20) == 0) {
            disturb();
        }
        compareBooks();
    }

    private @Nullable SimulatedEvent nextEvent() {
        SimulatedEvent event = events.peek();
        while (event != null && event.cancelled) {
            events.remove();
            event = events.peek();
        }
        return event;
    }

    private long now() {
        return world.originNs() + atNs;
    }

    private void call(Runnable message) {
        check(!inside, "scheduler called from inside");
        inside = true;
        message.run();
        inside = false;
    }

    // --- messages in

    private void invoke(int functionId) {
        Refusal expected = expectedRefusal(functionId, world.functions().get(functionId));
        Invocation invocation = new Invocation();
        invocation.start(order++, functionId, null, now());
        accepted.add(invocation);
        limits.inUse[functionId]++;
        refusedInOnInvoke = null;
        call(() -> scheduler.onInvoke(invocation, now()));
        Refusal actual = refusedInOnInvoke;
        boolean late = actual == Refusal.NO_CAPACITY || actual == Refusal.SCALING_RATE_EXCEEDED;
        boolean agree = expected == null ? actual == null || late : actual == expected;
        check(agree, "expected refusal " + expected + ", was " + actual);
    }

    private @Nullable Refusal expectedRefusal(int functionId, FunctionSpec function) {
        if (shutDown) {
            return Refusal.SHUTTING_DOWN;
        }
        Refusal neverFits = world.hosts().stream()
                        .anyMatch(host ->
                                host.memoryMib() >= function.memoryMib() && host.milliVcpus() >= function.milliVcpus())
                ? null
                : Refusal.NEVER_FITS;
        Refusal limited = limits.refusal(functionId);
        return limited != null ? limited : neverFits;
    }

    private void change(SimulatedWorld.Change change) {
        note(change.toString());
        int functionId = change.functionId();
        String name = world.functions().get(functionId).name();
        switch (change.kind()) {
            case RESERVE ->
                changeOrRefuse(limits.reserve(name, change.amount()), () -> scheduler.reserve(name, change.amount()));
            case PROVISION -> {
                if (isRestored(functionId)) {
                    return;
                }
                boolean fits = !limits.isRetired(functionId) && limits.provision(functionId, change.amount());
                if (fits) {
                    forgetProvisioned(functionId);
                }
                if (!limits.isRetired(functionId)) {
                    changeOrRefuse(fits, () -> scheduler.provision(functionId, change.amount(), now()));
                }
            }
            case RETIRE -> {
                limits.retire(functionId);
                forgetProvisioned(functionId);
                call(() -> scheduler.retire(functionId, now()));
            }
        }
    }

    private void changeOrRefuse(boolean fits, Runnable change) {
        boolean[] refused = new boolean[1];
        call(() -> {
            try {
                change.run();
            } catch (IllegalArgumentException e) {
                refused[0] = true;
            }
        });
        check(refused[0] != fits, fits ? "refused what there is" : "promised what there is not");
    }

    /** Which of them still are, after a change, only the scheduler knows. */
    private void forgetProvisioned(int functionId) {
        for (SimulatedEnvironment environment : live.values()) {
            environment.provisioned &= environment.functionId != functionId;
        }
    }

    private void deliver(SimulatedEnvironment environment, Kind kind) {
        note(kind + " " + environment);
        Told told = environment.told;
        boolean leaving = told == Told.RESETTING || told == Told.DESTROYING;
        long id = environment.id;
        switch (kind) {
            case SANDBOX_CREATED -> {
                environment.told = told == Told.CREATING ? Told.INIT : told;
                call(() -> scheduler.onSandboxCreated(id, now()));
            }
            case EXTENSIONS_STARTING -> {
                environment.told = told == Told.CREATING ? Told.INIT : told;
                call(() -> scheduler.onExtensionsStarting(id, now()));
            }
            case EXTENSIONS_REGISTERED -> call(() -> scheduler.onExtensionsRegistered(id, now()));
            case RUNTIME_CONNECTED -> call(() -> scheduler.onRuntimeConnected(id, now()));
            case READY -> {
                environment.told = leaving ? told : Told.READY;
                if (!leaving) {
                    maybeBreakLater(environment, random.nextLong(300 * NS_PER_MS));
                }
                call(() -> scheduler.onReady(id, now()));
            }
            case INIT_FAILED -> {
                environment.told = leaving ? told : Told.BROKEN;
                environment.provisioned = false;
                call(() -> scheduler.onInitFailed(id, now()));
            }
            case RESPONSE -> {
                environment.told = leaving ? told : Told.OVERHANG;
                Outcome outcome = random.nextBoolean() ? Outcome.RESPONSE : Outcome.FUNCTION_ERROR;
                call(() -> scheduler.onResponse(id, outcome, now()));
            }
            case RUNTIME_EXIT -> {
                environment.told = leaving ? told : Told.BROKEN;
                environment.provisioned = false;
                cancelPending(environment, Kind.RUNTIME_EXIT);
                call(() -> scheduler.onRuntimeExit(id, now()));
            }
            case THAWED -> {
                environment.told = leaving ? told : Told.READY;
                call(() -> scheduler.onThawed(id, now()));
            }
            case RESET -> {
                check(told == Told.RESETTING || told == Told.DESTROYING, "reset answer in " + environment);
                environment.told = told == Told.RESETTING ? Told.STOPPED : told;
                call(() -> scheduler.onReset(id, now()));
            }
            case DESTROYED -> {
                forget(environment);
                call(() -> scheduler.onDestroyed(id, now()));
            }
        }
        check(environment.told != Told.BROKEN, "left broken: " + environment);
    }

    /** Tells of environments that are gone, and tells living ones what cannot be true of their state. */
    private void disturb() {
        if (!goneIds.isEmpty()) {
            long id = goneIds.get(random.nextInt(goneIds.size()));
            long staleBefore = scheduler.counts().stale();
            call(() -> {
                scheduler.onReady(id, now());
                scheduler.onResponse(id, Outcome.RESPONSE, now());
                scheduler.onRuntimeExit(id, now());
                scheduler.onInitFailed(id, now());
                scheduler.onReset(id, now());
                scheduler.onThawed(id, now());
                scheduler.onSandboxCreated(id, now());
                scheduler.onExtensionsStarting(id, now());
                scheduler.onExtensionsRegistered(id, now());
                scheduler.onRuntimeConnected(id, now());
                scheduler.onDestroyed(id, now());
            });
            check(scheduler.counts().stale() == staleBefore + 11, "a stale event was not counted");
        }
        for (SimulatedEnvironment environment : List.copyOf(live.values())) {
            if (environment.isIdle()) {
                call(() -> {
                    scheduler.onReady(environment.id, now());
                    scheduler.onResponse(environment.id, Outcome.RESPONSE, now());
                    scheduler.onThawed(environment.id, now());
                    scheduler.onReset(environment.id, now());
                    scheduler.onInitFailed(environment.id, now());
                });
            }
        }
    }

    private boolean isRestored(int functionId) {
        return world.functions().get(functionId).restored();
    }

    /** Its environment may be created although no invocation waits for it. */
    private boolean isExpected(int functionId) {
        boolean guesses = world.keepAlive().startsWith("hybrid");
        return guesses
                && waiting(functionId) == 0
                && live.values().stream().noneMatch(other -> other.functionId == functionId);
    }

    // --- commands out

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        SimulatedEnvironment environment = new SimulatedEnvironment(environmentId, functionId, hostId);
        note("create " + environment + " on " + hostId + " " + type + (isExpected(functionId) ? " ahead" : ""));
        check(everIds.add(environmentId), "id used twice: " + environment);
        if (type == InitializationType.PROVISIONED_CONCURRENCY) {
            environment.ahead = true;
            environment.provisioned = true;
            check(limits.provisioned(functionId) > 0, "provisioned unasked: " + environment);
        } else {
            environment.ahead = isExpected(functionId);
            int coming =
                    startingOnDemand(functionId) + (isRestored(functionId) ? 0 : countOf(functionId, Told.RESETTING));
            boolean called = environment.ahead || coming < waiting(functionId);
            check(called, "more starts and resets than invocations that wait: " + environment);
            createdOnDemand++;
            boolean slow = createdOnDemand <= world.burst() + atNs / RegionalScaling.NS_PER_ENVIRONMENT + 1;
            check(world.burst() == SimulatedWorld.NO_BURST || slow, "created too fast");
        }
        live.put(environmentId, environment);
        FunctionSpec function = world.functions().get(functionId);
        HostSpec host = world.hosts().get(hostId);
        usedMib[hostId] += function.memoryMib();
        usedMilli[hostId] += function.milliVcpus();
        check(usedMib[hostId] <= host.memoryMib(), "memory of " + host + " exceeded");
        check(usedMilli[hostId] <= host.milliVcpus(), "CPU of " + host + " exceeded");
        check(live.size() <= world.config().maxEnvironments(), "too many environments");
        check(!shutDown, "create in shutdown");
        if (goesWrong()) {
            maybeBreakLater(environment, random.nextLong(100 * NS_PER_MS));
        }
        if (goesWrong()) {
            later(environment, Kind.DESTROYED, random.nextLong(60 * NS_PER_MS));
            return;
        }
        long createNs = random.nextLong(10 * NS_PER_MS);
        if (random.nextBoolean()) {
            later(environment, Kind.SANDBOX_CREATED, createNs);
            initAfter(environment, createNs);
        } else {
            startExtensions(environment, createNs);
        }
    }

    /** Where one never registers, nothing follows: the limit of init ends it. */
    private void startExtensions(SimulatedEnvironment environment, long createNs) {
        later(environment, Kind.EXTENSIONS_STARTING, createNs);
        if (goesWrong()) {
            return;
        }
        long registeredNs = createNs + random.nextLong(10 * NS_PER_MS);
        later(environment, Kind.EXTENSIONS_REGISTERED, registeredNs);
        initAfter(environment, registeredNs);
    }

    @Override
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "dispatch");
        check(environment.told == Told.READY, "dispatch to " + environment);
        // After a suppressed init the invocation is there already.
        check(environment.invocation == null || environment.invocation == invocation, "two invocations in one");
        give(environment, invocation);
        environment.told = Told.BUSY;
        check(invocation.deadlineNs() - nowNs > 0 || invocation.suppressedInit(), "dispatched after its deadline");
        if (goesWrong()) {
            if (random.nextBoolean()) {
                later(environment, Kind.RUNTIME_EXIT, random.nextLong(100 * NS_PER_MS));
            }
            return;
        }
        long runNs = random.nextLong(120 * NS_PER_MS);
        long overhangNs = overhangNs();
        later(environment, Kind.RESPONSE, runNs);
        if (!goesWrong()) {
            later(environment, Kind.READY, runNs + overhangNs);
        } else if (random.nextBoolean()) {
            later(environment, Kind.RUNTIME_EXIT, runNs + overhangNs);
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
        check(environment.told == Told.STOPPED, "initialize of " + environment);
        check(environment.invocation == null, "two invocations in one environment");
        check(invocation.suppressedInit(), "not marked");
        give(environment, invocation);
        environment.told = Told.SUPPRESSED_INIT;
        initAfter(environment, 0);
    }

    @Override
    public void freeze(long environmentId, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "freeze");
        check(environment.told == Told.READY && environment.invocation == null, "freeze of " + environment);
        environment.told = Told.FROZEN;
    }

    @Override
    public void thaw(long environmentId, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "thaw");
        check(environment.told == Told.FROZEN, "thaw of " + environment);
        environment.told = Told.THAWING;
        if (!goesWrong()) {
            later(environment, Kind.THAWED, random.nextLong(3 * NS_PER_MS));
        } else if (random.nextBoolean()) {
            later(
                    environment,
                    random.nextBoolean() ? Kind.RUNTIME_EXIT : Kind.DESTROYED,
                    random.nextLong(3 * NS_PER_MS));
        }
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "reset " + reason);
        check(!environment.isIdle() && environment.told != Told.CREATING, "reset of " + environment);
        check(environment.told != Told.RESETTING && environment.told != Told.DESTROYING, "reset of " + environment);
        environment.told = Told.RESETTING;
        environment.provisioned = false;
        environment.invocation = null;
        boolean restored = isRestored(environment.functionId);
        answer(environment, restored ? Kind.DESTROYED : Kind.RESET, random.nextLong(20 * NS_PER_MS));
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        SimulatedEnvironment environment = take(environmentId, "destroy " + reason);
        check(environment.told != Told.DESTROYING, "destroyed twice: " + environment);
        check((reason == DestroyReason.SHUTDOWN) == shutDown, reason + " of " + environment);
        boolean retired = reason == DestroyReason.RETIRED;
        check(!retired || limits.isRetired(environment.functionId), "not retired: " + environment);
        boolean again = reason == DestroyReason.INIT_FAILED;
        check(!again || environment.told == Told.BROKEN, reason + " of " + environment);
        check(environment.isIdle() || shutDown || retired || again, reason + " of " + environment);
        boolean forRoomOrAge = reason == DestroyReason.EVICTED || reason == DestroyReason.KEEP_ALIVE_EXPIRED;
        check(!forRoomOrAge || !environment.provisioned, reason + " of provisioned " + environment);
        check(environment.invocation == null || environment.told != Told.READY, "destroyed at work: " + environment);
        environment.told = Told.DESTROYING;
        environment.provisioned = false;
        environment.invocation = null;
        answer(environment, Kind.DESTROYED, random.nextLong(40 * NS_PER_MS));
    }

    @Override
    public void complete(Invocation invocation, Outcome outcome, long nowNs) {
        end(invocation, outcome.name(), nowNs);
        check(!(invocation.coldTrigger() && invocation.coldVictim()), "trigger and victim at once");
        if (invocation.coldTrigger()) {
            check(triggeredIds.add(invocation.environmentId()), "two triggers of one environment");
        } else if (invocation.environmentId() != Invocation.NO_ENVIRONMENT) {
            long startNs = invocation.phaseNs(Phase.CREATE)
                    + invocation.phaseNs(Phase.INIT_EXTENSION)
                    + invocation.phaseNs(Phase.INIT_RUNTIME)
                    + invocation.phaseNs(Phase.INIT_FUNCTION)
                    + invocation.phaseNs(Phase.RESTORE);
            check(startNs == 0, "start time of an environment that did not serve");
        }
        if (outcome == Outcome.TIMED_OUT) {
            check(nowNs - invocation.deadlineNs() >= 0, "timed out too early");
        }
    }

    @Override
    public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
        end(invocation, refusal.name(), nowNs);
        refusedInOnInvoke = refusal;
        check(invocation.environmentId() == Invocation.NO_ENVIRONMENT, "refused after it had started");
    }

    // --- books

    private void end(Invocation invocation, String how, long nowNs) {
        note(how + " " + invocation.invocationId() + " " + invocation.coldTrigger() + invocation.coldVictim()
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
        invocation.finish(nowNs + random.nextLong(5 * NS_PER_MS));
        long sumNs = 0;
        for (Phase phase : Phase.ALL) {
            check(invocation.phaseNs(phase) >= 0, "negative " + phase);
            sumNs += invocation.phaseNs(phase);
            history.append(' ').append(invocation.phaseNs(phase));
        }
        check(sumNs == invocation.totalNs(), "phases add up to " + sumNs + " of " + invocation.totalNs());
    }

    private void compareBooks() {
        FleetCounters counts = scheduler.counts();
        int waiting = 0;
        for (int function = 0; function < limits.inUse.length; function++) {
            int waitingHere = waiting(function);
            waiting += waitingHere;
            check(waitingHere == 0 || countOf(function, Told.READY) == 0, "a ready environment while others wait");
            check(!limits.isRetired(function) || !hasIdle(function), "an idle environment of a retired function");
        }
        compareProvisioned(waiting == 0 && !shutDown);
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

    private void compareProvisioned(boolean nobodyWaits) {
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

    private int waiting(int functionId) {
        int atWork = countOf(functionId, Told.THAWING);
        for (SimulatedEnvironment environment : live.values()) {
            if (environment.functionId == functionId && environment.invocation != null) {
                atWork++;
            }
        }
        return limits.inUse[functionId] - atWork;
    }

    private int startingOnDemand(int functionId) {
        int count = 0;
        for (SimulatedEnvironment environment : live.values()) {
            boolean counts = environment.functionId == functionId && environment.isStarting();
            count += counts && !environment.ahead ? 1 : 0;
        }
        return count;
    }

    private int countOf(int functionId, Told told) {
        int count = 0;
        for (SimulatedEnvironment environment : live.values()) {
            if (environment.told == told && (functionId < 0 || environment.functionId == functionId)) {
                count++;
            }
        }
        return count;
    }

    private SimulatedEnvironment take(long environmentId, String command) {
        SimulatedEnvironment environment = live.get(environmentId);
        if (environment == null) {
            throw failure(command + " of an environment that does not exist: " + environmentId);
        }
        note(command + " " + environment);
        check(inside, "command without message");
        return environment;
    }

    private void give(SimulatedEnvironment environment, Invocation invocation) {
        check(accepted.contains(invocation), "handed over after its end");
        check(invocation.functionId() == environment.functionId, "of another function");
        check(invocation.environmentId() == environment.id, "not told where it runs");
        for (SimulatedEnvironment other : live.values()) {
            check(other == environment || other.invocation != invocation, "in two environments at once");
        }
        environment.invocation = invocation;
    }

    private void forget(SimulatedEnvironment environment) {
        cancelPending(environment, Kind.DESTROYED);
        live.remove(environment.id);
        goneIds.add(environment.id);
        FunctionSpec function = world.functions().get(environment.functionId);
        usedMib[environment.hostId] -= function.memoryMib();
        usedMilli[environment.hostId] -= function.milliVcpus();
    }

    // --- what environments do

    private void initAfter(SimulatedEnvironment environment, long delayNs) {
        long connectNs = delayNs + random.nextLong(30 * NS_PER_MS);
        long readyNs = connectNs + random.nextLong(60 * NS_PER_MS);
        if (environment.told == Told.CREATING) {
            later(environment, Kind.RUNTIME_CONNECTED, connectNs);
        }
        if (!goesWrong()) {
            later(environment, Kind.READY, readyNs);
        } else if (random.nextInt(3) > 0) {
            later(environment, random.nextBoolean() ? Kind.INIT_FAILED : Kind.RUNTIME_EXIT, readyNs);
        }
    }

    private void maybeBreakLater(SimulatedEnvironment environment, long delayNs) {
        if (goesWrong()) {
            later(environment, Kind.DESTROYED, delayNs);
        } else if (goesWrong() && environment.told == Told.READY) {
            later(environment, Kind.RUNTIME_EXIT, delayNs);
        }
    }

    private boolean goesWrong() {
        return random.nextDouble() < world.faultRate();
    }

    /** Answers a command; of what was on its way before, some still arrives in between. */
    private void answer(SimulatedEnvironment environment, Kind kind, long delayNs) {
        for (SimulatedEvent event : List.copyOf(environment.pending)) {
            boolean inTime = event.atNs < atNs + delayNs;
            boolean arrives = event.kind == Kind.DESTROYED ? inTime : inTime && random.nextBoolean();
            if (!arrives || event.kind == Kind.RESET) {
                event.cancelled = true;
                environment.pending.remove(event);
            }
        }
        later(environment, kind, delayNs);
    }

    private void cancelPending(SimulatedEnvironment environment, Kind because) {
        for (SimulatedEvent event : List.copyOf(environment.pending)) {
            boolean survives =
                    because == Kind.RUNTIME_EXIT && (event.kind == Kind.DESTROYED || event.kind == Kind.RESET);
            if (!survives) {
                event.cancelled = true;
                environment.pending.remove(event);
            }
        }
    }

    private void later(SimulatedEnvironment environment, Kind kind, long delayNs) {
        SimulatedEvent event = new SimulatedEvent(atNs + delayNs, order++, environment, kind);
        environment.pending.add(event);
        events.add(event);
    }

    private void note(String line) {
        history.append('\n').append(atNs).append(' ').append(line);
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw failure(what);
        }
    }

    private AssertionError failure(String what) {
        int from = Math.max(0, history.length() - 3_000);
        return new AssertionError(what + " at " + atNs + "\n" + world + "\n.." + history.substring(from));
    }
}
