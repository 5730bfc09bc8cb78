package dev.thaw.cli;

import dev.thaw.cli.plan.Provisioned;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.SimulatedPlan;
import dev.thaw.cli.virtual.SimulatedRun;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.RunOutcome;
import dev.thaw.results.RunPlan;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw simulate}: a trace through the scheduler in virtual time, into a bundle. */
@Command(
        name = "simulate",
        description = "Run a trace through the scheduler in virtual time: nothing runs, durations come from models.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SimulateCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Option(names = "--hosts", paramLabel = "N", description = "Hosts (default: ${DEFAULT-VALUE}).")
    private int hosts = 1;

    @Option(
            names = "--keep-alive",
            paramLabel = "POLICY",
            description = "How long idle environments stay, and who goes first where room is needed: a time, lru,"
                    + " greedy-dual, hybrid-histogram[:range=4h,..] (default: ${DEFAULT-VALUE}).")
    private String keepAlive = "10m";

    @Option(
            names = "--placement",
            paramLabel = "POLICY",
            description = "Which environment, which host: mru, least-loaded, bin-packing, bounded-hash[:1.25],"
                    + " snapshot-locality[:4] (default: ${DEFAULT-VALUE}).")
    private String placement = "mru";

    @Option(
            names = "--queueing",
            paramLabel = "POLICY",
            description = "Who gets the next room: fifo, shortest-expected, earliest-deadline,"
                    + " weighted-fair[:FUNCTION=WEIGHT,..] (default: ${DEFAULT-VALUE}).")
    private String queueing = PolicyText.DEFAULT_QUEUEING;

    @Option(
            names = "--scaling",
            paramLabel = "function|regional[:N]|none",
            description = "How fast environments may come (default: ${DEFAULT-VALUE}).")
    private String scaling = "none";

    @Option(
            names = "--provisioned",
            paramLabel = "none|N|pNN",
            description = "Provisioned concurrency of each function: a number, or what is enough in NN %% of the time"
                    + " (default: ${DEFAULT-VALUE}).")
    private String provisioned = Provisioned.NONE.text();

    @Option(names = "--seed", paramLabel = "N", description = "Of every draw (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--rows", description = "A row for each invocation (default: for a sample of them).")
    private boolean rows;

    @Option(names = "--name", paramLabel = "NAME", description = "Part of the bundle's folder name.")
    private @Nullable String name;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles go (default: results/runs).")
    private Path runs = Installation.runs();

    @Override
    public Integer call() throws IOException {
        PolicyText policies = new PolicyText(keepAlive, placement, queueing, scaling);
        List<VirtualHost> fleet = options.fleet(hosts);
        SchedulerConfig config = options.config();
        Provisioned ahead = OptionText.parse("--provisioned", provisioned, Provisioned::parse);
        Workload workload = ahead.on(options.workload(seed), config.accountConcurrency());
        Scenario scenario = new Scenario(workload, config, fleet, policies.policies(), seed);
        RunPlan plan = plan(scenario, policies);
        try (SimulatedRun run = SimulatedRun.open(scenario, plan, rows, runs);
                Interruption _ = new Interruption(run::stop);
                Progress _ = Progress.start(plan, run::progress)) {
            return report(run.run());
        }
    }

    private static int report(RunOutcome outcome) {
        outcome.figures().forEach(System.out::println);
        outcome.overBudget().forEach(line -> System.out.println("over budget: " + line));
        System.out.println("report: " + outcome.bundle().resolve("report.html"));
        System.out.println("run: " + outcome.bundle());
        return outcome.overBudget().isEmpty() ? 0 : Main.EXIT_OVER_BUDGET;
    }

    private RunPlan plan(Scenario scenario, PolicyText policies) {
        Map<String, String> settings = new TreeMap<>(options.describe());
        settings.put("hosts", Integer.toString(hosts));
        settings.putAll(scenario.workload().describe());
        settings.put("keepAlive", policies.keepAlive());
        settings.put("placement", policies.placement());
        settings.put("queueing", policies.queueing());
        settings.put("scaling", policies.scaling());
        settings.put("provisioned", provisioned);
        settings.put("rows", rows ? "all" : "sample");
        return SimulatedPlan.of(scenario, name == null ? options.traceName() : name, CommandLineText.get(), settings);
    }
}
