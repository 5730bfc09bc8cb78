package dev.thaw.scheduler.core;

import dev.thaw.scheduler.core.SimulatedEnvironment.Told;
import dev.thaw.scheduler.core.SimulatedEvent.Kind;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What happens next in {@link SimulatedFleet}, what has happened, and by whose random numbers: the events that its
 * environments will tell of, and the history of one schedule.
 */
final class SimulatedSchedule {
    private static final long NS_PER_MS = 1_000_000;

    final SplittableRandom random;
    final SimulatedWorld world;
    final StringBuilder history = new StringBuilder();
    long atNs;
    private final PriorityQueue<SimulatedEvent> events = new PriorityQueue<>();
    private long order;

    SimulatedSchedule(long seed) {
        random = new SplittableRandom(seed);
        world = SimulatedWorld.draw(random);
    }

    long now() {
        return world.originNs() + atNs;
    }

    /** What was begun before has the smaller number. */
    long nextOrder() {
        return order++;
    }

    @Nullable
    SimulatedEvent nextEvent() {
        SimulatedEvent event = events.peek();
        while (event != null && event.cancelled) {
            events.remove();
            event = events.peek();
        }
        return event;
    }

    /** The next one, which is told now. */
    void remove(SimulatedEvent event) {
        events.remove(event);
        event.environment.pending.remove(event);
    }

    // --- what environments do

    void initAfter(SimulatedEnvironment environment, long delayNs) {
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

    void maybeBreakLater(SimulatedEnvironment environment, long delayNs) {
        if (goesWrong()) {
            later(environment, Kind.DESTROYED, delayNs);
        } else if (goesWrong() && environment.told == Told.READY) {
            later(environment, Kind.RUNTIME_EXIT, delayNs);
        }
    }

    boolean goesWrong() {
        return random.nextDouble() < world.faultRate();
    }

    /** Answers a command; of what was on its way before, some still arrives in between. */
    void answer(SimulatedEnvironment environment, Kind kind, long delayNs) {
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

    void cancelPending(SimulatedEnvironment environment, Kind because) {
        for (SimulatedEvent event : List.copyOf(environment.pending)) {
            boolean survives =
                    because == Kind.RUNTIME_EXIT && (event.kind == Kind.DESTROYED || event.kind == Kind.RESET);
            if (!survives) {
                event.cancelled = true;
                environment.pending.remove(event);
            }
        }
    }

    void later(SimulatedEnvironment environment, Kind kind, long delayNs) {
        SimulatedEvent event = new SimulatedEvent(atNs + delayNs, order++, environment, kind);
        environment.pending.add(event);
        events.add(event);
    }

    // --- what has happened

    void note(String line) {
        history.append('\n').append(atNs).append(' ').append(line);
    }

    void check(boolean holds, String what) {
        if (!holds) {
            throw failure(what);
        }
    }

    AssertionError failure(String what) {
        int from = Math.max(0, history.length() - 3_000);
        return new AssertionError(what + " at " + atNs + "\n" + world + "\n.." + history.substring(from));
    }
}
