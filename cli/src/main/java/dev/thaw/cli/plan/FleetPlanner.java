package dev.thaw.cli.plan;

import dev.thaw.cli.plan.FleetSearch.Point;
import dev.thaw.cli.plan.PlanQuestion.Choice;
import dev.thaw.cli.virtual.Cores;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.Sweep;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.results.SweepBundle;
import dev.thaw.results.SweepCell;
import dev.thaw.scheduler.virtual.SimulationTotals;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * Finds the smallest fleet and the cheapest settings: bounds, search, intervals, what a lost host breaks, memory. The same
 * question gives the same answer, whatever the number of cores. Simulations of the search are cells of the bundle, which a
 * stopped one goes on from.
 *
 * <p>Threading: one thread; {@link #planned} on any.
 */
public final class FleetPlanner {
    private final PlanQuestion question;
    private final Cores cores;
    private final Sweep sweep;
    private final PlanFigures figures;
    private final TraceBounds bounds;
    private final List<PlanRun.Fleet> trials = new ArrayList<>();
    private volatile long planned;

    public FleetPlanner(PlanQuestion question, SweepBundle bundle, Cores cores) {
        this.question = question;
        this.cores = cores;
        sweep = new Sweep(bundle, cores);
        figures = new PlanFigures(question.prices(), question.hostUsdPerHour());
        bounds = new TraceBounds(question.workload());
        question.choices().stream()
                .map(Choice::provisioned)
                .distinct()
                .forEach(each -> each.check(
                        question.workload().functions(),
                        bounds.levels(),
                        question.config().accountConcurrency()));
    }

    /** Simulations that are known to be needed by now. */
    public long planned() {
        return planned;
    }

    /** The plan; none where it was stopped. */
    public Optional<PlanRun> run() throws IOException, InterruptedException {
        boolean provisions =
                question.choices().stream().anyMatch(each -> !each.provisioned().isNone());
        List<String> impossible = bounds.impossible(question.objectives(), provisions);
        FleetSearch search = search(impossible.isEmpty() ? 1 : question.maxHosts());
        if (!impossible.isEmpty() && search.hosts() > 0 && !cores.isStopped()) {
            // A simulation knows better than a bound.
            impossible = List.of();
            search = search(1);
        }
        if (cores.isStopped()) {
            return Optional.empty();
        }
        boolean holds = search.hosts() > 0;
        int hosts = holds ? search.hosts() : question.maxHosts();
        int chosen = holds ? cheapest(search.holding(), hosts) : nearest(hosts);
        return answer(chosen, hosts, holds, impossible);
    }

    /** Over, unless it was stopped. */
    private FleetSearch search(int least) throws IOException, InterruptedException {
        FleetSearch search = new FleetSearch(
                question.choices().size(),
                least,
                bounds.guess(question.objectives(), host(), question.maxHosts()),
                question.maxHosts());
        for (List<Point> points = search.next(); !points.isEmpty(); points = search.next()) {
            List<SweepCell> cells = simulate(points);
            if (cores.isStopped()) {
                return search;
            }
            search.learn(holding(points, cells));
        }
        return search;
    }

    private List<SweepCell> simulate(List<Point> points) throws IOException, InterruptedException {
        planned = cores.done() + points.size();
        return sweep.run(
                points.stream()
                        .map(point -> {
                            Choice choice = question.choices().get(point.setting());
                            Map<String, String> names = new TreeMap<>(choice.names());
                            names.put("hosts", Integer.toString(point.hosts()));
                            return new Sweep.Entry(
                                    names, question.seed(), () -> scenario(choice, point.hosts(), question.workload()));
                        })
                        .toList(),
                figures::of);
    }

    private Set<Point> holding(List<Point> points, List<SweepCell> cells) {
        Set<Point> holding = new HashSet<>();
        for (int at = 0; at < points.size(); at++) {
            Point point = points.get(at);
            Choice choice = question.choices().get(point.setting());
            PlanRun.Fleet fleet = fleet(choice, point.hosts(), cells.get(at).figures());
            if (!trials.contains(fleet)) {
                trials.add(fleet);
            }
            if (fleet.broken().isEmpty()) {
                holding.add(point);
            }
        }
        return holding;
    }

    private PlanRun.Fleet fleet(Choice choice, int hosts, Map<String, Double> of) {
        return new PlanRun.Fleet(
                hosts,
                new TreeMap<>(choice.names()),
                new TreeMap<>(of),
                question.objectives().broken(of));
    }

    private Scenario scenario(Choice choice, int hosts, Workload workload) {
        List<VirtualHost> fleet =
                IntStream.range(0, hosts).mapToObj(question.host()).toList();
        Workload provisioned = choice.provisioned().on(workload, bounds.levels());
        return new Scenario(provisioned, question.config(), fleet, choice.policies(), question.seed());
    }

    private PlanRun.Host host() {
        VirtualHost host = question.host().apply(0);
        return new PlanRun.Host(host.spec().memoryMib(), host.milliVcpus());
    }

    // --- choices

    /** Of equal cost, with less idle memory; of that too, the first one asked for. */
    private int cheapest(List<Integer> settings, int hosts) {
        return settings.stream()
                .min(Comparator.comparingDouble((Integer each) -> figure(each, hosts, PlanFigure.USD))
                        .thenComparingDouble(each -> figure(each, hosts, PlanFigure.IDLE_GB_S)))
                .orElseThrow();
    }

    /** Breaks the fewest objectives, by the least. */
    private int nearest(int hosts) {
        return IntStream.range(0, question.choices().size())
                .boxed()
                .min(Comparator.comparingInt(
                                (Integer each) -> trial(each, hosts).broken().size())
                        .thenComparingDouble(each ->
                                question.objectives().excess(trial(each, hosts).figures()))
                        .thenComparingDouble(each -> figure(each, hosts, PlanFigure.USD)))
                .orElseThrow();
    }

    private PlanRun.Fleet trial(int setting, int hosts) {
        TreeMap<String, String> names =
                new TreeMap<>(question.choices().get(setting).names());
        return trials.stream()
                .filter(each -> each.hosts() == hosts && each.settings().equals(names))
                .findFirst()
                .orElseThrow();
    }

    private double figure(int setting, int hosts, PlanFigure which) {
        return trial(setting, hosts).figures().getOrDefault(which.key(), 0.0);
    }

    // --- the answer

    private Optional<PlanRun> answer(int setting, int hosts, boolean holds, List<String> impossible)
            throws IOException, InterruptedException {
        Choice choice = question.choices().get(setting);
        PlanIntervals intervals = new PlanIntervals(question, bounds.endNs());
        for (List<Integer> sizes = intervals.next(hosts, holds); !sizes.isEmpty(); ) {
            List<Callable<WindowFigures>> jobs = new ArrayList<>();
            for (int size : sizes) {
                jobs.add(() -> intervals.simulate(scenario(choice, size, question.workload()), figures));
            }
            intervals.learn(sizes, all(jobs));
            sizes = cores.isStopped() ? List.of() : intervals.next(hosts, holds);
        }
        PlanRun.Memory memory = memory(choice, hosts, holds, intervals);
        if (cores.isStopped()) {
            return Optional.empty();
        }
        return Optional.of(new PlanRun(
                question.objectives().texts(),
                question.workload().assumptions(),
                bounds.describe(question.objectives(), host()),
                impossible,
                host(),
                question.maxHosts(),
                holds,
                trial(setting, hosts),
                intervals.hosts(hosts, holds),
                intervals.figures(hosts),
                hosts == 1 ? null : fleet(choice, hosts - 1, intervals.totals(hosts - 1)),
                fleet(choice, hosts + 1, intervals.totals(hosts + 1)),
                intervals.words(holds),
                memory,
                trials));
    }

    private <T> List<T> all(List<Callable<T>> jobs) throws IOException, InterruptedException {
        planned = cores.done() + jobs.size();
        return cores.run(jobs);
    }

    private PlanRun.Memory memory(Choice choice, int hosts, boolean holds, PlanIntervals intervals)
            throws IOException, InterruptedException {
        if (question.sizing().functions() == 0 || !holds || cores.isStopped()) {
            return new PlanRun.Memory("", List.of(), List.of(), null);
        }
        Scenario asItIs = scenario(choice, hosts, question.workload());
        List<SimulationTotals> ranking = all(List.of(asItIs::run));
        if (ranking.isEmpty()) {
            return new PlanRun.Memory("", List.of(), List.of(), null);
        }
        MemorySizing sizing = new MemorySizing(question, figures, intervals, asItIs, ranking.getFirst());
        List<Callable<MemorySizing.Size>> jobs = new ArrayList<>();
        for (Workload each : sizing.toTry()) {
            Scenario scenario = scenario(choice, hosts, each);
            jobs.add(() -> sizing.size(scenario));
        }
        sizing.learn(all(jobs));
        if (cores.isStopped()) {
            return new PlanRun.Memory("", List.of(), List.of(), null);
        }
        PlanRun.Fleet together = null;
        if (sizing.chosen().isPresent()) {
            Scenario scenario = scenario(choice, hosts, sizing.chosen().get());
            together = fleet(choice, hosts, figures.of(scenario, scenario.run()));
        }
        return new PlanRun.Memory(sizing.objective(), sizing.notes(), sizing.describe(), together);
    }
}
