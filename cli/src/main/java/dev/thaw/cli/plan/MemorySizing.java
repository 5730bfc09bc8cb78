package dev.thaw.cli.plan;

import dev.thaw.cli.plan.PlanFigures.Bill;
import dev.thaw.cli.plan.PlanQuestion.SizingQuestion;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.SimulationTotals;
import dev.thaw.scheduler.virtual.WorkModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * The cheapest memory of each function that holds a latency, as power tuning looks for it, but by a percentile of what the
 * whole fleet does. Each size is simulated for all functions at once. Pure: says what to simulate and learns what came of it.
 */
final class MemorySizing {
    private static final double NS_PER_MS = 1e6;

    private final Workload workload;
    private final SizingQuestion question;
    private final Optional<Objective> objective;
    private final PlanFigures figures;
    private final List<Sized> functions = new ArrayList<>();

    /** A function with what each size gave; the first is as it is. */
    private record Sized(int id, String name, int memoryMib, Optional<CpuRule> rule, List<Option> options) {}

    record Option(int memoryMib, double latencyMs, double usd, long served) {}

    /** What a simulation made of each of the functions, by its id. */
    record Size(Map<Integer, Option> options) {}

    /** Of those that cost most in a simulation of the fleet as it is. */
    MemorySizing(PlanQuestion asked, PlanFigures figures, Scenario asItIs, SimulationTotals totals) {
        workload = asked.workload();
        question = asked.sizing();
        this.figures = figures;
        Objective own = question.objective();
        objective = own == null ? asked.objectives().latencies().stream().findFirst() : Optional.of(own);
        List<FunctionModel> models = workload.functions();
        IntStream.range(0, models.size())
                .filter(each -> totals.arrivals(each) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer each) -> -usd(asItIs, totals, each, totals.arrivals(each))))
                .limit(question.functions())
                .forEach(each -> functions.add(new Sized(
                        each,
                        models.get(each).spec().name(),
                        models.get(each).spec().memoryMib(),
                        rule(models.get(each)),
                        new ArrayList<>())));
    }

    /** All that is paid for a function, its provisioned concurrency included. */
    private double usd(Scenario scenario, SimulationTotals totals, int id, long served) {
        FunctionModel model = scenario.workload().functions().get(id);
        return figures.usd(Bill.of(totals, id, served), PlanFigures.heldGbS(List.of(model), totals));
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

    /** What a simulation made of the functions. On any thread. */
    Size size(Scenario scenario, SimulationTotals totals) {
        Map<Integer, Option> options = new TreeMap<>();
        for (Sized each : functions) {
            Histogram latency = totals.latency(each.id);
            if (latency != null) {
                long served = latency.getTotalCount();
                options.put(
                        each.id,
                        new Option(
                                scenario.workload()
                                        .functions()
                                        .get(each.id)
                                        .spec()
                                        .memoryMib(),
                                latency.getValueAtPercentile(percentile()) / NS_PER_MS,
                                usd(scenario, totals, each.id, served),
                                served));
            }
        }
        return new Size(options);
    }

    /** All sizes in the order of {@link #toTry}; one that serves less than as it is does not count: refusing is cheap. */
    void learn(List<Size> sizes) {
        for (Sized each : functions) {
            for (Size size : sizes) {
                Option option = size.options.get(each.id);
                if (option != null && isOption(each, option)) {
                    each.options.add(option);
                }
            }
        }
        functions.removeIf(each -> each.options.isEmpty());
    }

    private static boolean isOption(Sized function, Option option) {
        return function.options.stream().noneMatch(other -> other.memoryMib == option.memoryMib)
                && (function.options.isEmpty() || option.served >= function.options.getFirst().served);
    }

    private double percentile() {
        return objective.map(each -> each.figure().percentile()).orElse(PlanFigure.P99.percentile());
    }

    /** The cheapest that holds; as it is where nothing is cheaper, or nothing is known. */
    private Option chosen(Sized function) {
        Option now = function.options.getFirst();
        return function.options.stream()
                .filter(each -> holds(each, now))
                .min(Comparator.comparingDouble(Option::usd).thenComparingInt(Option::memoryMib))
                .orElse(now);
    }

    private boolean holds(Option option, Option now) {
        return objective.map(each -> each.holds(option.latencyMs)).orElse(option.latencyMs <= now.latencyMs);
    }

    /** Everything that was chosen; none where nothing changes. */
    Optional<Workload> chosen() {
        return functions.stream().anyMatch(each -> chosen(each).memoryMib != each.memoryMib)
                ? Optional.of(resized(each -> chosen(each).memoryMib))
                : Optional.empty();
    }

    List<PlanRun.Sizing> describe() {
        return functions.stream().map(this::describe).toList();
    }

    private PlanRun.Sizing describe(Sized function) {
        Option now = function.options.getFirst();
        Option chosen = chosen(function);
        return new PlanRun.Sizing(
                function.name,
                function.rule.map(CpuRule::cpuPart).orElse(null),
                function.memoryMib,
                chosen.memoryMib,
                List.of(now.latencyMs, chosen.latencyMs),
                List.of(now.usd, chosen.usd),
                verdict(function, now, chosen));
    }

    private String verdict(Sized function, Option now, Option chosen) {
        if (function.rule.isEmpty()) {
            return "unknown: nobody says how much of it is CPU";
        }
        if (!holds(chosen, now)) {
            Option fastest = function.options.stream()
                    .min(Comparator.comparingDouble(Option::latencyMs))
                    .orElse(now);
            return String.format(
                    Locale.ROOT,
                    "no size holds it: %d MiB comes nearest, %.3g ms",
                    fastest.memoryMib,
                    fastest.latencyMs);
        }
        if (chosen.memoryMib == now.memoryMib) {
            return "as it is";
        }
        return holds(now, now) ? "cheaper" : "needed";
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
        notes.add("CPU goes by memory, 1,769 MB for one vCPU; waiting and inits, which have a boost, do not change");
        if (!question.smaller()) {
            notes.add("no size below the trace's is looked at, for it may be what is used (--smaller-memory does)");
        }
        return notes;
    }
}
