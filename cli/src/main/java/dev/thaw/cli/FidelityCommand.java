package dev.thaw.cli;

import dev.thaw.cli.virtual.Calibration;
import dev.thaw.cli.virtual.Fidelity;
import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.ModelFile;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.SimulatedPlan;
import dev.thaw.cli.virtual.SimulatedRun;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import dev.thaw.results.FidelityBundle;
import dev.thaw.results.FidelityRun;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunOutcome;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw fidelity}: the same minutes of a trace live and in virtual time, and how far they differ. */
@Command(
        name = "fidelity",
        description = "Replay the same minutes live and in virtual time, and tell how far these differ.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class FidelityCommand implements Callable<Integer> {
    private static final int MAX_RUNS = 1_000;
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    @Parameters(paramLabel = "TRACE", description = "The trace's file, or its folder.")
    private Path trace = Path.of("");

    @Option(names = "--format", paramLabel = "FORMAT", description = "Of the trace (default: ${DEFAULT-VALUE}).")
    private String format = "auto";

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Only the first part of the trace (default: 60s).")
    private Duration duration = Duration.ofSeconds(60);

    @Option(
            names = "--live-runs",
            paramLabel = "N",
            description = "Live runs; the first one makes the model (default: ${DEFAULT-VALUE}).")
    private int liveRuns = 4;

    @Option(
            names = "--virtual-runs",
            paramLabel = "N",
            description = "Simulations, with a seed each (default: ${DEFAULT-VALUE}).")
    private int virtualRuns = 20;

    @Mixin
    private RunOptions run = new RunOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        bound("--live-runs", liveRuns, 2);
        bound("--virtual-runs", virtualRuns, 1);
        Trace opened = open(duration);
        warmUp();
        List<RunBundle> live = live(opened);
        MeasuredModel model = Calibration.of(live.getFirst(), opened);
        List<Scenario> scenarios = LongStream.range(0, virtualRuns)
                .mapToObj(each -> scenario(opened, model, run.seed + each))
                .toList();
        RunOutcome virtual = simulate(scenarios.getFirst());
        FidelityRun result = Fidelity.compare(
                opened, live, scenarios, String.valueOf(virtual.bundle().getFileName()));
        return report(result, model);
    }

    private Trace open(Duration window) throws IOException {
        return Trace.open(
                trace,
                TraceFormat.of(format),
                TraceOptions.defaults().withSeed(run.seed).withWindowNs(window.toNanos()));
    }

    /** The first server of a process starts environments more slowly than the next ones: a model made of it would be too slow. */
    private void warmUp() throws IOException, InterruptedException {
        System.out.println("warm-up, which counts for nothing");
        Trace opening = open(duration.compareTo(WARM_UP) < 0 ? duration : WARM_UP);
        new TraceReplay(opening, run, server).record("replay", name() + "-warm-up");
    }

    private static void bound(String option, int value, int least) {
        if (value < least || value > MAX_RUNS) {
            throw new WrongUse(option + ": " + value + ", must be " + least + " to " + MAX_RUNS);
        }
    }

    private List<RunBundle> live(Trace opened) throws IOException, InterruptedException {
        List<RunBundle> bundles = new ArrayList<>();
        for (int each = 1; each <= liveRuns; each++) {
            System.out.println("live run " + each + " of " + liveRuns + (each == 1 ? ", which makes the model" : ""));
            RunOutcome outcome = new TraceReplay(opened, run, server).record("replay", name() + "-live-" + each);
            bundles.add(RunBundle.load(outcome.bundle()));
        }
        return bundles;
    }

    /** The server's own policies and limits on a host with this one's processors. */
    private Scenario scenario(Trace opened, MeasuredModel model, long seed) {
        Workload workload = Workload.of(opened, model, List.of(), new Workload.Choice(false, false, false));
        int milliVcpus = Runtime.getRuntime().availableProcessors() * 1000;
        VirtualHost host =
                new VirtualHost(new HostSpec("host-0", server.hostMemoryMib(), server.hostMilliVcpus()), milliVcpus);
        return new Scenario(workload, server.schedulerConfig(), List.of(host), server::policies, seed);
    }

    private RunOutcome simulate(Scenario first) throws IOException {
        Map<String, String> settings = new TreeMap<>(server.describe());
        settings.putAll(first.workload().describe());
        try (SimulatedRun simulated = SimulatedRun.open(
                first, SimulatedPlan.of(first, name() + "-virtual", CommandLineText.get(), settings), true, run.runs)) {
            return simulated.run();
        }
    }

    private int report(FidelityRun result, MeasuredModel model) throws IOException {
        Map<String, String> settings = new TreeMap<>(server.describe());
        settings.putAll(run.describe());
        settings.put("trace", trace.toString());
        settings.put("durationMs", Long.toString(duration.toMillis()));
        settings.put("liveRuns", Integer.toString(liveRuns));
        settings.put("virtualRuns", Integer.toString(virtualRuns));
        settings.put("model", model.source());
        Path bundle = FidelityBundle.write(result, name() + "-fidelity", CommandLineText.get(), settings, run.runs);
        ModelFile.write(model, bundle.resolve("model.json"));
        System.out.println("| measure | live | another live run | virtual | difference, % | verdict |");
        System.out.println("| --- | ---: | ---: | ---: | ---: | --- |");
        result.measures().forEach(each -> System.out.println(row(each)));
        result.missed().forEach(line -> System.out.println("over budget: " + line));
        System.out.println("report: " + bundle.resolve("report.html"));
        System.out.println("run: " + bundle);
        return result.missed().isEmpty() ? 0 : Main.EXIT_OVER_BUDGET;
    }

    private static String row(FidelityRun.Measure each) {
        return String.format(
                Locale.ROOT,
                "| %s | %.4g | %.4g to %.4g | %.4g | %+.1f | %s |",
                each.title(),
                each.liveMean(),
                each.expectedLow(),
                each.expectedHigh(),
                each.virtualMean(),
                each.differencePercent(),
                each.verdict());
    }

    private String name() {
        @Nullable String given = run.name;
        return given != null
                ? given
                : String.valueOf(trace.getFileName())
                        .replaceFirst("\\.[^.]*$", "")
                        .replaceAll("[^A-Za-z0-9_-]", "-");
    }
}
