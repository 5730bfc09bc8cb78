package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Opens reports in headless Chromium. Skipped where there is none. */
@Tag("slow")
final class ReportBrowserTest {
    @TempDir
    private static Path runs;

    @ParameterizedTest
    @ValueSource(strings = {Chromium.LIGHT, Chromium.DARK})
    void shouldShowTheFiguresOfTheSummaryWithoutAnyScriptError(String scheme) throws Exception {
        RunBundle bundle = RunBundle.load(
                new SyntheticRun(40, 60, 100).record("browser", runs).bundle());

        String dom = open(bundle, scheme, 1400);

        assertThat(dom).contains("data-problems=\"[]\"", "data-canvases=\"5\"", "data-sideways=\"false\"");
        assertThat(dom).contains("data-unnamed=\"[]\"", "data-focused=\"true\"");
        assertThat(dom).contains("data-dark=\"" + scheme.equals(Chromium.DARK) + "\"");
        assertThat(dom).contains("data-first=\"app00-fn0000\"");
        for (JsonNode figure : figures(bundle.summary())) {
            assertThat(dom).contains("<data value=\"" + figure.asString() + "\"");
        }
        // However long it took to write this: the meter's p99.9 is there, or a dash that says why not.
        long hiccups = bundle.summary().path("hiccupUs").path("count").asLong();
        JsonNode hiccup = bundle.summary().path("hiccupUs").path("p999");
        assertThat(dom)
                .contains(
                        hiccups >= 1_000
                                ? "<data value=\"" + hiccup.asString() + "\""
                                : hiccups > 0
                                        ? "p99.9 needs 1,000 samples, here are " + hiccups
                                        : "<span class=\"none\">");
    }

    @Test
    void shouldNotScrollSidewaysOnANarrowScreen() throws Exception {
        RunBundle bundle = RunBundle.load(
                new SyntheticRun(40, 20, 100).record("narrow", runs).bundle());

        assertThat(open(bundle, Chromium.LIGHT, 390)).contains("data-problems=\"[]\"", "data-sideways=\"false\"");
    }

    @Test
    void shouldShowARunOfNothingAndAHugeOne() throws Exception {
        Path nothing;
        try (RunRecorder recorder = RunRecorder.open(SyntheticRun.plan("nothing", List.of(), 0, 0), runs)) {
            nothing = recorder.finish().bundle();
        }
        Path huge = new SyntheticRun(2_000, 60, 300).record("huge", runs).bundle();

        assertThat(open(RunBundle.load(nothing), Chromium.LIGHT, 1400)).contains("data-problems=\"[]\"");
        assertThat(open(RunBundle.load(huge), Chromium.LIGHT, 1400))
                .contains("data-problems=\"[]\"", "data-canvases=\"5\"");
    }

    @Test
    void shouldShowBuildsOfKernelsOnAnyScreen() throws Exception {
        RunBundle bundle = RunBundle.load(
                ArchBundle.write(ArchBundleTest.run("00000000000000aa"), "kernels", "thaw arch", 1, Map.of(), runs));

        for (int width : new int[] {400, 1400}) {
            assertThat(open(bundle, Chromium.LIGHT, width))
                    .contains(
                            "data-problems=\"[]\"", "data-sideways=\"false\"", "data-first=\"arm64-sve-256 emulated\"");
        }
    }

    private static List<JsonNode> figures(JsonNode summary) {
        List<JsonNode> figures = new ArrayList<>();
        for (String key : List.of("p50", "p99", "p999", "max")) {
            figures.add(summary.path("latencyUs").path("fromIntended").path(key));
            figures.add(summary.path("latencyUs").path("service").path(key));
            figures.add(summary.path("latenessUs").path(key));
        }
        // A busy machine may write this run before its meter has woken once.
        if (summary.path("hiccupUs").path("count").asLong() > 0) {
            figures.add(summary.path("hiccupUs").path("p50"));
            figures.add(summary.path("hiccupUs").path("max"));
        }
        for (String key : List.of("planned", "sent", "completed", "functionErrors", "throttled", "timedOut", "lost")) {
            figures.add(summary.path("invocations").path(key));
        }
        figures.add(summary.path("coldStarts").path("triggered"));
        figures.add(summary.path("coldStarts").path("victims"));
        figures.add(summary.path("phasesByStart").path("cold").path("meanUs").path("create"));
        figures.add(summary.path("phasesByStart")
                .path("warm")
                .path("phasesUs")
                .path("invoke")
                .path("p99"));
        figures.add(summary.path("gbSeconds"));
        figures.add(summary.path("billedMs"));
        figures.add(summary.path("costUsd").path("x86_64"));
        figures.add(summary.path("costUsd").path("whatIf").path("arm64"));
        summary.path("tails").path("slowest").forEach(each -> figures.add(each.path("totalUs")));
        summary.path("tails")
                .path("causes")
                .forEach(each -> figures.add(each.path("count").asLong() > 0 ? each.path("share") : each.path("none")));
        figures.removeIf(JsonNode::isMissingNode);
        figures.add(summary.path("costPerMillionUsd").path("arm64").path("sinceAugust2025"));
        summary.path("functions").forEach(each -> {
            JsonNode latency = each.path("latencyUs");
            figures.add(latency.path(latency.path("count").asLong() >= 100 ? "p99" : "max"));
        });
        return figures;
    }

    private static String open(RunBundle bundle, String scheme, int width) throws IOException, InterruptedException {
        return Chromium.open(Report.render(bundle), runs, scheme, width);
    }
}
