package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.virtual.PlainEnvironment.Doing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A second, slow and plain model of one host, written from the contract (sections 2 and 7) and the documented rules, not
 * from the code: every instant looks at everything. Rules:
 *
 * <ul>
 *   <li>An invocation beyond the account's concurrency is refused (7). Otherwise the function's environment that became
 *       idle last serves it, ready ones before those that must init again (2.6).
 *   <li>Without one it waits in its function's line, which whatever environment becomes free serves in order of arrival.
 *       Of one function there are at most as many environments starting, or being reset, as invocations wait or have
 *       waited; who is not covered by one stands in the fleet's line for room, and the first there gets the next room.
 *   <li>For room, environments that are idle go, by {@link PlainPolicies}, if that is enough.
 *   <li>Init has its limit; one that fails, or takes too long, is repeated inside the invocation that caused it, or that
 *       comes next, at the memory's share and under the function's timeout (2.1, 2.4).
 *   <li>A timeout or an exit ends the invocation and resets the environment, which stays (2.4); it goes where init fails
 *       once more after that, for nothing says that the third would do better.
 *   <li>An idle environment is frozen after a delay (2.6), and destroyed once the keep-alive is over.
 *   <li>All at work on the host get their quotas, or the same part of them where that is too much ({@link PlainCpu}).
 * </ul>
 */
final class PlainFleet {
    private final PlainWorld world;
    private final PlainPolicies policies;
    private final PlainCpu cpu;
    private final boolean youngestFirst;
    private final List<PlainEnvironment> environments = new ArrayList<>();
    private final List<PlainInvocation> waiting = new ArrayList<>();
    private final Map<Integer, Long> ordinals = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private long now;
    private int inFlight;
    private int orders;

    /** {@code youngestFirst}: which environment's timer goes off first where two are due at the same instant. */
    PlainFleet(PlainWorld world, boolean youngestFirst) {
        this.world = world;
        this.youngestFirst = youngestFirst;
        policies = new PlainPolicies(world);
        cpu = new PlainCpu(world, environments);
    }

    List<String> run() {
        int arrived = 0;
        while (arrived < world.arrivals().size() || inFlight > 0) {
            PlainWorld.Arrival next =
                    arrived < world.arrivals().size() ? world.arrivals().get(arrived) : null;
            PlainEnvironment first = cpu.firstToEnd();
            double endIn = first == null ? Double.POSITIVE_INFINITY : first.left / cpu.pace(first);
            long endAt = first == null ? Long.MAX_VALUE : now + Math.max(0, (long) Math.ceil(endIn - 1e-6));
            long limitAt = nextLimit();
            long nextAt = next == null ? Long.MAX_VALUE : next.at();
            if (endAt <= limitAt && endAt <= nextAt) {
                pass(endAt);
                end(first == null ? environments.getFirst() : first);
            } else if (limitAt <= nextAt) {
                pass(limitAt);
                limit();
            } else if (next != null) {
                pass(nextAt);
                arrived++;
                arrive(next);
            }
        }
        return log;
    }

    // --- time

    private void pass(long to) {
        cpu.pass(to - now);
        now = to;
    }

    private long nextLimit() {
        long next = Long.MAX_VALUE;
        for (PlainEnvironment environment : environments) {
            next = Math.min(next, environment.limitAt);
        }
        for (PlainInvocation one : inNeed()) {
            next = Math.min(next, one.arrived + world.roomWait());
        }
        for (long at : policies.prewarmAt.values()) {
            next = Math.min(next, at);
        }
        return next;
    }

    // --- arrivals

    private void arrive(PlainWorld.Arrival arrival) {
        PlainInvocation one = new PlainInvocation();
        one.function = arrival.function();
        one.ordinal = ordinals.merge(arrival.function(), 1L, Long::sum) - 1;
        one.arrived = now;
        one.work = arrival.work();
        one.order = orders++;
        if (inFlight >= world.account()) {
            note(one, "CONCURRENT_INVOCATION_LIMIT_EXCEEDED");
            return;
        }
        inFlight++;
        policies.arrived(one.function, now);
        PlainEnvironment idle = environments.stream()
                .filter(environment -> environment.function == one.function && environment.isIdle())
                .max(Comparator.comparing((PlainEnvironment environment) -> environment.doing != Doing.STOPPED)
                        .thenComparingInt(environment -> environment.idleOrder))
                .orElse(null);
        if (idle != null) {
            serve(idle, one);
        } else {
            waiting.add(one);
            giveRoom();
        }
    }

