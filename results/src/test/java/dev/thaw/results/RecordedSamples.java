package dev.thaw.results;

import static dev.thaw.results.SyntheticRun.SECOND_NS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Runs of samples made by hand, recorded and read again. */
final class RecordedSamples {
    static final long MILLI_NS = 1_000_000L;

    private RecordedSamples() {}

    /** Ten seconds of one function. */
    static RunPlan plan(long planned) {
        return SyntheticRun.plan("test", List.of("echo"), planned, 10 * SECOND_NS);
    }

    /** One that ended well, of which the server says nothing. */
    static Sample ok(int function, long intendedNs, long sentNs, long doneNs) {
        Sample sample = new Sample();
        sample.function = function;
        sample.intendedStartNs = intendedNs;
        sample.sentNs = sentNs;
        sample.doneNs = doneNs;
        return sample;
    }

    /** The same where the server tells of it: of nothing yet. */
    static Sample told(int function, long intendedNs, long sentNs, long doneNs) {
        Sample sample = ok(function, intendedNs, sentNs, doneNs);
        sample.serverKnown = true;
        sample.server.clear();
        return sample;
    }

    static Path record(Path runs, RunPlan plan, List<Sample> samples) throws IOException {
        return outcomeOf(runs, plan, samples).bundle();
    }

    static RunOutcome outcomeOf(Path runs, RunPlan plan, List<Sample> samples) throws IOException {
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            samples.forEach(recorder::record);
            return recorder.finish();
        }
    }

    static JsonNode summaryOf(Path bundle) throws IOException {
        return RunBundle.load(bundle).summary();
    }

    /** As far as a histogram tells. */
    static void assertNear(JsonNode actualUs, double expectedUs) {
        assertThat(actualUs.asDouble()).isCloseTo(expectedUs, withinPercentage(0.1));
    }
}
