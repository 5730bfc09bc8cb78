package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Opens reports in headless Chromium. Skipped where there is none. */
@Tag("slow")
final class ReportBrowserTest {
    private static final String DARK = "--blink-settings=preferredColorScheme=0";
    private static final String LIGHT = "--blink-settings=preferredColorScheme=1";
    /** Leaves in the document what went wrong, whether a chart was drawn, and how wide the page came out. */
    private static final String PROBE = """
            <script>
            window.problems = [];
            addEventListener('error', e => window.problems.push(e.message));
            addEventListener('unhandledrejection', e => window.problems.push(String(e.reason)));
            console.error = (...all) => window.problems.push(all.join(' '));
            addEventListener('load', () => setTimeout(() => {
              const root = document.documentElement;
              root.dataset.problems = JSON.stringify(window.problems);
              root.dataset.canvases = document.querySelectorAll('canvas').length;
              root.dataset.sideways = root.scrollWidth > root.clientWidth;
              root.dataset.dark = matchMedia('(prefers-color-scheme: dark)').matches;
              const header = document.querySelector('table[data-sortable] th button');
              if (header) header.click();
              root.dataset.first = document.querySelector('table[data-sortable] tbody th')?.textContent ?? '';
            }, 50));
            </script>
            """;

    @TempDir
    private static Path runs;

    private static Optional<String> chromium = Optional.empty();

    @BeforeAll
    static void findChromium() {
        chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .filter(each -> Files.isExecutable(Path.of(each)))
                .findFirst();
        if (chromium.isEmpty()) {
            System.out.println("skipped: reports in a browser: no chromium on this machine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LIGHT, DARK})
    void shouldShowTheFiguresOfTheSummaryWithoutAnyScriptError(String scheme) throws Exception {
        assumeThat(chromium).isPresent();
        RunBundle bundle = RunBundle.load(
                new SyntheticRun(40, 60, 100).record("browser", runs).bundle());

        String dom = open(bundle, scheme, 1400);

        assertThat(dom).contains("data-problems=\"[]\"", "data-canvases=\"5\"", "data-sideways=\"false\"");
        assertThat(dom).contains("data-dark=\"" + scheme.equals(DARK) + "\"");
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
                                : "p99.9 needs 1,000 samples, here are " + hiccups);
    }

    @Test
    void shouldNotScrollSidewaysOnANarrowScreen() throws Exception {
        assumeThat(chromium).isPresent();
        RunBundle bundle = RunBundle.load(
                new SyntheticRun(40, 20, 100).record("narrow", runs).bundle());

        assertThat(open(bundle, LIGHT, 400)).contains("data-problems=\"[]\"", "data-sideways=\"false\"");
    }

    @Test
    void shouldShowARunOfNothingAndAHugeOne() throws Exception {
        assumeThat(chromium).isPresent();
        Path nothing;
        try (RunRecorder recorder = RunRecorder.open(SyntheticRun.plan("nothing", List.of(), 0, 0), runs)) {
            nothing = recorder.finish().bundle();
        }
        Path huge = new SyntheticRun(2_000, 60, 300).record("huge", runs).bundle();

        assertThat(open(RunBundle.load(nothing), LIGHT, 1400)).contains("data-problems=\"[]\"");
        assertThat(open(RunBundle.load(huge), LIGHT, 1400)).contains("data-problems=\"[]\"", "data-canvases=\"5\"");
    }

    @Test
    void shouldShowBuildsOfKernelsOnAnyScreen() throws Exception {
        assumeThat(chromium).isPresent();
        RunBundle bundle = RunBundle.load(
                ArchBundle.write(ArchBundleTest.run("00000000000000aa"), "kernels", "thaw arch", 1, Map.of(), runs));

        for (int width : new int[] {400, 1400}) {
            assertThat(open(bundle, LIGHT, width))
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
        summary.path("functions").forEach(each -> {
            JsonNode latency = each.path("latencyUs");
            figures.add(latency.path(latency.path("count").asLong() >= 100 ? "p99" : "max"));
        });
        return figures;
    }

    private static String open(RunBundle bundle, String scheme, int width) throws IOException, InterruptedException {
        Path page = bundle.directory().resolve("probed-" + width + ".html");
        Files.writeString(page, Report.render(bundle).replaceFirst("<head>", "<head>" + PROBE));
        Path profile = Files.createTempDirectory(runs, "profile");
        Process process = new ProcessBuilder(
                        chromium.orElseThrow(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + profile,
                        "--window-size=" + width + ",2400",
                        scheme,
                        "--virtual-time-budget=5000",
                        "--dump-dom",
                        page.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String dom = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return dom;
    }
}
