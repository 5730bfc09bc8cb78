package dev.thaw.cli;

import dev.thaw.loadgen.DriverConfig;
import dev.thaw.loadgen.LoadOutcome;
import dev.thaw.loadgen.LoadPlan;
import dev.thaw.loadgen.OpenLoopDriver;
import dev.thaw.loadgen.SampleSink;
import dev.thaw.loadgen.WarmUp;
import dev.thaw.results.Rehearsal;
import dev.thaw.results.RunOutcome;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunRecorder;
import dev.thaw.scheduler.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/** Drives a load, records it into a bundle, prints what came of it. */
final class MeasuredRun {
    /** From everything being ready to the first start: threads and connections settle. */
    private static final long LEAD_NS = 200_000_000L;

    private static final double NS_PER_S = 1e9;

    private final RunPlan plan;
    private final DriverConfig driverConfig;
    private final RunOptions options;
    private final @Nullable URI watched;
    private final @Nullable Credentials key;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private @Nullable LoadPlan settling;

    /**
     * @param watched a server of ours whose environments are sampled, or null
     * @param key by which its pages are read, or null
     */
    MeasuredRun(
            RunPlan plan,
            DriverConfig driverConfig,
            RunOptions options,
            @Nullable URI watched,
            @Nullable Credentials key) {
        this.plan = plan;
        this.driverConfig = driverConfig;
        this.options = options;
        this.watched = watched;
        this.key = key;
    }

    /** Sends this load first, of which nothing counts; null for none. */
    MeasuredRun after(@Nullable LoadPlan load) {
        settling = load;
        return this;
    }

    int openLoop(LoadPlan load) throws IOException, InterruptedException {
        return exitCode(recordOpenLoop(load));
    }

    /** The same, for who does not end with it. */
    RunOutcome recordOpenLoop(LoadPlan load) throws IOException, InterruptedException {
        return measure((driver, recorder, startNs) -> driver.run(load, SampleSink.into(recorder), startNs));
    }

    int closedLoop(List<LoadPlan.Function> functions, int connections) throws IOException, InterruptedException {
        return exitCode(measure((driver, recorder, startNs) ->
                driver.runClosedLoop(functions, connections, plan.durationNs(), SampleSink.into(recorder), startNs)));
    }

    private RunOutcome measure(Drive drive) throws IOException, InterruptedException {
        try (RunRecorder recorder = RunRecorder.open(plan, options.runs);
                OpenLoopDriver driver = new OpenLoopDriver(driverConfig, clock);
                MetricsWatch metrics = new MetricsWatch(watched, key, recorder, clock)) {
            WarmUp.run(options.warmUp.toNanos(), clock);
            driver.connect();
            settle(driver);
            metrics.begin();
            driver.tellCpuWaits(recorder);
            System.gc(); // the garbage of the warm-up is not the run's: a pause that fell into it was 10 to 40 ms
            long startNs = clock.nanoTime() + LEAD_NS;
            recorder.start(startNs);
            LoadOutcome load;
            try (Interruption _ = new Interruption(driver::stop);
                    Progress _ = Progress.start(plan, recorder::progress);
                    FleetWatch _ = watched == null ? null : new FleetWatch(watched, key, recorder, clock, startNs)) {
                System.out.println(begins());
                load = drive.run(driver, recorder, startNs);
            }
            metrics.recordWhatWasAdded(startNs);
            return report(load, recorder.finish());
        }
    }

    private void settle(OpenLoopDriver driver) throws IOException, InterruptedException {
        if (settling != null) {
            System.out.println("settling: " + settling.invocations() + " invocations, which do not count");
            try (Rehearsal rehearsal = new Rehearsal(plan.functions())) {
                driver.rehearse(settling, SampleSink.into(rehearsal.recorder()), clock.nanoTime() + LEAD_NS);
            }
        }
    }

    /** Scripts wait for this line: from here on Ctrl-C ends the run early and keeps it. */
    private String begins() {
        String what = plan.plannedInvocations() > 0 ? plan.plannedInvocations() + " invocations" : "a closed loop";
        double seconds = plan.durationNs() / NS_PER_S;
        return String.format(
                Locale.ROOT, "measuring: %s in %.1f s; Ctrl-C ends the run early and keeps it", what, seconds);
    }

    private static RunOutcome report(LoadOutcome load, RunOutcome outcome) {
        load.causes().forEach((cause, count) -> System.out.println("not answered: " + count + " x " + cause));
        outcome.figures().forEach(System.out::println);
        outcome.overBudget().forEach(line -> System.out.println("over budget: " + line));
        System.out.println("report: " + outcome.bundle().resolve("report.html"));
        System.out.println("run: " + outcome.bundle());
        return outcome;
    }

    private static int exitCode(RunOutcome outcome) {
        return outcome.overBudget().isEmpty() ? 0 : Main.EXIT_OVER_BUDGET;
    }

    @FunctionalInterface
    private interface Drive {
        LoadOutcome run(OpenLoopDriver driver, RunRecorder recorder, long startNs) throws InterruptedException;
    }
}
