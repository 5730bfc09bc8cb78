package dev.thaw.scheduler.core;

import dev.thaw.scheduler.core.SimulatedEnvironment.Told;
import dev.thaw.scheduler.core.SimulatedEvent.Kind;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scheduler through one seeded schedule against simulated environments with random latencies, failures, exits,
 * hangs and late events. Strict: it keeps its own books and throws an {@link AssertionError} on the first command that
 * breaks the protocol of {@link Environments} and {@link Completions} ({@link SimulatedCommands}), and after every step
 * where the scheduler's counts and its own differ ({@link SimulatedBooks}).
 */
final class SimulatedFleet {
    private static final long NS_PER_MS = 1_000_000;
    private static final int STEP_LIMIT = 200_000;

    private final SimulatedSchedule schedule;
    private final SimulatedWorld world;
    private final SplittableRandom random;
    private final SimulatedBooks books;
    private final SimulatedCommands commands;
    private final Scheduler scheduler;
    private int nextArrival;
    private int nextChange;
    private boolean starved;

    SimulatedFleet(long seed) {
        schedule = new SimulatedSchedule(seed);
        world = schedule.world;
        random = schedule.random;
        books = new SimulatedBooks(schedule);
        commands = new SimulatedCommands(schedule, books);
        scheduler = new Scheduler(
                world.config(),
                new Policies(
                        PolicyCatalogue.placement(world.placement()),
                        PolicyCatalogue.keepAlive(world.keepAlive()),
                        PolicyCatalogue.queueing(world.queueing()),
                        PolicyCatalogue.scaling(world.scaling())),
                commands,
                commands);
        world.hosts().forEach(scheduler::addHost);
        world.functions().forEach(scheduler::addFunction);
    }

    /** Runs to the end and returns every command and ending, one a line. */
    String run() {
        int steps = 0;
        while (!starved && !isDone() && world.shutdownNs() > schedule.atNs) {
            step();
            schedule.check(++steps < STEP_LIMIT, "endless schedule");
        }
        books.shutDown = true;
        call(() -> scheduler.shutdown(schedule.now()));
        invoke(0);
        while (!scheduler.isTerminated()) {
            step();
            schedule.check(++steps < STEP_LIMIT, "endless shutdown");
        }
        books.compareNothingLeft(scheduler);
        return schedule.history.toString();
    }

    private boolean isDone() {
        return nextArrival == world.arrivals().size() && books.accepted.isEmpty();
    }

    // --- time

    private void step() {
        long timerNs = scheduler.nextDeadlineNs();
        long timerAtNs = timerNs == Scheduler.NO_DEADLINE
                ? Long.MAX_VALUE
                : Math.max(schedule.atNs, timerNs - world.originNs() + world.pollLatenessNs());
        SimulatedEvent event = schedule.nextEvent();
        long eventAtNs = event == null ? Long.MAX_VALUE : event.atNs;
        boolean arrives = !books.shutDown && nextArrival < world.arrivals().size();
        long arrivalAtNs = arrives ? world.arrivals().get(nextArrival).atNs() : Long.MAX_VALUE;
        boolean changes = !books.shutDown && nextChange < world.changes().size();
        long changeAtNs = changes ? world.changes().get(nextChange).atNs() : Long.MAX_VALUE;
        long nextNs = Math.min(Math.min(timerAtNs, changeAtNs), Math.min(eventAtNs, arrivalAtNs));
        starved = nextNs == Long.MAX_VALUE && books.holdsProvisioned(scheduler);
        if (starved) {
            return;
        }
        schedule.check(
                nextNs != Long.MAX_VALUE,
                "stuck with " + books.accepted.size() + " invocations and " + books.live.values());
        schedule.atNs = nextNs;
        if (nextNs == changeAtNs) {
            change(world.changes().get(nextChange++));
        } else if (nextNs == arrivalAtNs) {
            invoke(world.arrivals().get(nextArrival++).functionId());
        } else if (event != null && nextNs == eventAtNs) {
            schedule.remove(event);
            deliver(event.environment, event.kind);
        } else {
            int[] fired = new int[1];
            call(() -> fired[0] = scheduler.poll(schedule.now()));
            schedule.check(fired[0] > 0, "a due timer did not fire");
        }
        if (random.nextInt(20) == 0) {
            disturb();
        }
        books.compare(scheduler);
    }

    private void call(Runnable message) {
        schedule.check(!commands.inside, "scheduler called from inside");
        commands.inside = true;
        message.run();
        commands.inside = false;
    }

    // --- messages in

    private void invoke(int functionId) {
        Refusal expected = expectedRefusal(functionId, world.functions().get(functionId));
        Invocation invocation = new Invocation();
        invocation.start(schedule.nextOrder(), functionId, null, schedule.now());
        books.accepted.add(invocation);
        books.limits.inUse[functionId]++;
        commands.refused = null;
        call(() -> scheduler.onInvoke(invocation, schedule.now()));
        Refusal actual = commands.refused;
        boolean late = actual == Refusal.NO_CAPACITY || actual == Refusal.SCALING_RATE_EXCEEDED;
        boolean agree = expected == null ? actual == null || late : actual == expected;
        schedule.check(agree, "expected refusal " + expected + ", was " + actual);
    }

    private @Nullable Refusal expectedRefusal(int functionId, FunctionSpec function) {
        if (books.shutDown) {
            return Refusal.SHUTTING_DOWN;
        }
        Refusal neverFits = world.hosts().stream()
                        .anyMatch(host ->
                                host.memoryMib() >= function.memoryMib() && host.milliVcpus() >= function.milliVcpus())
                ? null
                : Refusal.NEVER_FITS;
        Refusal limited = books.limits.refusal(functionId);
        return limited != null ? limited : neverFits;
    }

