package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Three invocations of 512 MiB and 100 ms in ten seconds, two of them on provisioned concurrency of twice 512 MiB. */
final class ProvisionedCostTest {
    private static final double ON_DEMAND_GB_S = 0.05;
    private static final double RAN_GB_S = 0.1;
    private static final double KEPT_GB_S = 10;

    @TempDir
    private Path runs;

    @Test
    void shouldPriceProvisionedConcurrencyApart() throws IOException {
        RunOutcome outcome = record(2, provisioned(1_024, 12).since(provisioned(1_024, 10)));
        JsonNode summary = RunBundle.load(outcome.bundle()).summary();

        double x86 = KEPT_GB_S * 0.0000041667 + RAN_GB_S * 0.0000097222;
        double arm = KEPT_GB_S * 0.0000033334 + RAN_GB_S * 0.0000077778;
        JsonNode cost = summary.path("costUsd");
        assertThat(cost.path("x86_64").asDouble()).isCloseTo(ON_DEMAND_GB_S * 0.0000166667 + x86, within(1e-12));
        assertThat(cost.path("arm64").isNull()).isTrue();
        assertThat(cost.path("whatIf").path("arm64").asDouble())
                .isCloseTo(ON_DEMAND_GB_S * 0.0000133334 + arm, within(1e-12));
        assertThat(cost.path("provisionedInvocations").asLong()).isEqualTo(2);
        JsonNode provisioned = cost.path("provisioned");
        assertThat(provisioned.path("unknown").isNull()).isTrue();
        assertThat(provisioned.path("keptGbSeconds").asDouble()).isCloseTo(KEPT_GB_S, within(1e-9));
        assertThat(provisioned.path("ranGbSeconds").asDouble()).isCloseTo(RAN_GB_S, within(1e-9));
        assertThat(provisioned.path("invocations").asLong()).isEqualTo(2);
        assertThat(provisioned.path("spillovers").asLong()).isEqualTo(1);
        assertThat(provisioned.path("usd").path("x86_64").asDouble()).isCloseTo(x86, within(1e-12));
        assertThat(provisioned.path("usd").path("arm64").asDouble()).isCloseTo(arm, within(1e-12));
        assertThat(summary.path("costPerMillionUsd")
                        .path("x86_64")
                        .path("sinceAugust2025")
                        .asDouble())
                .isCloseTo(0.2 + (ON_DEMAND_GB_S * 0.0000166667 + x86) * 1e6 / 3, within(1e-6));
        assertThat(outcome.figures())
                .contains("provisioned  10.000 GB-s kept ready; 2 invocations ran on it, 0.100 GB-s; 1 spilled over")
                .contains(
                        "cost         0.00004347 USD if all on x86_64, 0.00004264 of that for provisioned concurrency;"
                                + " requests apart");
        assertThat(Files.readString(outcome.bundle().resolve(Report.NAME)))
                .contains(
                        "of that provisioned concurrency, x86_64",
                        "kept ready by provisioned concurrency",
                        "<dt>spilled over</dt><dd><data value=\"1\">");
    }

    @Test
    void shouldPriceNothingThatNobodyTellsEnoughOf() throws IOException {
        assertNotPriced(record(2, provisioned(512, 12).since(provisioned(1_024, 10))), "changed during the run");
        assertNotPriced(record(0, provisioned(null, 12).since(provisioned(null, 10))), "the server does not tell");
        assertNotPriced(record(2, null), "the server does not tell how much of it was kept ready");
        assertNotPriced(record(2, provisioned(0, 12).since(provisioned(0, 10))), "tells of none");
    }

    private static void assertNotPriced(RunOutcome outcome, String why) throws IOException {
        JsonNode summary = RunBundle.load(outcome.bundle()).summary();
        JsonNode cost = summary.path("costUsd");
        assertThat(cost.path("provisioned").path("unknown").asString("")).contains(why);
        assertThat(cost.path("x86_64").isNull()).isTrue();
        assertThat(cost.path("whatIf").path("arm64").isNull()).isTrue();
        assertThat(summary.path("costPerMillionUsd").isNull()).isTrue();
        assertThat(outcome.figures())
                .anyMatch(line -> line.startsWith("cost         not priced, ") && line.contains(why));
        assertThat(Files.readString(outcome.bundle().resolve(Report.NAME))).contains("not priced, of provisioned", why);
    }

    @Test
    void shouldPriceOnDemandWhereNothingIsProvisioned() throws IOException {
        RunOutcome outcome = record(0, provisioned(0, 10).since(provisioned(0, 10)));

        JsonNode cost = RunBundle.load(outcome.bundle()).summary().path("costUsd");
        assertThat(cost.path("x86_64").asDouble()).isCloseTo((ON_DEMAND_GB_S + RAN_GB_S) * 0.0000166667, within(1e-12));
        assertThat(cost.path("provisioned").isNull()).isTrue();
        assertThat(outcome.figures()).noneMatch(line -> line.startsWith("cost"));
    }

    private RunOutcome record(int onProvisioned, @Nullable ServerMetrics added) throws IOException {
        RunPlan plan = SyntheticRun.plan("cost", List.of("f:live"), 3, 10 * SyntheticRun.SECOND_NS);
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            for (int at = 0; at < 3; at++) {
                Sample sample = new Sample();
                sample.intendedStartNs = 4 * SyntheticRun.SECOND_NS * at;
                sample.sentNs = sample.intendedStartNs;
                sample.doneNs = at == 2 ? 10 * SyntheticRun.SECOND_NS : sample.sentNs + 1;
                sample.serverKnown = true;
                sample.server.clear();
                sample.server.memoryMib = 512;
                sample.server.billedMs = 100;
                sample.server.provisioned = at < onProvisioned;
                recorder.record(sample);
            }
            if (added != null) {
                recorder.recordServerMetrics(added);
            }
            return recorder.finish();
        }
    }

    private static ServerMetrics provisioned(@Nullable Integer mib, long invocations) {
        ServerMetrics.Version version =
                new ServerMetrics.Version("f", "1", 0, 3, mib == null ? 0 : mib / 512, mib, 0, invocations, 0, 0, 0);
        return new ServerMetrics(0, 0, List.of(), List.of(version), List.of(), Map.of());
    }
}
