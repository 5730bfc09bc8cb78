package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunRecorder;
import dev.thaw.results.Sample;
import dev.thaw.scheduler.virtual.DurationModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run's rows become: durations, CPU, provenance. */
final class CalibrationTest {
    private static final long NS_PER_MS = 1_000_000;

    @TempDir
    private Path directory;

    /** One cold start and nine warm invocations, 100 ms apart, of 20 ms work and 3 ms overhead, a tenth of it on the CPU. */
    private RunBundle run(String kind) throws IOException {
        RunPlan plan = new RunPlan(
                kind,
                "measured",
                "thaw replay",
                Map.of(),
                1,
                "process",
                "process/full",
                Map.of(),
                false,
                List.of(new RunPlan.RunFunction("f", 256, "x86_64")),
                10,
                1_000 * NS_PER_MS,
                1_000 * NS_PER_MS);
        try (RunRecorder recorder = RunRecorder.open(plan, directory.resolve("runs"))) {
            recorder.start(0);
            for (int at = 0; at < 10; at++) {
                recorder.record(sample(at));
            }
            return RunBundle.load(recorder.finish().bundle());
        }
    }

    private static Sample sample(int at) {
        Sample sample = new Sample();
        sample.intendedStartNs = 100L * at * NS_PER_MS;
        sample.sentNs = sample.intendedStartNs;
        sample.serverKnown = true;
        sample.server.clear();
        sample.server.memoryMib = 256;
        sample.server.cpuNs = 2_300_000;
        sample.server.phasesNs[Phase.INVOKE.ordinal()] = 23 * NS_PER_MS;
        sample.server.phasesNs[Phase.FRONTEND.ordinal()] = NS_PER_MS / 4;
        if (at == 0) {
            sample.server.coldTrigger = true;
            sample.server.phasesNs[Phase.CREATE.ordinal()] = 10 * NS_PER_MS;
            sample.server.phasesNs[Phase.INIT_RUNTIME.ordinal()] = 5 * NS_PER_MS;
            sample.server.phasesNs[Phase.INIT_FUNCTION.ordinal()] = 40 * NS_PER_MS;
        } else {
            sample.server.phasesNs[Phase.THAW.ordinal()] = NS_PER_MS;
        }
        sample.doneNs = sample.sentNs + sample.server.phasesSumNs() + NS_PER_MS / 2;
        return sample;
    }

