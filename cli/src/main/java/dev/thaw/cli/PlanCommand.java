package dev.thaw.cli;

import dev.thaw.cli.plan.FleetPlanner;
import dev.thaw.cli.plan.Objectives;
import dev.thaw.cli.plan.PlanQuestion;
import dev.thaw.cli.plan.PlanQuestion.Choice;
import dev.thaw.cli.virtual.Cores;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.PlanBundle;
import dev.thaw.results.PlanRun;
import dev.thaw.results.SweepBundle;
import dev.thaw.results.cost.PriceList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw plan}: the smallest fleet and the cheapest settings that hold objectives on a trace, in virtual time. */
@Command(
        name = "plan",
        description = "Find the smallest fleet and the cheapest settings that hold objectives on a trace.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    @Option(
            names = "--objective",
            required = true,
            paramLabel = "FIGURE<BOUND[,..]",
            description =
                    "What is to hold: p50, p90, p95, p99, p99.9 from arrival to answer, the same with added- beyond"
                            + " the handler's work, cold, delayed, throttled. p99<200ms,cold<1%%,throttled=0")
    private String objective = "";

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Option(names = "--max-hosts", paramLabel = "N", description = "No larger fleet (default: ${DEFAULT-VALUE}).")
    private int maxHosts = 64;

    @Mixin
    private PolicyChoices choices = new PolicyChoices(
            List.of("1m", "10m", "lru", "greedy-dual", "hybrid-histogram"), List.of("mru", "bin-packing"));

    @Option(
            names = "--provisioned",
            paramLabel = "none|N|pNN",
            split = ",",
            description = "Provisioned concurrency of each function: a number, or what is enough in NN %% of the time"
                    + " (default: ${DEFAULT-VALUE}).")
    private List<String> provisioned = List.of("none");

    @Option(names = "--seed", paramLabel = "N", description = "Of every draw (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--prices",
            paramLabel = "x86_64|arm64",
            description = "Lambda's list prices (default: ${DEFAULT-VALUE}).")
    private String prices = "x86_64";

    @Option(names = "--host-price", paramLabel = "USD", description = "Of one host for an hour (default: not priced).")
    private double hostPrice;

    @Mixin
    private SizingOptions sizing = new SizingOptions();

    @Mixin
    private SweepOptions sweep = new SweepOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PlanQuestion question = question();
        SweepBundle bundle = open(question.workload());
        Cores cores = new Cores(Runtime.getRuntime().availableProcessors());
        try (Interruption _ = new Interruption(cores::stop)) {
            FleetPlanner planner = new FleetPlanner(question, bundle, cores);
            Optional<PlanRun> plan;
            try (CellProgress _ = CellProgress.start("plan", planner::planned, cores::done)) {
                plan = planner.run();
            }
            return plan.isEmpty()
                    ? SweepOptions.stopped(bundle, "what was simulated is kept")
                    : report(bundle, plan.get());
        } catch (RuntimeException brokenTrace) {
            bundle.discardUnlessKept();
            throw brokenTrace;
        }
    }

    /** Refuses whatever is wrong with options, trace and models, before there is a bundle. */
    private PlanQuestion question() {
        Objectives objectives = OptionText.parse("--objective", objective, Objectives::parse);
        ScenarioOptions.bound("--max-hosts", maxHosts, ScenarioOptions.MAX_HOSTS);
        PriceList list = PriceList.of(prices);
        if (list == null) {
            throw new WrongUse("--prices: '" + prices + "', must be x86_64 or arm64");
        }
        if (!(hostPrice >= 0) || hostPrice > 1e6) {
            throw new WrongUse("--host-price: " + hostPrice + ", must be 0 to 1000000");
        }
        List<Choice> all = new ArrayList<>();
        for (String concurrency : provisioned.stream().distinct().toList()) {
            Function<PolicyText, Choice> of = policies -> OptionText.parse(
                    "--provisioned", concurrency, text -> Choice.of(policies.byName(), policies.policies(), text));
            choices.all().stream().map(of).forEach(all::add);
        }
        var sizes = sizing.question();
        var host = options.host();
        return new PlanQuestion(
                options.workload(seed),
                options.config(),
                host,
                all,
                objectives,
                maxHosts,
                seed,
                list,
                hostPrice,
                sizes);
    }

    private SweepBundle open(Workload workload) throws IOException {
        Map<String, String> settings = new TreeMap<>(options.describe());
        settings.putAll(workload.describe());
        settings.putAll(choices.describe());
        settings.putAll(sizing.describe());
        settings.put("objective", objective);
        settings.put("maxHosts", Integer.toString(maxHosts));
        settings.put("provisioned", String.join(",", provisioned));
        settings.put("seed", Long.toString(seed));
        settings.put("prices", prices);
        settings.put("hostPrice", Double.toString(hostPrice));
        return sweep.open(PlanBundle.KIND, options.traceName() + "-plan", settings);
    }

    private static int report(SweepBundle bundle, PlanRun plan) throws IOException {
        System.out.print(PlanBundle.finish(bundle, plan));
        System.out.println("report: " + bundle.directory().resolve("report.html"));
        System.out.println("run: " + bundle.directory());
        return plan.holds() ? 0 : Main.EXIT_OVER_BUDGET;
    }
}