    /**
     * Everybody who waits and is not covered by a start of their function, in order of arrival. A start covers who caused
     * it; one whose cause does not wait any more covers the first that caused none.
     */
    private List<PlainInvocation> inNeed() {
        List<PlainInvocation> needy = new ArrayList<>(waiting);
        List<PlainEnvironment> starts = new ArrayList<>(
                environments.stream().filter(PlainEnvironment::isStart).toList());
        starts.removeIf(start -> needy.remove(start.cause));
        for (PlainEnvironment start : starts) {
            needy.stream()
                    .filter(one -> one.function == start.function)
                    .findFirst()
                    .ifPresent(needy::remove);
        }
        return needy;
    }

    private void giveRoom() {
        PlainInvocation first = policies.first(inNeed(), now);
        while (first != null) {
            int memoryMib = world.functions().get(first.function).memoryMib();
            long idleMib = environments.stream()
                    .filter(PlainEnvironment::isIdle)
                    .mapToLong(this::memoryMib)
                    .sum();
            long usedMib = environments.stream().mapToLong(this::memoryMib).sum();
            if (usedMib - idleMib + memoryMib > world.memoryMib()) {
                return;
            }
            while (usedMib + memoryMib > world.memoryMib()) {
                PlainEnvironment victim = policies.victim(
                        environments.stream().filter(PlainEnvironment::isIdle).toList());
                usedMib -= memoryMib(victim);
                destroy(victim);
            }
            policies.room(first);
            create(first.function, first);
            first = policies.first(inNeed(), now);
        }
    }

    private void create(int function, @Nullable PlainInvocation cause) {
        PlainEnvironment environment = new PlainEnvironment();
        environment.function = function;
        environment.cause = cause;
        environment.createdAt = now;
        doing(environment, Doing.CREATE, world.functions().get(function).create(), false);
        environments.add(environment);
        log.add(now + " f" + function + " created");
    }

    private void destroy(PlainEnvironment environment) {
        environments.remove(environment);
        if (environments.stream().noneMatch(other -> other.function == environment.function)) {
            policies.gone(environment.function);
        }
        log.add(now + " destroyed");
    }

    // --- what environments do

    private void doing(PlainEnvironment environment, Doing doing, long left, boolean cpu) {
        environment.doing = doing;
        environment.doingOrder = orders++;
        environment.left = (double) left;
        environment.onCpu = cpu;
    }

    private void end(PlainEnvironment environment) {
        PlainWorld.Function function = world.functions().get(environment.function);
        switch (environment.doing) {
            case CREATE -> {
                environment.limitAt = now + world.initLimit();
                doing(environment, Doing.INIT_RUNTIME, function.initRuntime(), true);
            }
            case INIT_RUNTIME -> doing(environment, Doing.INIT_FUNCTION, function.initFunction(), true);
            case INIT_FUNCTION -> {
                policies.started(environment.function, now - environment.createdAt);
                if (function.initFails()) {
                    reset(environment);
                } else {
                    free(environment);
                }
            }
            case THAW -> {
                environment.limitAt = now + function.timeout();
                work(environment);
            }
            case INIT_AGAIN -> {
                if (function.initFails()) {
                    answer(environment, "INIT_FAILED");
                    destroy(environment);
                    giveRoom();
                } else {
                    work(environment);
                }
            }
            case WORK -> {
                if (function.exits()) {
                    fail(environment, "RUNTIME_EXITED");
                } else {
                    answer(environment, "RESPONSE");
                    doing(environment, Doing.OVERHANG, function.overhang(), true);
                }
            }
            case OVERHANG -> free(environment);
            case RESET -> {
                environment.limitAt = Long.MAX_VALUE;
                PlainInvocation next =
                        waiting.contains(environment.cause) ? environment.cause : firstWaiting(environment);
                if (next == null) {
                    rest(environment, Doing.STOPPED);
                } else {
                    doing(environment, Doing.STOPPED, 0, false);
                    waiting.remove(next);
                    serve(environment, next);
                    giveRoom();
                }
            }
            default -> throw new IllegalStateException("end of " + environment.doing);
        }
    }