    private void change(SimulatedWorld.Change change) {
        schedule.note(change.toString());
        int functionId = change.functionId();
        String name = world.functions().get(functionId).name();
        switch (change.kind()) {
            case RESERVE ->
                changeOrRefuse(
                        books.limits.reserve(name, change.amount()), () -> scheduler.reserve(name, change.amount()));
            case PROVISION -> {
                if (books.isRestored(functionId)) {
                    return;
                }
                boolean fits =
                        !books.limits.isRetired(functionId) && books.limits.provision(functionId, change.amount());
                if (fits) {
                    books.forgetProvisioned(functionId);
                }
                if (!books.limits.isRetired(functionId)) {
                    changeOrRefuse(fits, () -> scheduler.provision(functionId, change.amount(), schedule.now()));
                }
            }
            case RETIRE -> {
                books.limits.retire(functionId);
                books.forgetProvisioned(functionId);
                call(() -> scheduler.retire(functionId, schedule.now()));
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
        schedule.check(refused[0] != fits, fits ? "refused what there is" : "promised what there is not");
    }

    private void deliver(SimulatedEnvironment environment, Kind kind) {
        schedule.note(kind + " " + environment);
        Told told = environment.told;
        boolean leaving = told == Told.RESETTING || told == Told.DESTROYING;
        long id = environment.id;
        switch (kind) {
            case SANDBOX_CREATED -> {
                environment.told = told == Told.CREATING ? Told.INIT : told;
                call(() -> scheduler.onSandboxCreated(id, schedule.now()));
            }
            case EXTENSIONS_STARTING -> {
                environment.told = told == Told.CREATING ? Told.INIT : told;
                call(() -> scheduler.onExtensionsStarting(id, schedule.now()));
            }
            case EXTENSIONS_REGISTERED -> call(() -> scheduler.onExtensionsRegistered(id, schedule.now()));
            case RUNTIME_CONNECTED -> call(() -> scheduler.onRuntimeConnected(id, schedule.now()));
            case READY -> {
                environment.told = leaving ? told : Told.READY;
                if (!leaving) {
                    schedule.maybeBreakLater(environment, random.nextLong(300 * NS_PER_MS));
                }
                call(() -> scheduler.onReady(id, schedule.now()));
            }
            case INIT_FAILED -> {
                environment.told = leaving ? told : Told.BROKEN;
                environment.provisioned = false;
                call(() -> scheduler.onInitFailed(id, schedule.now()));
            }
            case RESPONSE -> {
                environment.told = leaving ? told : Told.OVERHANG;
                Outcome outcome = random.nextBoolean() ? Outcome.RESPONSE : Outcome.FUNCTION_ERROR;
                call(() -> scheduler.onResponse(id, outcome, schedule.now()));
            }
            case RUNTIME_EXIT -> {
                environment.told = leaving ? told : Told.BROKEN;
                environment.provisioned = false;
                schedule.cancelPending(environment, Kind.RUNTIME_EXIT);
                call(() -> scheduler.onRuntimeExit(id, schedule.now()));
            }
            case THAWED -> {
                environment.told = leaving ? told : Told.READY;
                call(() -> scheduler.onThawed(id, schedule.now()));
            }
            case RESET -> {
                schedule.check(told == Told.RESETTING || told == Told.DESTROYING, "reset answer in " + environment);
                environment.told = told == Told.RESETTING ? Told.STOPPED : told;
                call(() -> scheduler.onReset(id, schedule.now()));
            }
            case DESTROYED -> {
                books.forget(environment);
                call(() -> scheduler.onDestroyed(id, schedule.now()));
            }
        }
        schedule.check(environment.told != Told.BROKEN, "left broken: " + environment);
    }

    /** Tells of environments that are gone, and tells living ones what cannot be true of their state. */
    private void disturb() {
        if (!books.goneIds.isEmpty()) {
            long id = books.goneIds.get(random.nextInt(books.goneIds.size()));
            long staleBefore = scheduler.counts().stale();
            call(() -> {
                scheduler.onReady(id, schedule.now());
                scheduler.onResponse(id, Outcome.RESPONSE, schedule.now());
                scheduler.onRuntimeExit(id, schedule.now());
                scheduler.onInitFailed(id, schedule.now());
                scheduler.onReset(id, schedule.now());
                scheduler.onThawed(id, schedule.now());
                scheduler.onSandboxCreated(id, schedule.now());
                scheduler.onExtensionsStarting(id, schedule.now());
                scheduler.onExtensionsRegistered(id, schedule.now());
                scheduler.onRuntimeConnected(id, schedule.now());
                scheduler.onDestroyed(id, schedule.now());
            });
            schedule.check(scheduler.counts().stale() == staleBefore + 11, "a stale event was not counted");
        }
        for (SimulatedEnvironment environment : List.copyOf(books.live.values())) {
            if (environment.isIdle()) {
                call(() -> {
                    scheduler.onReady(environment.id, schedule.now());
                    scheduler.onResponse(environment.id, Outcome.RESPONSE, schedule.now());
                    scheduler.onThawed(environment.id, schedule.now());
                    scheduler.onReset(environment.id, schedule.now());
                    scheduler.onInitFailed(environment.id, schedule.now());
                });
            }
        }
    }
}
