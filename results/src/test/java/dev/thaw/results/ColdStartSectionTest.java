package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ColdStartSectionTest {
    private static final String TITLE = "Cold starts by function";

    @TempDir
    private Path runs;

    @Test
    void shouldTellMediansOfColdStartsByFunctionAndPhase() throws IOException {
        Path bundle = record(List.of("java", "echo", "warm"), recorder -> {
            for (int ms = 1; ms <= 11; ms++) {
                recorder.record(cold(0, ms, 0, 100 + ms, 200));
                recorder.record(cold(1, 2, 3, 4, 0));
            }
            Sample victim = cold(1, 900, 900, 900, 900);
            victim.server.coldTrigger = false;
            victim.server.coldVictim = true;
            recorder.record(victim);
            Sample suppressed = cold(1, 900, 900, 900, 900);
            suppressed.server.suppressedInit = true;
            recorder.record(suppressed);
            Sample refused = cold(1, 900, 900, 900, 900);
            refused.status = SampleStatus.ERROR;
            recorder.record(refused);
        });

        JsonNode functions = RunBundle.load(bundle).summary().path("functions");
        JsonNode java = functions.path(0).path("coldStart");
        JsonNode echo = functions.path(1).path("coldStart");
        assertThat(java.at("/totalUs/count").asLong()).isEqualTo(11);
        assertUs(java.at("/totalUs/p50"), 312_000);
        assertUs(java.at("/totalUs/p90"), 320_000);
        assertUs(java.at("/medianUs/create"), 6_000);
        assertThat(java.at("/medianUs/initExtension").asDouble()).isZero();
        assertUs(java.at("/medianUs/initRuntime"), 106_000);
        assertUs(java.at("/medianUs/initFunction"), 200_000);
        assertThat(echo.at("/totalUs/count").asLong()).isEqualTo(11);
        assertUs(echo.at("/totalUs/max"), 9_000);
        assertUs(echo.at("/medianUs/initExtension"), 3_000);
        assertThat(functions.path(2).path("coldStart").isNull()).isTrue();
    }

    @Test
    void shouldShowSlowestFirstWithEachPhase() throws IOException {
        String section = section(List.of("echo", "java", "warm"), recorder -> {
            recorder.record(cold(0, 2, 0, 3, 1));
            recorder.record(cold(1, 2, 0, 40, 258));
        });

        assertThat(section).containsSubsequence(">java<", ">echo<").doesNotContain(">warm<");
        assertThat(section)
                .contains("aria-label=\"create 2000")
                .contains("initFunction 25")
                .doesNotContain("initExtension 0.0 us");
        // Each bar to its own scale: 258 of 300 ms, and 3 of 6.
        assertThat(section).containsPattern("width:86\\.\\d+%;background:var\\(--p-initFunction\\)");
        assertThat(section).containsPattern("width:(49\\.9|50\\.0)\\d+%;background:var\\(--p-initRuntime\\)");
    }

    @Test
    void shouldShowStagesOfMicroVmsWhereThereAreAny() throws IOException {
        List<String> names = List.of("vm", "process");
        Sample vm = cold(0, 100, 0, 3, 1);
        vm.server.stagesNs[BootStage.VMM.ordinal()] = ns(20);
        vm.server.stagesNs[BootStage.KERNEL.ordinal()] = ns(70);
        vm.server.stagesNs[BootStage.INIT.ordinal()] = ns(10);

        String section = section(names, recorder -> {
            recorder.record(vm);
            recorder.record(cold(1, 2, 0, 3, 1));
        });
        String stages = section.substring(section.indexOf("<h3>Starts of microVMs"));
        assertThat(stages).contains(">vm<", "20.0", "70.", "10.0").doesNotContain(">process<");
        assertThat(section(List.of("process"), recorder -> recorder.record(cold(0, 2, 0, 3, 1))))
                .doesNotContain("Starts of microVMs");
    }

    @Test
    void shouldShowTheSlowestOfManyAndSaySo() throws IOException {
        List<String> names =
                IntStream.range(0, 40).mapToObj(i -> "f" + (char) ('A' + i)).toList();

        String section = section(names, recorder -> {
            for (int i = 0; i < names.size(); i++) {
                recorder.record(cold(i, 1 + i, 0, 0, 0));
            }
        });

        assertThat(section).contains("The slowest 24 of 40 functions").doesNotContain(">fA<");
        assertThat(section.split("<tr>", -1)).hasSize(1 + 1 + 24);
    }

    @Test
    void shouldSayNothingWhereNothingWasCold() throws IOException {
        Path bundle = record(List.of("warm"), recorder -> {});

        assertThat(Files.readString(bundle.resolve(Report.NAME))).doesNotContain(TITLE);
    }

    private String section(List<String> functions, Recording recording) throws IOException {
        String page = Files.readString(record(functions, recording).resolve(Report.NAME));
        int from = page.indexOf("<h2>" + TITLE);
        assertThat(from).isPositive();
        return page.substring(from, page.indexOf("<h2>", from + 1));
    }

    private Path record(List<String> functions, Recording recording) throws IOException {
        RunPlan plan = SyntheticRun.plan("cold", functions, 40, SyntheticRun.SECOND_NS);
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            recording.into(recorder);
            return recorder.finish().bundle();
        }
    }

    private static Sample cold(int function, int createMs, int extensionMs, int runtimeMs, int functionMs) {
        Sample sample = new Sample();
        sample.function = function;
        sample.serverKnown = true;
        sample.server.coldTrigger = true;
        long[] phasesNs = sample.server.phasesNs;
        phasesNs[Phase.CREATE.ordinal()] = ns(createMs);
        phasesNs[Phase.INIT_EXTENSION.ordinal()] = ns(extensionMs);
        phasesNs[Phase.INIT_RUNTIME.ordinal()] = ns(runtimeMs);
        phasesNs[Phase.INIT_FUNCTION.ordinal()] = ns(functionMs);
        phasesNs[Phase.INVOKE.ordinal()] = ns(5);
        sample.doneNs = sample.server.phasesSumNs();
        return sample;
    }

    private static long ns(int ms) {
        return ms * 1_000_000L;
    }

    /** At most a thousandth above. */
    private static void assertUs(JsonNode us, double expected) {
        assertThat(us.asDouble()).isBetween(expected, expected * 1.001);
    }

    @FunctionalInterface
    private interface Recording {
        void into(RunRecorder recorder);
    }
}
