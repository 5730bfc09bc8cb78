package dev.thaw.cli.plan;

import dev.thaw.cli.plan.PlanQuestion.SizingQuestion;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.results.statistics.BlockBootstrap;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.SimulationTotals;
import dev.thaw.scheduler.virtual.WorkModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The cheapest memory of each function that holds a latency, as power tuning looks for it, but by a percentile of what the
 * whole fleet does. Each size is simulated for all functions at once. Pure: says what to simulate and learns what came of it.
 */
final class MemorySizing {
    private static final double PERCENT = 100;

    private final Workload workload;
    private final SizingQuestion question;
    private final Optional<Objective> objective;
    private final PlanFigures figures;
    private final PlanIntervals intervals;
    private final List<Sized> functions = new ArrayList<>();

    /** A function with what each size gave; the first is as it is. */
    private record Sized(int id, String name, int memoryMib, Optional<CpuRule> rule, List<SizeOption> options) {}

    /** What a simulation made of each of the functions, by its id. */
    record Size(Map<Integer, SizeOption> options) {}

    /** Of those that cost most in a simulation of the fleet as it is. */
    MemorySizing(
            PlanQuestion asked,
            PlanFigures figures,
            PlanIntervals intervals,
            Scenario asItIs,
            SimulationTotals totals) {
        workload = asked.workload();
        question = asked.sizing();
        this.figures = figures;
        this.intervals = intervals;
        Objective own = question.objective();
        objective = own == null ? asked.objectives().latencies().stream().findFirst() : Optional.of(own);
        List<FunctionModel> models = asItIs.workload().functions();
        IntStream.range(0, models.size())
                .filter(each -> totals.arrivals(each) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer each) -> -figures.usd(models.get(each), totals, each, totals.arrivals(each))))
                .limit(question.functions())
                .forEach(each -> functions.add(new Sized(
                        each,
                        models.get(each).spec().name(),
                        models.get(each).spec().memoryMib(),
                        rule(models.get(each)),
                        new ArrayList<>())));
    }

    /** What is known of its CPU, or assumed. */
    private Optional<CpuRule> rule(FunctionModel model) {
        int memoryMib = model.spec().memoryMib();
        if (model.work().milliVcpus() != WorkModel.MEMORY_SHARE) {
            return Optional.of(new CpuRule(model.work().milliVcpus() / 1_000.0, memoryMib));
        }
        return Optional.ofNullable(question.assumedPart()).map(part -> CpuRule.ofPart(part, memoryMib));
    }

    /** As it is, and a workload for each size in which every function that may have it does. */
    List<Workload> toTry() {
        List<Workload> all = new ArrayList<>();
        all.add(resized(each -> each.memoryMib));
        question.sizesMib().stream()
                .filter(mib -> functions.stream().anyMatch(each -> mayHave(each, mib)))
                .map(mib -> resized(each -> mayHave(each, mib) ? mib : each.memoryMib))
                .forEach(all::add);
        return all;
    }

    private boolean mayHave(Sized function, int mib) {
        return function.rule.isPresent()
                && mib != function.memoryMib
                && (question.smaller() || mib > function.memoryMib);
    }

    private Workload resized(java.util.function.ToIntFunction<Sized> memoryMib) {
        List<FunctionModel> models = new ArrayList<>(workload.functions());
        double[] factors = new double[models.size()];
        Arrays.fill(factors, 1);
        for (Sized each : functions) {
            int mib = memoryMib.applyAsInt(each);
            // Of its present size too: or what is assumed of its CPU would be a saving of any other size.
            if (each.rule.isPresent()) {
                CpuRule rule = each.rule.get();
                FunctionModel model = models.get(each.id).withMemoryMib(mib);
                WorkModel work = model.work();
                factors[each.id] = rule.factor(mib);
                models.set(
                        each.id,
                        model.with(
                                new WorkModel(work.handler(), work.overhang(), rule.milliVcpus(mib), work.overhead())));
            }
        }
        return workload.with(models, factors);
    }

    /** Simulates a size, as the functions of the scenario have it. On any thread. */
    Size size(Scenario scenario) {
        List<Integer> ids = functions.stream().map(Sized::id).toList();
        SizeCounts counts = new SizeCounts(scenario, figures, intervals.windows(), ids);
        Map<Integer, SizeOption> options = new TreeMap<>();
        ids.stream()
                .filter(counts::isServed)
                .forEach(id -> options.put(
                        id, counts.option(id, SizeChoice.percentile(objective) / PERCENT, intervals.bootstrap())));
        return new Size(options);
    }

    /** All sizes in the order of {@link #toTry}; one that serves less than as it is does not count: refusing is cheap. */
    void learn(List<Size> sizes) {
        for (Sized each : functions) {
            for (Size size : sizes) {
                SizeOption option = size.options.get(each.id);
                if (option != null && isOption(each, option)) {
                    each.options.add(option);
                }
            }
        }
        functions.removeIf(each -> each.options.isEmpty());
    }

    private static boolean isOption(Sized function, SizeOption option) {
        return function.options.stream().noneMatch(other -> other.memoryMib() == option.memoryMib())
                && (function.options.isEmpty()
                        || option.served() >= function.options.getFirst().served());
    }

    private SizeChoice choice(Sized function) {
        return new SizeChoice(function.options, objective);
    }

    private int chosenMib(Sized function) {
        return choice(function).chosen().memoryMib();
    }

    /** Everything that was chosen; none where nothing changes. */
    Optional<Workload> chosen() {
        return functions.stream().anyMatch(each -> chosenMib(each) != each.memoryMib)
                ? Optional.of(resized(this::chosenMib))
                : Optional.empty();
    }

    List<PlanRun.Sizing> describe() {
        return functions.stream().map(this::describe).toList();
    }

    private PlanRun.Sizing describe(Sized function) {
        SizeChoice choice = choice(function);
        BlockBootstrap bootstrap = intervals.bootstrap();
        SizeOption now = choice.now();
        SizeOption chosen = choice.chosen();
        return new PlanRun.Sizing(
                function.name,
                function.rule.map(CpuRule::cpuPart).orElse(null),
                function.memoryMib,
                chosen.memoryMib(),
                List.of(SizeChoice.latencyMs(now, bootstrap), SizeChoice.latencyMs(chosen, bootstrap)),
                List.of(SizeChoice.usd(now, bootstrap), SizeChoice.usd(chosen, bootstrap)),
                choice.percentilesMs(bootstrap),
                choice.latencyRatio(bootstrap),
                choice.usdRatio(bootstrap),
                function.rule.isEmpty() ? new TreeMap<>() : choice.shares(),
                choice.tooFew(bootstrap),
                verdict(function, choice));
    }

    private static String verdict(Sized function, SizeChoice choice) {
        if (function.rule.isEmpty()) {
            return "unknown: nobody says how much of it is CPU";
        }
        SizeOption chosen = choice.chosen();
        if (!choice.holds(chosen)) {
            SizeOption fastest = function.options.stream()
                    .min(Comparator.comparingDouble(SizeOption::latencyMs))
                    .orElse(chosen);
            return "no size holds it: " + fastest.memoryMib() + " MiB comes nearest, "
                    + PlanFigure.text(fastest.latencyMs()) + " ms";
        }
        if (chosen.memoryMib() == function.memoryMib) {
            return "as it is";
        }
        return choice.holds(choice.now()) ? "cheaper" : "needed";
    }

    /** What each function is to hold, in words. */
    String objective() {
        return objective.map(Objective::text).orElse("p99 no longer than it is");
    }

    List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add("each function is to hold " + objective() + " at the lowest cost, on the plan's fleet");
        long unknown = functions.stream().filter(each -> each.rule.isEmpty()).count();
        if (unknown > 0) {
            notes.add(unknown + " of " + functions.size()
                    + " functions stay as they are: neither trace nor model says how"
                    + " much of their durations is CPU (a model of thaw calibrate does; --cpu-part assumes it)");
        }
        Double assumed = question.assumedPart();
        boolean anyAssumed = functions.stream()
                .anyMatch(each -> each.rule.isPresent()
                        && workload.functions().get(each.id).work().milliVcpus() == WorkModel.MEMORY_SHARE);
        if (assumed != null && anyAssumed) {
            notes.add(PlanFigure.text(assumed * 100) + " % of durations are assumed to be CPU of one thread at the"
                    + " trace's memory: no model says");
        }
        notes.add("sure: in how many of the draws of the trace's windows (as the intervals' below) the same size is"
                + " chosen, of sizes that are looked at in the same windows");
        notes.add("CPU goes by memory, 1,769 MB for one vCPU; waiting and inits, which have a boost, do not change");
        if (!question.smaller()) {
            notes.add("no size below the trace's is looked at, for it may be what is used (--smaller-memory does)");
        }
        return notes;
    }
}
