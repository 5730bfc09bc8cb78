package dev.thaw.results;

import static dev.thaw.results.RecordedSamples.MILLI_NS;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle says of faults that were injected on purpose. */
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class FaultFiguresTest {
    private static final Map<String, String> PLANNED =
            Map.of(RunPlan.FAULTS_KEY, "crash@invoke:5%", RunPlan.FAULT_SEED_KEY, "7");
    private static final Map<String, String> NONE =
            Map.of(RunPlan.FAULTS_KEY, RunPlan.NO_FAULTS, RunPlan.FAULT_SEED_KEY, "1");

    @TempDir
    private Path runs;

    @Test
    void shouldCountInjectedFaultsByKindAndTellPlanAndSeed() throws IOException {
        RunBundle bundle = record(
                PLANNED,
                List.of(
                        told(InjectedFault.CRASH_INVOKE.bit()),
                        told(InjectedFault.CRASH_INVOKE.bit() | InjectedFault.DELAY_INIT.bit()),
                        told(0)));

        assertThat(bundle.summary().path("faults").toString())
                .isEqualTo("{\"plan\":\"crash@invoke:5%\",\"seed\":7,\"invocations\":2,"
                        + "\"injected\":{\"delay@init\":1,\"crash@invoke\":2}}");
        assertThat(bundle.manifest().path("faults").toString()).isEqualTo("{\"plan\":\"crash@invoke:5%\",\"seed\":7}");
    }

    @Test
    void shouldMarkSuchARunOnTheFirstScreen() throws IOException {
        assertThat(firstScreen(record(PLANNED, List.of(told(InjectedFault.CRASH_INVOKE.bit()), told(0)))))
                .contains("Injected on purpose into 1 of 2 invocations: 1 crash@invoke (plan crash@invoke:5%, seed 7)");
        assertThat(firstScreen(record(PLANNED, List.of(told(0)))))
                .contains("Injected on purpose into 0 of 1 invocations (plan");
        assertThat(firstScreen(record(Map.of(), List.of(told(InjectedFault.SLOW_INVOKE.bit())))))
                .contains("1 slow@invoke (the server");
        assertThat(firstScreen(record(NONE, List.of(told(0))))).doesNotContain("Injected on purpose");
    }

    @Test
    void shouldNameFaultsInTheRows() throws IOException {
        RunBundle bundle = record(
                PLANNED, List.of(told(0), told(InjectedFault.CRASH_INVOKE.bit() | InjectedFault.DELAY_INIT.bit())));
        try (var rows =
                new ZstdInputStream(Files.newInputStream(bundle.directory().resolve(RowsFile.NAME)))) {
            List<String[]> lines = new String(rows.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(",", -1))
                    .toList();
            int column = List.of(lines.getFirst()).indexOf("faults");
            assertThat(lines.stream().map(line -> line[column]))
                    .containsExactly("faults", "", "delay@init+crash@invoke");
        }
    }

    private static String firstScreen(RunBundle bundle) throws IOException {
        String page = Files.readString(bundle.directory().resolve(Report.NAME));
        return page.substring(0, page.indexOf("<h2>"));
    }

    private RunBundle record(Map<String, String> configuration, List<Sample> samples) throws IOException {
        RunPlan plan = new RunPlan(
                "replay",
                "faults",
                "thaw replay x",
                configuration,
                1,
                "process",
                "process/full",
                Map.of(),
                false,
                List.of(new RunPlan.RunFunction("f", 128, "x86_64")),
                samples.size(),
                1_000_000_000L,
                RunPlan.DEFAULT_LATENESS_BUDGET_NS);
        return RunBundle.load(RecordedSamples.record(runs, plan, samples));
    }

    private static Sample told(int faults) {
        Sample sample = RecordedSamples.told(0, 0, 0, MILLI_NS);
        sample.server.faults = faults;
        return sample;
    }
}
