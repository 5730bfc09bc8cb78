package dev.thaw.scheduler.virtual;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policies of {@link PlainFleet}, written from their papers as far as a line of text describes them, not from the code:
 *
 * <ul>
 *   <li>A fixed time, or for ever ({@code lru}): the environment that has been idle longest goes first.
 *   <li>{@code greedy-dual}: for ever; the least {@code clock + frequency * cost / size} goes first, as of when it became
 *       idle, of equals the one that has been so longest. The clock is the highest that went.
 *   <li>{@code hybrid}: by the percentiles of all idle times of the function so far; see {@link #keep}.
 *   <li>Lines: who came first, the shortest mean work, the earliest deadline, or start-time fair with weight 1.
 * </ul>
 */
final class PlainPolicies {
    /** As the text of the policy says: 20 ms bins up to 2 s, at least two idle times, 300 ms otherwise. */
    static final String HYBRID = "hybrid-histogram:bin=20ms,range=2s,count=2,fallback=300ms";

    private static final long MS = 1_000_000;
    private static final long BIN = 20 * MS;
    private static final int BINS = 100;
    private static final long FALLBACK = 300 * MS;
    private static final long FOR_EVER = Long.MAX_VALUE;

    private final PlainWorld world;
    private final Map<Integer, Long> frequency = new HashMap<>();
    private final Map<Integer, Long> cost = new HashMap<>();
    private final Map<Integer, List<Long>> idleTimes = new HashMap<>();
    private final Map<Integer, Long> idleSince = new HashMap<>();
    private final Set<Integer> idle = new HashSet<>();
    private final Map<Integer, Long> meanWork = new HashMap<>();
    private final Map<Integer, Long> nextRank = new HashMap<>();
    /** When to start one ahead, by function. */
    final Map<Integer, Long> prewarmAt = new HashMap<>();

    private double clock;
    private long lineRank;

    PlainPolicies(PlainWorld world) {
        this.world = world;
    }

    // --- keep-alive

    void arrived(int function, long now) {
        frequency.merge(function, 1L, Long::sum);
        if (idle.remove(function)) {
            idleTimes.computeIfAbsent(function, _ -> new ArrayList<>()).add(now - idleSince.getOrDefault(function, 0L));
        }
    }

    void started(int function, long took) {
        long before = cost.getOrDefault(function, 0L);
        cost.put(function, before == 0 ? took : before + Math.floorDiv(took - before, 8));
    }

    void gone(int function) {
        frequency.put(function, 0L);
    }

    /**
     * How long to keep what has just become idle. Hybrid: what has served goes at once if 95 of 100 idle times so far are in
     * the second bin or later, and one is started again after nine tenths of the bins before those; that one stays until
     * eleven tenths of the bins that 99 of 100 end in. Otherwise all stay so long from now on. A fixed time where there are
     * fewer than two idle times, or more beyond the range than within, or the bins' counts vary by less than twice their mean.
     */
    long keep(PlainEnvironment environment, long now) {
        int function = environment.function;
        double worth = (double) frequency.getOrDefault(function, 0L) * cost.getOrDefault(function, 0L);
        environment.priority = clock + worth / world.functions().get(function).memoryMib();
        return switch (world.keepAlivePolicy()) {
            case "lru", "greedy-dual" -> FOR_EVER;
            case HYBRID -> hybrid(environment, now);
            default -> world.keepAlive();
        };
    }

    private long hybrid(PlainEnvironment environment, long now) {
        int function = environment.function;
        prewarmAt.remove(function);
        boolean ahead = !environment.served && idle.contains(function);
        if (!ahead) {
            idle.add(function);
            idleSince.put(function, now);
        }
        List<Long> all = idleTimes.getOrDefault(function, List.of());
        List<Long> bins = all.stream()
                .map(time -> time / BIN)
                .filter(bin -> bin < BINS)
                .sorted()
                .toList();
        if (bins.size() < 2 || all.size() - bins.size() > bins.size() || variation(bins) < 2) {
            return FALLBACK;
        }
        long head = bins.get((int) Math.max(1, Math.ceil(bins.size() * 5 / 100.0)) - 1) * BIN * 9 / 10;
        long tail = (bins.get((int) Math.ceil(bins.size() * 99 / 100.0) - 1) + 1) * BIN * 11 / 10;
        if (ahead) {
            return Math.max(0, idleSince.getOrDefault(function, 0L) + tail - now);
        }
        if (head == 0) {
            return tail;
        }
        prewarmAt.put(function, now + head);
        return 0;
    }

    private static double variation(List<Long> bins) {
        double mean = (double) bins.size() / BINS;
        double sum = 0;
        for (long bin = 0; bin < BINS; bin++) {
            long wanted = bin;
            long count = bins.stream().filter(other -> other == wanted).count();
            sum += (count - mean) * (count - mean);
        }
        return Math.sqrt(sum / BINS) / mean;
    }

    PlainEnvironment victim(List<PlainEnvironment> idleOnes) {
        boolean byPriority = world.keepAlivePolicy().equals("greedy-dual");
        PlainEnvironment least = idleOnes.stream()
                .min(Comparator.comparingDouble((PlainEnvironment one) -> byPriority ? one.priority : 0)
                        .thenComparingInt(one -> one.idleOrder))
                .orElseThrow();
        clock = Math.max(clock, least.priority);
        return least;
    }

    // --- the line for room

    /** Of those who need room; who needs it for the first time takes a place. */
    @Nullable
    PlainInvocation first(List<PlainInvocation> needy, long now) {
        for (PlainInvocation one : needy) {
            if (!one.ranked) {
                one.ranked = true;
                one.rank = rank(one.function, now);
            }
        }
        return needy.stream()
                .min(Comparator.comparingLong((PlainInvocation one) -> one.rank).thenComparingInt(one -> one.order))
                .orElse(null);
    }

    private long rank(int function, long now) {
        long work = meanWork.getOrDefault(function, 0L);
        return switch (world.queueing()) {
            case "shortest-expected" -> work;
            case "earliest-deadline" -> now + world.functions().get(function).timeout();
            case "weighted-fair" -> {
                long rank = Math.max(lineRank, nextRank.getOrDefault(function, 0L));
                nextRank.put(function, rank + Math.max(1_000, work));
                yield rank;
            }
            default -> 0;
        };
    }

    void room(PlainInvocation one) {
        lineRank = Math.max(lineRank, one.rank);
    }

    void worked(int function, long took) {
        long before = meanWork.getOrDefault(function, 0L);
        if (took > 0) {
            meanWork.put(function, before == 0 ? took : before + Math.floorDiv(took - before, 8));
        }
    }
}
