package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.thaw.results.ServerMetrics;
import dev.thaw.results.live.EventBacklog;
import dev.thaw.results.live.SourceState;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page in headless Chromium. Skipped where there is none. */
@Tag("slow")
final class LivePageBrowserTest {
    private static final int WIDE = 1440;
    private static final int NARROW = 390;

    @TempDir
    private Path profile;

    @BeforeEach
    void findChromium() {
        if (Browser.find().isEmpty()) {
            System.out.println("skipped: the live page in a browser: no chromium on this machine");
        }
        assumeThat(Browser.find()).isPresent();
    }

    private static long sum(ServerMetrics metrics, ToLongFunction<ServerMetrics.Invocations> figure) {
        return metrics.invocations().stream().mapToLong(figure).sum();
    }

    /** The exact value beside a figure of the table of counts. */
    private static String counted(String row, int column) {
        return "Number(document.querySelector('#counts [data-key=" + row + "]').cells[" + column
                + "].querySelector('data')?.value ?? -1)";
    }

    private static String bound(String path) {
        return "Number(document.querySelector('[data-path=\"" + path + "\"] data')?.value ?? -1)";
    }

    @Test
    void shouldShowWhatMetricsTellOnAnyScreenAndSayWhenTheServerHasGone() throws IOException, InterruptedException {
        TestServer server = new TestServer(ThreadLayout.FUSED).with("fn").with("off", 3, 0);
        try (Browser browser = new Browser(Browser.find().orElseThrow(), profile)) {
            server.post("/2015-03-31/functions/fn/invocations", "", "{}");
            browser.open("http://127.0.0.1:" + server.frontEnd.port() + "/_thaw/live", WIDE, false);
            browser.await(counted("invocations", 4) + " === 1");
            for (int i = 0; i < 120; i++) {
                server.post("/2015-03-31/functions/fn/invocations", "", i % 10 == 0 ? "\"fail\"" : "{}");
            }
            server.post("/2015-03-31/functions/off/invocations", "", "{}");
            ServerMetrics metrics =
                    ServerMetrics.fromJson(server.get("/_thaw/metrics.json").body());
            assertThat(sum(metrics, ServerMetrics.Invocations::invocations)).isEqualTo(121);

            browser.await(counted("throttles", 4) + " === 1");

            assertFigure(browser, counted("invocations", 4), 121);
            assertFigure(browser, counted("invocations", 3), 120);
            assertFigure(browser, counted("errors", 4), sum(metrics, ServerMetrics.Invocations::errors));
            assertFigure(browser, counted("errors", 3), 12);
            assertFigure(browser, counted("coldStarts", 3), 0);
            assertFigure(browser, counted("created", 4), 1);
            assertFigure(browser, bound("lastMinute.answerUs.count"), 120);
            assertFigure(browser, bound("waiting"), 0);
            assertFigure(browser, bound("events.waiting"), 0);
            assertThat(text(browser, "[data-path=\"events.oldestSeconds\"] .none", "title"))
                    .isEqualTo("none waits");
            assertThat(browser.evaluate("document.getElementById('sources').hidden")
                            .asBoolean())
                    .isTrue();
            assertThat(browser.evaluate(bound("lastMinute.answerUs.p99")).asDouble())
                    .isPositive();
            assertThat(browser.evaluate(
                                    "document.querySelector('[data-path=\"lastMinute.answerUs.p999\"] .none').title")
                            .asString())
                    .isEqualTo("p99.9 needs 1,000 samples, here are 120");
            assertThat(browser.evaluate("document.getElementById('state').textContent")
                            .asString())
                    .startsWith("Live.");
            assertWell(browser, WIDE, false);
            server.backlog = new EventBacklog(12, 3, 1, 65_400);
            String queue = "arn:aws:sqs:us-east-1:000000000000:work";
            String function = "arn:aws:lambda:us-east-1:000000000000:function:fn:live";
            server.sources = List.of(
                    new SourceState(queue, function, "Enabled", "PROBLEM: nobody is there"),
                    new SourceState("topic at 127.0.0.1:9092", function, "Disabled", null));
            browser.open("http://127.0.0.1:" + server.frontEnd.port() + "/_thaw/live", NARROW, true);
            browser.await(counted("invocations", 4) + " === 121");
            assertFigure(browser, bound("events.waiting"), 12);
            assertFigure(browser, bound("events.deliveries"), 1);
            assertThat(browser.evaluate(bound("events.oldestSeconds")).asDouble())
                    .isEqualTo(65.4);
            assertThat(text(browser, "#sources tbody", "innerText").split("[\t\n]+"))
                    .containsExactly(
                            queue,
                            "fn:live",
                            "Enabled",
                            "PROBLEM: nobody is there",
                            "topic at 127.0.0.1:9092",
                            "fn:live",
                            "Disabled",
                            "–");
            assertWell(browser, NARROW, true);
            assertThat(browser.problems).isEmpty();

            server.close();
            browser.await("document.getElementById('state').textContent.startsWith('Connection lost.')");
            browser.await("/figures are [1-9]/.test(document.getElementById('age').textContent)");
            assertThat(browser.evaluate("document.body.className").asString()).isEqualTo("stale");
            assertThat(browser.problems).allMatch(problem -> problem.contains("net::ERR"));
        }
    }

    private static String text(Browser browser, String selector, String property) throws InterruptedException {
        return browser.evaluate("document.querySelector('" + selector + "')." + property)
                .asString();
    }

    private static void assertFigure(Browser browser, String expression, long expected) throws InterruptedException {
        assertThat(browser.evaluate(expression).asLong(-1)).as(expression).isEqualTo(expected);
    }

    private static void assertWell(Browser browser, int width, boolean dark) throws InterruptedException {
        assertThat(browser.evaluate("innerWidth").asInt()).isEqualTo(width);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as("scrolls sideways")
                .isLessThanOrEqualTo(width);
        assertThat(browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
                        .asBoolean())
                .isEqualTo(dark);
        assertThat(browser.evaluate("document.querySelectorAll('canvas').length")
                        .asInt())
                .isEqualTo(3);
        assertThat(browser.evaluate("document.querySelectorAll('[aria-live]').length")
                        .asInt())
                .isEqualTo(1);
    }
}