    private void limit() {
        PlainEnvironment due = environments.stream()
                .filter(environment -> environment.limitAt == now)
                .reduce((older, younger) -> youngestFirst ? younger : older)
                .orElse(null);
        if (due == null) {
            for (PlainInvocation one : inNeed()) {
                if (now >= one.arrived + world.roomWait()) {
                    waiting.remove(one);
                    inFlight--;
                    note(one, "NO_CAPACITY");
                }
            }
            giveRoom();
            prewarm();
            return;
        }
        switch (due.doing) {
            case INIT_RUNTIME, INIT_FUNCTION -> {
                policies.started(due.function, now - due.createdAt);
                reset(due);
            }
            case OVERHANG -> reset(due);
            case THAW, INIT_AGAIN, WORK -> fail(due, "TIMED_OUT");
            default -> {
                if (now >= due.expireAt) {
                    destroy(due);
                    giveRoom();
                } else {
                    due.doing = Doing.FROZEN;
                    due.limitAt = due.expireAt;
                }
            }
        }
    }

    /** A function that has no environment by then gets one, if there is room that nobody needs. */
    private void prewarm() {
        for (int function = 0; function < world.functions().size(); function++) {
            int wanted = function;
            boolean due = policies.prewarmAt.getOrDefault(function, Long.MAX_VALUE) <= now;
            long usedMib = environments.stream().mapToLong(this::memoryMib).sum();
            boolean fits = usedMib + world.functions().get(function).memoryMib() <= world.memoryMib();
            if (due) {
                policies.prewarmAt.remove(function);
            }
            if (due && fits && inNeed().isEmpty() && environments.stream().noneMatch(one -> one.function == wanted)) {
                create(function, null);
            }
        }
    }

    private void work(PlainEnvironment environment) {
        environment.workSince = now;
        doing(environment, Doing.WORK, serving(environment).work, true);
    }

    private void fail(PlainEnvironment environment, String how) {
        answer(environment, how);
        environment.cause = null;
        reset(environment);
    }

    private void reset(PlainEnvironment environment) {
        environment.limitAt = Long.MAX_VALUE;
        doing(
                environment,
                Doing.RESET,
                world.functions().get(environment.function).reset(),
                false);
        giveRoom();
    }

    private void answer(PlainEnvironment environment, String how) {
        PlainInvocation one = serving(environment);
        environment.serving = null;
        inFlight--;
        policies.worked(one.function, environment.doing == Doing.WORK ? now - environment.workSince : 0);
        note(one, how + (environment.cold ? " cold" : "") + (environment.again ? " again" : ""));
    }

    private void free(PlainEnvironment environment) {
        environment.limitAt = Long.MAX_VALUE;
        PlainInvocation next = firstWaiting(environment);
        if (next == null) {
            rest(environment, Doing.READY);
        } else {
            waiting.remove(next);
            doing(environment, Doing.READY, 0, false);
            serve(environment, next);
            giveRoom();
        }
    }

    private @Nullable PlainInvocation firstWaiting(PlainEnvironment environment) {
        return waiting.stream()
                .filter(one -> one.function == environment.function)
                .findFirst()
                .orElse(null);
    }

    private void rest(PlainEnvironment environment, Doing how) {
        doing(environment, how, 0, false);
        environment.cause = null;
        environment.idleSince = now;
        environment.idleOrder = orders++;
        long freezeAt = how == Doing.READY ? now + world.freezeDelay() : Long.MAX_VALUE;
        long keep = policies.keep(environment, now);
        environment.expireAt = keep == Long.MAX_VALUE ? keep : now + keep;
        environment.limitAt = Math.min(freezeAt, environment.expireAt);
        giveRoom();
    }

    private void serve(PlainEnvironment environment, PlainInvocation one) {
        PlainWorld.Function function = world.functions().get(environment.function);
        environment.cold = environment.cause == one;
        environment.cause = null;
        environment.serving = one;
        environment.served = true;
        environment.limitAt = now + function.timeout();
        environment.again = environment.doing == Doing.STOPPED;
        switch (environment.doing) {
            case FROZEN -> doing(environment, Doing.THAW, function.thaw(), false);
            case STOPPED -> {
                double share = Math.min(1, (double) function.quota() / function.initQuota());
                long boosted = function.initRuntime() + function.initFunction();
                doing(environment, Doing.INIT_AGAIN, Math.round(boosted / share), true);
            }
            default -> work(environment);
        }
    }

    private static PlainInvocation serving(PlainEnvironment environment) {
        PlainInvocation one = environment.serving;
        if (one == null) {
            throw new IllegalStateException(environment.doing + " without invocation");
        }
        return one;
    }

    private int memoryMib(PlainEnvironment environment) {
        return world.functions().get(environment.function).memoryMib();
    }

    private void note(PlainInvocation one, String how) {
        log.add(now + " f" + one.function + "#" + one.ordinal + " " + how);
    }
}
