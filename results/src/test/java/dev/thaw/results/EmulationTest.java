package dev.thaw.results;

import static dev.thaw.results.RecordedSamples.MILLI_NS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bundles say of the processor that functions ran on. */
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class EmulationTest {
    @TempDir
    private Path runs;

    @Test
    void shouldSayOfAnotherServerWhatItsRecordsSaid() throws IOException {
        assertSays(plan(RunPlan.EXTERNAL, false), List.of(told(false), told(false)), "native", "no");
        assertSays(plan(RunPlan.EXTERNAL, false), List.of(told(true), told(true)), "emulated", ">yes<");
        assertSays(plan(RunPlan.EXTERNAL, false), List.of(told(true), told(false), untold()), "mixed", ">some<");
        assertSays(plan(RunPlan.EXTERNAL, false), List.of(untold()), "unknown", "unknown");
    }

    @Test
    void shouldTellAnotherServersProcessorInTheManifestToo() throws IOException {
        RunBundle bundle = record(plan(RunPlan.EXTERNAL, false), List.of(told(true)));
        assertThat(bundle.manifest().path("emulation").asString()).isEqualTo("emulated");
        assertThat(bundle.manifest().path("emulated").isNull()).isTrue();
        assertThat(bundle.manifest().path("command").asString()).startsWith("thaw replay");
    }

    @Test
    void shouldKnowItsOwnServersProcessorWithoutARecord() throws IOException {
        assertSays(plan("process", false), List.of(untold()), "native", "no");
        assertSays(plan("process", true), List.of(untold()), "emulated", ">yes<");
        assertSays(plan("process", true), List.of(told(true), told(false)), "mixed", ">some<");
    }

    private void assertSays(RunPlan plan, List<Sample> samples, String emulation, String shown) throws IOException {
        RunBundle bundle = record(plan, samples);
        assertThat(bundle.summary().path("emulation").asString()).isEqualTo(emulation);
        Object emulated = Map.of("native", "false", "unknown", "null").getOrDefault(emulation, "true");
        assertThat(bundle.summary().path("emulated").toString()).isEqualTo(emulated);
        String page = Files.readString(bundle.directory().resolve(Report.NAME));
        assertThat(page.replaceAll("(?s).*<dt>emulated</dt><dd>(.*?)</dd>.*", "$1"))
                .contains(shown);
        assertThat(page.contains("emulated processor")).isEqualTo(emulated.equals("true"));
        boolean priced = !bundle.summary().at("/costUsd/whatIf/x86_64").isNull();
        assertThat(priced).isEqualTo(emulation.equals("native") && samples.getFirst().serverKnown);
    }

    private RunBundle record(RunPlan plan, List<Sample> samples) throws IOException {
        return RunBundle.load(RecordedSamples.record(runs, plan, samples));
    }

    private static Sample told(boolean emulated) {
        Sample sample = RecordedSamples.told(0, 0, 0, MILLI_NS);
        sample.server.emulated = emulated;
        return sample;
    }

    private static Sample untold() {
        return RecordedSamples.ok(0, 0, 0, MILLI_NS);
    }

    private static RunPlan plan(String backend, boolean emulated) {
        RunPlan plan = SyntheticRun.plan("test", List.of("f"), 1, SyntheticRun.SECOND_NS);
        return new RunPlan(
                plan.kind(),
                plan.name(),
                plan.command(),
                plan.configuration(),
                plan.seed(),
                backend,
                plan.isolation(),
                plan.isolationFeatures(),
                emulated,
                plan.functions(),
                plan.plannedInvocations(),
                plan.durationNs(),
                plan.latenessBudgetNs());
    }
}
