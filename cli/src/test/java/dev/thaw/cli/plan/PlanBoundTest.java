package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.cli.plan.PlanQuestion.Choice;
import dev.thaw.cli.plan.PlanQuestion.SizingQuestion;
import dev.thaw.cli.virtual.Cores;
import dev.thaw.cli.virtual.MeasuredFunction;
import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.QuantileTable;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import dev.thaw.results.PlanBundle;
import dev.thaw.results.PlanRun;
import dev.thaw.results.SweepBundle;
import dev.thaw.results.cost.PriceList;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import dev.thaw.scheduler.virtual.VirtualHost;
import dev.thaw.scheduler.virtual.WorkModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bound that a simulation knows better than. */
final class PlanBoundTest {
    private static final int FUNCTIONS = 20;
    private static final int MAX_HOSTS = 8;
    /** With it more than half of the pairs overtake. */
    private static final long SEED = 1;

    @TempDir
    private Path directory;

    /**
     * Each function is invoked twice at once, so half of all are first ones. But where the second's init is quicker than the
     * first's, it serves the first, whose own start serves the second: neither waited for what it caused, none is cold.
     */
    @Test
    void shouldBeginAnewWhereTheLargestFleetHoldsWhatABoundCalledImpossible() throws IOException, InterruptedException {
        PlanQuestion question = question();
        TraceBounds bounds = new TraceBounds(question.workload());
        assertThat(bounds.impossible(question.objectives(), false)).hasSize(1);

        SweepBundle bundle = SweepBundle.create(PlanBundle.KIND, "plan", "thaw plan", Map.of(), directory);
        PlanRun plan = new FleetPlanner(question, bundle, new Cores(1)).run().orElseThrow();

        assertThat(plan.holds()).as(plan.fleet().toString()).isTrue();
        assertThat(plan.impossible()).isEmpty();
        assertThat(plan.fleet().hosts()).isEqualTo(1);
        assertThat(plan.trials())
                .extracting(PlanRun.Fleet::hosts)
                .startsWith(MAX_HOSTS)
                .contains(1);
    }

    private PlanQuestion question() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int function = 0; function < FUNCTIONS; function++) {
            String row = "f" + function + ',' + function * 60_000 + ",5,128\n";
            rows.append(row).append(row);
        }
        Path trace = Files.writeString(directory.resolve("trace.csv"), rows);
        Workload workload = Workload.of(
                Trace.open(trace, TraceFormat.of("auto"), TraceOptions.defaults()),
                anyInit(),
                List.of(),
                new Workload.Choice(false, false, false));
        return new PlanQuestion(
                workload,
                SchedulerConfig.defaults(),
                host -> new VirtualHost(new HostSpec("host-" + host, 4_096, 40_000), 8_000),
                List.of(Choice.of(
                        Map.of("keepAlive", "lru"),
                        () -> PolicyCatalogue.policies("mru", "lru", "fifo", "none"),
                        "none")),
                Objectives.parse("cold<50%"),
                MAX_HOSTS,
                SEED,
                PriceList.X86_64,
                0,
                new SizingQuestion(0, null, List.of(), null, false));
    }

    /** From 100 ms to 5 s. */
    private static MeasuredModel anyInit() {
        QuantileTable inits = new QuantileTable(0, List.of(0.0, 1.0), List.of(100_000_000L, 5_000_000_000L));
        return new MeasuredModel(
                MeasuredModel.SCHEMA,
                "inits of any length",
                Map.of(),
                0,
                new MeasuredFunction("", 0, WorkModel.MEMORY_SHARE, Map.of("initFunction", inits)),
                List.of());
    }
}
