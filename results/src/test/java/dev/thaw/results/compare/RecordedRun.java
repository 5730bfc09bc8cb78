package dev.thaw.results.compare;

import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunRecorder;
import dev.thaw.results.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** Seeded runs that are recorded as any other, but of no server: latencies as asked for. */
final class RecordedRun {
    private static final long MS = 1_000_000L;
    static final int SECONDS = 16;
    static final int PER_SECOND = 100;

    private RecordedRun() {}

    static RunPlan plan(String name, boolean emulated, Map<String, String> configuration) {
        return new RunPlan(
                "load",
                name,
                "thaw load",
                configuration,
                1,
                "process",
                "process/full",
                Map.of(),
                emulated,
                List.of(
                        new RunPlan.RunFunction("echo", 128, "x86_64"),
                        new RunPlan.RunFunction("resize", 512, "arm64")),
                (long) SECONDS * PER_SECOND,
                SECONDS * 1_000 * MS,
                RunPlan.DEFAULT_LATENESS_BUDGET_NS);
    }

    /** {@code change} may alter each sample; its server's invoke phase is then the service time. */
    static RunBundle write(Path runs, RunPlan plan, long seed, BiConsumer<Sample, SplittableRandom> change)
            throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            for (int i = 0; i < SECONDS * PER_SECOND; i++) {
                Sample sample = new Sample();
                sample.function = i % 2;
                sample.intendedStartNs = i * (1_000 * MS / PER_SECOND);
                sample.sentNs = sample.intendedStartNs + 20_000;
                sample.serverKnown = true;
                sample.server.clear();
                sample.server.billedMs = 10;
                sample.server.memoryMib = 128;
                sample.server.emulated = plan.emulated();
                sample.server.phasesNs[Phase.INVOKE.ordinal()] = (long) (MS * Math.exp(0.2 * random.nextGaussian()));
                sample.doneNs = 0;
                change.accept(sample, random);
                if (sample.doneNs == 0) {
                    sample.doneNs = sample.sentNs + sample.server.phasesSumNs() + 100_000;
                }
                recorder.record(sample);
            }
            return RunBundle.load(recorder.finish().bundle());
        }
    }
}
