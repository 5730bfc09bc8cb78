package dev.thaw.cli;

import dev.thaw.cli.virtual.Cores;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.Sweep;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.BakeoffBundle;
import dev.thaw.results.SweepBundle;
import dev.thaw.results.SweepCell;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw bakeoff}: policies against each other on one trace, in virtual time, into one table. */
@Command(
        name = "bakeoff",
        description = "Compare policies on one trace in virtual time: cold starts, added latency, memory, hosts.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BakeoffCommand implements Callable<Integer> {
    private static final Pattern SEEDS = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
    private static final int MAX_SEEDS = 10_000;

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Option(names = "--hosts", paramLabel = "N", description = "Hosts (default: ${DEFAULT-VALUE}).")
    private int hosts = 1;

    @Mixin
    private PolicyChoices choices = new PolicyChoices(List.of("1m", "10m", "lru"), List.of("mru"));

    @Option(
            names = "--seeds",
            paramLabel = "N|A..B",
            description = "Each combination with each (default: ${DEFAULT-VALUE}).")
    private String seeds = "1..5";

    @Mixin
    private SweepOptions sweep = new SweepOptions();

    private final Map<Long, SoftReference<Workload>> workloads = new HashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<PolicyText> policies = choices.all();
        List<Sweep.Entry> entries = new ArrayList<>();
        long[] range = range();
        for (long seed = range[0]; seed <= range[1]; seed++) {
            for (PolicyText each : policies) {
                long of = seed;
                entries.add(new Sweep.Entry(each.byName(), seed, () -> scenario(each, of)));
            }
        }
        // Refuses what is wrong with trace, model and hosts before there is a bundle.
        Scenario first = scenario(policies.getFirst(), range[0]);
        SweepBundle bundle = open(first.workload());
        Cores cores = new Cores(Runtime.getRuntime().availableProcessors());
        List<SweepCell> cells;
        try (Interruption _ = new Interruption(cores::stop);
                CellProgress _ = CellProgress.start("bakeoff", entries::size, cores::done)) {
            cells = new Sweep(bundle, cores).run(entries);
        } catch (RuntimeException brokenTrace) {
            bundle.discardUnlessKept();
            throw brokenTrace;
        }
        return report(bundle, cells, entries.size());
    }

    private static int report(SweepBundle bundle, List<SweepCell> cells, int all) throws IOException {
        if (cells.size() < all) {
            return SweepOptions.stopped(bundle, cells.size() + " of " + all + " cells are kept");
        }
        System.out.print(BakeoffBundle.finish(bundle, cells));
        System.out.println("report: " + bundle.directory().resolve("report.html"));
        System.out.println("run: " + bundle.directory());
        return 0;
    }

    /** First and last. */
    private long[] range() {
        Matcher matcher = SEEDS.matcher(seeds.matches("\\d{1,9}") ? seeds + ".." + seeds : seeds);
        if (!matcher.matches()) {
            throw new WrongUse("--seeds: '" + seeds + "', must be a number, or a range such as 1..5");
        }
        long from = Long.parseLong(matcher.group(1));
        long to = Long.parseLong(matcher.group(2));
        if (to < from || to - from >= MAX_SEEDS) {
            throw new WrongUse("--seeds: '" + seeds + "', must go upwards, " + MAX_SEEDS + " at most");
        }
        return new long[] {from, to};
    }

    private Scenario scenario(PolicyText policies, long seed) {
        List<VirtualHost> fleet = options.fleet(hosts);
        return new Scenario(workload(seed), options.config(), fleet, policies.policies(), seed);
    }

    /** Read once, unless memory is short: a trace may be large, and is needed for a part of the sweep only. */
    private Workload workload(long seed) {
        synchronized (workloads) {
            SoftReference<Workload> kept = workloads.get(seed);
            Workload workload = kept == null ? null : kept.get();
            if (workload == null) {
                workload = options.workload(seed);
                workloads.put(seed, new SoftReference<>(workload));
            }
            return workload;
        }
    }

    private SweepBundle open(Workload workload) throws IOException {
        Map<String, String> settings = new TreeMap<>(options.describe());
        settings.put("hosts", Integer.toString(hosts));
        settings.putAll(workload.describe());
        settings.putAll(choices.describe());
        settings.put("seeds", seeds);
        return sweep.open(BakeoffBundle.KIND, options.traceName() + "-bakeoff", settings);
    }
}
