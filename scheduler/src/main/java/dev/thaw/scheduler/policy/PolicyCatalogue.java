package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.KeepAlivePolicy;
import dev.thaw.scheduler.core.PlacementPolicy;
import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.core.QueueingPolicy;
import dev.thaw.scheduler.core.ScalingPolicy;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.HybridHistogramKeepAlive.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Every policy by name, with its options: {@code name}, {@code name:value} or {@code name:key=value,key=value}. Each call
 * makes a new object, for one scheduler. Names and options are what scripts rely on.
 */
public final class PolicyCatalogue {
    private static final double DEFAULT_BOUND = 1.25;
    private static final double MOST_BOUND = 1_000;
    private static final int DEFAULT_REMEMBERED = 4;
    private static final int MOST_REMEMBERED = 1_000;
    private static final int MOST_COUNT = 1_000_000;

    private static final List<Entry<KeepAlivePolicy>> KEEP_ALIVE = List.of(
            new Entry<>("fixed-ttl", "fixed-ttl[:10m]", text -> {
                long keepAliveNs = text.durationNs("", SchedulerConfig.DEFAULT_KEEP_ALIVE_NS);
                return text.build(() -> new FixedTtlKeepAlive(keepAliveNs));
            }),
            new Entry<>("lru", "lru", text -> text.build(() -> new FixedTtlKeepAlive(KeepAlivePolicy.FOR_EVER))),
            new Entry<>("greedy-dual", "greedy-dual", text -> text.build(GreedyDualKeepAlive::new)),
            new Entry<>(
                    "hybrid-histogram",
                    "hybrid-histogram[:range=4h,bin=1m,head=5,tail=99,margin=10,variation=2,count=1,fallback=4h]",
                    PolicyCatalogue::hybridHistogram));

    private static final List<Entry<PlacementPolicy>> PLACEMENT = List.of(
            new Entry<>("mru", "mru", text -> text.build(MostRecentlyUsedPlacement::new)),
            new Entry<>("least-loaded", "least-loaded", text -> text.build(LeastLoadedPlacement::new)),
            new Entry<>("bin-packing", "bin-packing", text -> text.build(BinPackingPlacement::new)),
            new Entry<>("bounded-hash", "bounded-hash[:1.25]", text -> {
                double bound = text.number("", DEFAULT_BOUND, 1, MOST_BOUND);
                return text.build(() -> new BoundedHashPlacement(bound));
            }),
            new Entry<>("snapshot-locality", "snapshot-locality[:4]", text -> {
                int remembered = text.integer("", DEFAULT_REMEMBERED, 1, MOST_REMEMBERED);
                return text.build(() -> new SnapshotLocalityPlacement(remembered));
            }));

    private static final List<Entry<QueueingPolicy>> QUEUEING = List.of(
            new Entry<>("fifo", "fifo", text -> text.build(FifoQueueing::new)),
            new Entry<>("shortest-expected", "shortest-expected", text -> text.build(ShortestExpectedQueueing::new)),
            new Entry<>("earliest-deadline", "earliest-deadline", text -> text.build(EarliestDeadlineQueueing::new)),
            new Entry<>("weighted-fair", "weighted-fair[:FUNCTION=WEIGHT,..]", text -> {
                Map<String, Integer> weights = text.weights();
                return text.build(() -> new WeightedFairQueueing(weights));
            }));

    private static final List<Entry<ScalingPolicy>> SCALING = List.of(
            new Entry<>("function", "function", text -> text.build(FunctionScaling::new)),
            new Entry<>("regional", "regional[:3000]", text -> {
                int burst = text.integer("", RegionalScaling.DEFAULT_BURST, 1, 999_999);
                return text.build(() -> new RegionalScaling(burst));
            }),
            new Entry<>("none", "none", text -> text.build(UnlimitedScaling::new)));

    private PolicyCatalogue() {}

    /** A policy that has a name. */
    private record Entry<T>(String name, String usage, Function<PolicyOptions, T> maker) {}

    /** Most recently used first, a fixed time, who came first, no limit of the rate. */
    public static Policies standard(long keepAliveNs) {
        return new Policies(
                new MostRecentlyUsedPlacement(),
                new FixedTtlKeepAlive(keepAliveNs),
                new FifoQueueing(),
                new UnlimitedScaling());
    }

    /** One of each kind, by name. */
    public static Policies policies(String placement, String keepAlive, String queueing, String scaling) {
        return new Policies(placement(placement), keepAlive(keepAlive), queueing(queueing), scaling(scaling));
    }

    /** How long idle environments stay, also as a plain time such as {@code 10m}; one line says what is wrong with any other text. */
    public static KeepAlivePolicy keepAlive(String text) {
        return make(KEEP_ALIVE, PolicyOptions.isDuration(text) ? "fixed-ttl:" + text : text);
    }

    /** Where invocations run. */
    public static PlacementPolicy placement(String text) {
        return make(PLACEMENT, text);
    }

    /** Who gets the next room. */
    public static QueueingPolicy queueing(String text) {
        return make(QUEUEING, text);
    }

    /** How fast environments may come. */
    public static ScalingPolicy scaling(String text) {
        return make(SCALING, text);
    }

    /** The names with their options and defaults, for help: {@code fixed-ttl[:10m]}. */
    public static List<String> keepAliveUsage() {
        return usage(KEEP_ALIVE);
    }

    public static List<String> placementUsage() {
        return usage(PLACEMENT);
    }

    public static List<String> queueingUsage() {
        return usage(QUEUEING);
    }

    public static List<String> scalingUsage() {
        return usage(SCALING);
    }

    private static KeepAlivePolicy hybridHistogram(PolicyOptions text) {
        Settings defaults = Settings.defaults();
        long rangeNs = text.durationNs("range", defaults.rangeNs());
        long binNs = text.durationNs("bin", defaults.binNs());
        int head = text.integer("head", defaults.headPercent(), 0, 100);
        int tail = text.integer("tail", defaults.tailPercent(), 0, 100);
        int margin = text.integer("margin", defaults.marginPercent(), 0, 100);
        double variation = text.number("variation", defaults.leastVariation(), 0, MOST_BOUND);
        int count = text.integer("count", defaults.leastCount(), 1, MOST_COUNT);
        long fallbackNs = text.durationNs("fallback", rangeNs);
        return text.build(() -> new HybridHistogramKeepAlive(
                new Settings(rangeNs, binNs, head, tail, margin, variation, count, fallbackNs)));
    }

    private static <T> T make(List<Entry<T>> entries, String text) {
        PolicyOptions parsed = new PolicyOptions(text);
        for (Entry<T> entry : entries) {
            if (entry.name().equals(parsed.name)) {
                return entry.maker().apply(parsed);
            }
        }
        throw new IllegalArgumentException("'" + text + "', must be one of " + String.join(", ", usage(entries)));
    }

    private static <T> List<String> usage(List<Entry<T>> entries) {
        return entries.stream().map(Entry::usage).toList();
    }
}