    private Trace trace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int at = 0; at < 10; at++) {
            rows.append("f,").append(at * 100).append(",20,256\n");
        }
        Path file = Files.writeString(directory.resolve("trace.csv"), rows);
        return Trace.open(file, TraceFormat.AUTO, TraceOptions.defaults());
    }

    private static void assertAbout(MeasuredFunction function, Part part, long count, long ns) {
        QuantileTable table = function.table(part).orElseThrow();
        assertThat(table.n()).as(part.key()).isEqualTo(count);
        assertThat(table.at(0.5)).as(part.key()).isBetween(ns, ns + ns / 500);
    }

    @Test
    void shouldTakeEachPhaseOfEachFunction() throws IOException {
        MeasuredModel model = Calibration.of(run("replay"), trace());

        MeasuredFunction function = model.functions().getFirst();
        assertThat(function.name()).isEqualTo("f");
        assertThat(function.memoryMib()).isEqualTo(256);
        assertThat(function.milliVcpus()).isEqualTo(100);
        assertAbout(function, Part.CREATE, 1, 10 * NS_PER_MS);
        assertAbout(function, Part.INIT_RUNTIME, 1, 5 * NS_PER_MS);
        assertAbout(function, Part.INIT_FUNCTION, 1, 40 * NS_PER_MS);
        assertAbout(function, Part.THAW, 9, NS_PER_MS);
        assertAbout(function, Part.INVOKE, 10, 23 * NS_PER_MS);
        assertAbout(function, Part.OVERHEAD, 10, 3 * NS_PER_MS);
        assertAbout(function, Part.OUTSIDE, 10, NS_PER_MS * 3 / 4);
        assertThat(function.table(Part.RESTORE)).isEmpty();
        assertThat(model.provenance()).containsEntry("backend", "process").containsKey("cpuModel");
    }

    @Test
    void shouldRefuseATraceThatTheRunDidNotReplay() throws IOException {
        Path file = Files.writeString(
                directory.resolve("other.csv"), "function,start_ms,duration_ms,memory_mb\nf,7,20,256\n");
        RunBundle run = run("replay");
        Trace other = Trace.open(file, TraceFormat.AUTO, TraceOptions.defaults());

        assertThatThrownBy(() -> Calibration.of(run, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": trace: has no invocation of run " + run.id()
                        + ", must be what it replayed, with the same seed, part and speed");
    }

    /** By what was measured most often; of who never started, by all. */
    @Test
    void shouldTellWhatIsRestored() throws IOException {
        QuantileTable once = new QuantileTable(1, List.of(0.0, 1.0), List.of(5L, 5L));
        QuantileTable often = new QuantileTable(9, List.of(0.0, 1.0), List.of(5L, 5L));
        MeasuredModel model = new MeasuredModel(
                MeasuredModel.SCHEMA,
                "",
                Map.of(),
                0,
                new MeasuredFunction("", 0, 7, Map.of("restore", often, "initFunction", once)),
                List.of(
                        new MeasuredFunction("restored", 128, 7, Map.of("restore", once)),
                        new MeasuredFunction("once", 128, 7, Map.of("restore", once, "initFunction", often)),
                        new MeasuredFunction("warm", 128, 7, Map.of("invoke", often))));

        assertThat(model.isRestored("restored", 128)).isTrue();
        assertThat(model.isRestored("once", 128)).isFalse();
        assertThat(model.isRestored("warm", 128)).isTrue();
        assertThat(Calibration.of(run("load"), null).isRestored("f", 256)).isFalse();
    }

    @Test
    void shouldTellNoOverheadWithoutTheTrace() throws IOException {
        MeasuredModel model = Calibration.of(run("load"), null);

        assertThat(model.pooled().table(Part.OVERHEAD)).isEmpty();
        assertThat(model.pooled().table(Part.INVOKE)).isPresent();
    }

    @Test
    void shouldReadBackWhatItWrote() throws IOException {
        MeasuredModel model = Calibration.of(run("replay"), trace());
        Path file = directory.resolve("model.json");

        ModelFile.write(model, file);

        assertThat(ModelFile.read(file)).isEqualTo(model);
    }

    @Test
    void shouldRefuseARunThatIsNotLive() throws IOException {
        RunBundle simulated = run("simulate");

        assertThatThrownBy(() -> Calibration.of(simulated, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kind: 'simulate', must be a live run");
    }

    /** With few samples of its own a function takes everybody's. */
    @Test
    void shouldDrawFromAllWhereAFunctionHasFew() throws IOException {
        MeasuredModel model = Calibration.of(run("replay"), trace());
        MeasuredModel mixed = new MeasuredModel(
                MeasuredModel.SCHEMA,
                "",
                Map.of(),
                0,
                new MeasuredFunction(
                        "", 0, 7, Map.of(Part.CREATE.key(), new QuantileTable(90, List.of(0.0, 1.0), List.of(5L, 5L)))),
                model.functions());

        assertThat(mixed.duration(Part.CREATE, "f", 256).drawNs(0)).isEqualTo(5);
        assertThat(mixed.duration(Part.INVOKE, "f", 256).drawNs(0)).isGreaterThanOrEqualTo(23 * NS_PER_MS);
        assertThat(mixed.duration(Part.CREATE, "unknown", 256).drawNs(0)).isEqualTo(5);
        assertThat(mixed.milliVcpus("unknown", 256)).as("of its size").isEqualTo(100);
    }

    /** Functions of a size load as much memory: with few samples of its own a function starts as they do. */
    @Test
    void shouldDrawFromItsSizeWhereAFunctionHasFew() {
        MeasuredModel model = new MeasuredModel(
                MeasuredModel.SCHEMA,
                "",
                Map.of(),
                0,
                created("", 0, 90, 5),
                List.of(created("few", 128, 2, 1), created("", 128, 30, 2), created("", 256, 60, 3)));

        assertThat(model.duration(Part.CREATE, "few", 128).drawNs(0)).isEqualTo(2);
        assertThat(model.duration(Part.CREATE, "unknown", 300).drawNs(0)).isEqualTo(3);
        assertThat(model.duration(Part.INVOKE, "few", 128)).isEqualTo(DurationModel.NONE);
    }

    private static MeasuredFunction created(String name, int memoryMib, long samples, long ns) {
        QuantileTable table = new QuantileTable(samples, List.of(0.0, 1.0), List.of(ns, ns));
        return new MeasuredFunction(name, memoryMib, 7, Map.of(Part.CREATE.key(), table));
    }

    @Test
    void shouldMeasureSizesTogether() throws IOException {
        MeasuredModel model = Calibration.of(run("replay"), trace());

        MeasuredFunction size = model.functions().getLast();
        assertThat(size.name()).isEmpty();
        assertThat(size.memoryMib()).isEqualTo(256);
        assertAbout(size, Part.INVOKE, 10, 23 * NS_PER_MS);
    }
}
