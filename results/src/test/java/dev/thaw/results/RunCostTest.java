package dev.thaw.results;

import static dev.thaw.results.RecordedSamples.MILLI_NS;
import static dev.thaw.results.RecordedSamples.outcomeOf;
import static dev.thaw.results.RecordedSamples.plan;
import static dev.thaw.results.RecordedSamples.record;
import static dev.thaw.results.RecordedSamples.summaryOf;
import static dev.thaw.results.RecordedSamples.told;
import static dev.thaw.results.SyntheticRun.SECOND_NS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a run would have cost. */
final class RunCostTest {
    @TempDir
    private Path runs;

    @Test
    void shouldPriceWhatTheServerBilled() throws IOException {
        JsonNode summary = summaryOf(record(runs, plan(1), List.of(billed(0, 2_000))));

        assertThat(summary.path("gbSeconds").asDouble()).isEqualTo(1.0);
        assertThat(summary.path("billedMs").asLong()).isEqualTo(2_000);
        assertThat(summary.path("costUsd").path("x86_64").asDouble()).isEqualTo(0.0000166667, within(1e-12));
        assertThat(summary.path("costUsd").path("arm64").isNull())
                .as("nothing ran there")
                .isTrue();
        JsonNode whatIf = summary.path("costUsd").path("whatIf");
        assertThat(whatIf.path("x86_64").asDouble()).isEqualTo(0.0000166667, within(1e-12));
        assertThat(whatIf.path("arm64").asDouble()).isEqualTo(0.0000133334, within(1e-12));
        assertThat(summary.path("costUsd").path("requests").asDouble()).isEqualTo(2e-7, within(1e-12));
    }

    @Test
    void shouldPriceEachArchitectureForWhatRanOnIt() throws IOException {
        RunPlan plan = SyntheticRun.plan(
                "both",
                false,
                List.of(
                        new RunPlan.RunFunction("x", 512, "x86_64"),
                        new RunPlan.RunFunction("a", 512, "arm64"),
                        new RunPlan.RunFunction("theirs", 512, "unknown")),
                3,
                SECOND_NS);

        JsonNode cost = summaryOf(record(runs, plan, List.of(billed(0, 2_000), billed(1, 4_000), billed(2, 8_000))))
                .path("costUsd");

        assertThat(cost.path("x86_64").asDouble()).isEqualTo(0.0000166667, within(1e-12));
        assertThat(cost.path("arm64").asDouble()).isEqualTo(2 * 0.0000133334, within(1e-12));
        assertThat(cost.path("whatIf").path("x86_64").asDouble()).isEqualTo(7 * 0.0000166667, within(1e-12));
        assertThat(cost.path("whatIf").path("arm64").asDouble()).isEqualTo(7 * 0.0000133334, within(1e-12));
    }

    @Test
    void shouldNotPriceAnEmulatedRun() throws IOException {
        RunPlan plan =
                SyntheticRun.plan("emulated", true, List.of(new RunPlan.RunFunction("a", 512, "arm64")), 1, SECOND_NS);

        RunOutcome outcome = outcomeOf(runs, plan, List.of(billed(0, 2_000)));

        JsonNode summary = summaryOf(outcome.bundle());
        assertThat(summary.path("gbSeconds").asDouble()).isEqualTo(1.0);
        for (String path : List.of("/x86_64", "/arm64", "/whatIf/x86_64", "/whatIf/arm64")) {
            assertThat(summary.path("costUsd").at(path).isNull()).as(path).isTrue();
        }
        assertThat(outcome.figures()).last().asString().contains("; emulated: ");
        assertThat(Files.readString(outcome.bundle().resolve(Report.NAME))).contains("not priced");
    }

    private static Sample billed(int function, long billedMs) {
        Sample sample = told(function, 0, 0, MILLI_NS);
        sample.server.billedMs = billedMs;
        sample.server.memoryMib = 512;
        return sample;
    }
}
