package dev.thaw.cli;

import dev.thaw.cli.evidence.ComparisonOptions;
import dev.thaw.cli.evidence.ab.Alternation;
import dev.thaw.cli.evidence.ab.Children;
import dev.thaw.cli.evidence.ab.Comparisons;
import dev.thaw.cli.evidence.ab.ReadyVariant;
import dev.thaw.cli.evidence.ab.Variant;
import dev.thaw.cli.evidence.ab.VariantFailure;
import dev.thaw.cli.evidence.ab.VariantPlan;
import dev.thaw.cli.evidence.ab.VariantRuns;
import dev.thaw.cli.evidence.ab.Vocabulary;
import dev.thaw.cli.evidence.ab.WidthLook;
import dev.thaw.results.BundleSet;
import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import dev.thaw.results.compare.Gate;
import dev.thaw.results.compare.Tightness;
import dev.thaw.results.statistics.Design;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thaw ab}: runs variants in turns, each run a process of its own, and compares them. */
@Command(
        name = "ab",
        description = "Run variants in turns and compare them: settings, policies, builds, endpoints.",
        customSynopsis = "thaw ab --variant 'NAME: OPTIONS' --variant .. [OPTIONS] -- VERB OPTIONS",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AbCommand implements Callable<Integer> {
    private static final Set<String> OF_INVOCATIONS = Set.of("load", "replay", "simulate");
    private static final Set<String> OTHERS = Set.of("jmh", "arch");
    private static final Set<String> DEFAULT_METRICS = Set.of("latency.p50", "latency.p99", "throughput");
    /** Of the verdicts of all variants together: the gate's, as people run this again and again. */
    private static final double LEVEL = 0.01;

    private static final String MAIN = Main.class.getName();

    private static final int MIN_ROUNDS = 4; // an interval is made of
    private static final int USUAL_MIN_ROUNDS = 10;
    private static final int USUAL_ROUNDS = 10;
    private static final int USUAL_ROUNDS_UNTIL = 40;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--variant",
            paramLabel = "'NAME: OPTIONS'",
            required = true,
            description =
                    "Two or more; the first is what the others are compared with. Options of the verb take the place of"
                            + " the command's; of load also options of serve, for a server that each run starts;"
                            + " --thaw PATH for another build (a checkout, or a jar beside its lib), --jvm OPTIONS for"
                            + " its JVM.")
    private List<String> variants = new ArrayList<>();

    @Option(
            names = "--until",
            paramLabel = "METRIC:PERCENT",
            split = ",",
            description = "End when the metric's interval is so tight, such as p50:2%%, throughput:1%%.")
    private List<String> until = new ArrayList<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "At most so many runs of each (default: as many as a verdict needs, 10 or more; 40 with --until).")
    private @Nullable Integer rounds;

    @Option(
            names = "--min-rounds",
            paramLabel = "N",
            description = "So many before --until counts (default: as many as a verdict needs, 10 or more).")
    private @Nullable Integer minRounds;

    @Option(
            names = "--budget",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Begin no two rounds that would end later (default: none).")
    private Duration budget = Alternation.Rounds.UNLIMITED;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Of load: how long each server is driven before it is measured (default: 5s).")
    private Duration warmUp = Duration.ofSeconds(5);

    @Option(
            names = "--pause",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Before each run (default: 1s).")
    private Duration pause = Duration.ofSeconds(1);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the order, the draws, and the first round's load; the next round's is one more"
                    + " (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where the set's folder goes (default: results/runs).")
    private Path runs = Installation.runs();

    @Option(names = "--resume", paramLabel = "SET", description = "Goes on with a set that was stopped.")
    private @Nullable Path resume;

    @Mixin
    private ComparisonOptions comparison = new ComparisonOptions();

    @Parameters(paramLabel = "VERB", arity = "1..*", description = "After --: load, replay, simulate, arch or jmh.")
    private List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Vocabulary vocabulary = vocabulary();
        Path template = Installation.root().resolve("examples/template.yaml");
        List<VariantPlan> plans = variants.stream()
                .map(Variant::parse)
                .map(each -> VariantPlan.of(each, command.subList(1, command.size()), vocabulary, template))
                .toList();
        List<String> names = plans.stream().map(VariantPlan::name).toList();
        if (names.size() < 2 || Set.copyOf(names).size() < names.size()) {
            throw new WrongUse("--variant: " + names + ", must be two or more of different names");
        }
        List<Tightness> wanted = until.stream().map(AbCommand::tightness).toList();
        if (OF_INVOCATIONS.contains(command.getFirst())) {
            Set<String> metrics = new TreeSet<>(DEFAULT_METRICS);
            wanted.forEach(each -> metrics.add(each.metric()));
            comparison.defaultMetrics(metrics);
        }
        double level = LEVEL / (names.size() - 1);
        ComparisonSettings settings = comparison.settings(UnitChoice.AUTO, true, seed, level);
        Gate gate = comparison.gate(names.size() - 1);
        Alternation.Rounds howMany = howMany(level, gate);
        Children children = new Children();
        try (children;
                Interruption _ = new Interruption(children::stop)) {
            List<ReadyVariant> ready = new ArrayList<>();
            for (VariantPlan plan : plans) {
                ready.add(ReadyVariant.of(plan, vocabulary, MAIN, children));
            }
            Comparisons comparisons = new Comparisons(open(names), names);
            VariantRuns trial = new VariantRuns(
                    comparisons.set(),
                    ready,
                    vocabulary,
                    new VariantRuns.Settings(seed, warmUp, pause, MAIN),
                    children);
            Alternation.Look look =
                    new WidthLook(comparisons, wanted, settings, new WidthLook.Gated(gate, howMany.atMost()));
            return measured(
                    comparisons,
                    new Alternation(names, seed, howMany, trial, look, SystemNanoClock.INSTANCE),
                    settings);
        }
    }

    private int measured(Comparisons comparisons, Alternation alternation, ComparisonSettings settings)
            throws IOException {
        BundleSet set = comparisons.set();
        System.out.println("set: " + set.directory());
        SequencedMap<String, Comparison> all;
        try {
            String end = alternation.run(set.rounds());
            all = comparisons.all(settings);
            if (comparison.canDecide(all)) { // otherwise there is no verdict that more rounds could be chosen by
                set.end(end);
            }
            System.out.println("ended after " + set.rounds() + " rounds: " + end);
        } catch (VariantFailure failure) {
            spec.commandLine().getErr().println("thaw: " + failure.getMessage());
            return stopped(set);
        } catch (InterruptedException e) {
            set.discard();
            return stopped(set);
        }
        comparison.defaultFiles(set.directory());
        int exit = comparison.tell(all);
        System.out.println("set: " + set.directory());
        return exit;
    }

    /** Verdicts are of sets that have ended: this one may go on. */
    private static int stopped(BundleSet set) {
        System.out.println("stopped: " + set.rounds() + " complete rounds are kept; the same command with --resume "
                + set.directory() + " goes on");
        return Main.EXIT_OVER_BUDGET;
    }

    private static Tightness tightness(String text) {
        try {
            return Tightness.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUse("--until: " + e.getMessage());
        }
    }

    private Vocabulary vocabulary() {
        String verb = command.getFirst();
        if (!OF_INVOCATIONS.contains(verb) && !OTHERS.contains(verb)) {
            throw new WrongUse("ab: '" + verb + "', must be load, replay, simulate, arch or jmh");
        }
        return new Vocabulary(verbSpec(verb), verb.equals("load") ? verbSpec("serve") : null);
    }

    private CommandSpec verbSpec(String verb) {
        return Objects.requireNonNull(spec.root().subcommands().get(verb)).getCommandSpec();
    }

    private Alternation.Rounds howMany(double level, @Nullable Gate gate) {
        int metrics = Math.max(1, comparison.metrics().size());
        int needed = Design.pairsFor(level / metrics);
        int even = needed + needed % 2;
        int atMost = rounds != null ? rounds : Math.max(even, until.isEmpty() ? USUAL_ROUNDS : USUAL_ROUNDS_UNTIL);
        int atLeast = minRounds != null ? minRounds : Math.min(atMost, Math.max(even, USUAL_MIN_ROUNDS));
        if (atMost < 2) {
            throw new WrongUse("--rounds: " + atMost + ", must be 2 or more");
        }
        if (minRounds != null && (atLeast < MIN_ROUNDS || atLeast > atMost)) {
            throw new WrongUse("--min-rounds: " + atLeast + ", must be " + MIN_ROUNDS + ".." + atMost);
        }
        if (gate != null && Math.min(atMost, atLeast) < needed) {
            throw new WrongUse("--fail-over: " + Math.min(atMost, atLeast) + " rounds are too few to stop anything by "
                    + metrics + " metrics: must be " + needed + " or more (--rounds), or fewer --metrics");
        }
        return new Alternation.Rounds(atLeast, atMost, budget);
    }

    private BundleSet open(List<String> names) throws IOException {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        settings.put("command", String.join(" ", command));
        settings.put("variants", String.join(", ", names));
        variants.forEach(each -> settings.put("variant " + Variant.parse(each).name(), each));
        settings.put("seed", Long.toString(seed));
        settings.put("warmUpMs", Long.toString(warmUp.toMillis()));
        settings.put("pauseMs", Long.toString(pause.toMillis()));
        return resume != null
                ? BundleSet.resume(resume, names, settings)
                : BundleSet.create(runs, "ab-" + String.join("-", names), CommandLineText.get(), names, settings);
    }
}
