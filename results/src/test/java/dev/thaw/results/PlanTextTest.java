package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.PlanRun.Fleet;
import dev.thaw.results.PlanRun.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Intervals of a plan as the terminal and the report show them. */
final class PlanTextTest {
    @TempDir
    private Path runs;

    @Test
    void shouldSayWhichEndsOfAnIntervalAreOpen() throws IOException {
        assertShown(new Interval(15, 12.0, 17.0), "12 to 17", "12 &ndash; 17");
        assertShown(new Interval(15, 15.0, null), "15 or more", "15 or more");
        assertShown(new Interval(15, null, 17.0), "17 or fewer", "17 or fewer");
        assertShown(new Interval(15, null, null), "", "");
    }

    @Test
    void shouldShowHowSureTheMemoryOfEachFunctionIs() throws IOException {
        SweepBundle bundle = SweepBundle.create(PlanBundle.KIND, "plan", "thaw plan", Map.of(), runs);
        PlanRun.Sizing sure = new PlanRun.Sizing(
                "sure",
                0.5,
                256,
                512,
                List.of(new Interval(40, 38.0, 43.0), new Interval(25, 24.0, 27.0)),
                List.of(new Interval(2, 1.5, 2.5), new Interval(1, 0.75, 1.25)),
                new TreeMap<>(Map.of(
                        "p50", List.of(new Interval(4, 3.5, 4.5), new Interval(3, 2.5, 3.5)),
                        "p99", List.of(new Interval(90, null, null), new Interval(80, null, null)))),
                new Interval(0.625, 0.6, 0.65),
                new Interval(0.5, 0.5, 0.5),
                new TreeMap<>(Map.of(512, 0.96, 1_024, 0.04)),
                null,
                "needed");
        Interval alone = new Interval(7, null, null);
        PlanRun.Sizing rare = new PlanRun.Sizing(
                "rare",
                null,
                128,
                128,
                List.of(alone, alone),
                List.of(alone, alone),
                new TreeMap<>(Map.of("p50", List.of(alone, alone), "p99", List.of(alone, alone))),
                null,
                null,
                new TreeMap<>(),
                "3 invocations, must be 1000 for p99",
                "as it is");
        PlanRun plan = plan(new Interval(15, null, null), List.of(sure, rare));

        assertThat(PlanBundle.finish(bundle, plan))
                .contains(
                        "| sure | 50 | 256 | 512 | 96 | 40 (38 to 43) | 25 (24 to 27) | 0.625 (0.600 to 0.650)"
                                + " | 2 (1.50 to 2.50) | 1 (0.750 to 1.25) | 0.500 (0.500 to 0.500)"
                                + " | needed; 1024 MiB in 4 % |\n",
                        "| sure | 4 (3.50 to 4.50) | 3 (2.50 to 3.50) | 90 | 80 |\n",
                        "| rare | unknown | 128 | 128 | unknown | 7 | 7 |  | 7 | 7 |  | as it is; no intervals:"
                                + " 3 invocations, must be 1000 for p99 |\n");
        assertThat(bundle.directory().resolve("summary.json")).content().contains("\"chosenIn\"", "\"1024\"");
        assertThat(bundle.directory().resolve(Report.NAME))
                .content()
                .contains(
                        "<td><data value=\"96.0\">96</data></td>",
                        "<td><data value=\"25.0\">25</data> (24 &ndash; 27)</td>",
                        "<td><data value=\"3.0\">3</data> (2.50 &ndash; 3.50)</td><td><data value=\"90.0\">90</data></td>",
                        "<td class=\"text fold\">needed; 1024 MiB in 4 %</td>",
                        "<td class=\"text fold\">as it is; no intervals: 3 invocations, must be 1000 for p99</td>");
    }

    /** They told no intervals of a function's memory, nor p50 and p99. */
    @Test
    void shouldRenderEarlierPlansAgain() throws IOException {
        Interval alone = new Interval(7.5, null, null);
        PlanRun.Sizing sizing = new PlanRun.Sizing(
                "f",
                0.5,
                256,
                512,
                List.of(alone, alone),
                List.of(alone, alone),
                new TreeMap<>(),
                null,
                null,
                new TreeMap<>(),
                null,
                "needed");
        SweepBundle bundle = SweepBundle.create(PlanBundle.KIND, "plan", "thaw plan", Map.of(), runs);
        PlanBundle.finish(bundle, plan(alone, List.of(sizing)));
        Path file = bundle.directory().resolve("summary.json");
        ObjectNode summary = (ObjectNode) Json.MAPPER.readTree(Files.readString(file));
        ObjectNode function = (ObjectNode) summary.at("/memory/functions/0");
        function.putArray("latencyMs").add(40.5).add(25.5);
        function.putArray("usd").add(2.5).add(1.5);
        function.remove(List.of("percentilesMs", "latencyRatio", "usdRatio", "chosenIn", "tooFew"));
        Json.write(file, summary);

        assertThat(Report.render(RunBundle.load(bundle.directory())))
                .contains(
                        "<td><data value=\"40.5\">40.5</data></td><td><data value=\"25.5\">25.5</data></td>",
                        "<td><data value=\"2.5\">2.50</data></td><td><data value=\"1.5\">1.50</data></td>",
                        ">needed</td>")
                .doesNotContain("Tails by memory");
    }

    private void assertShown(Interval hosts, String text, String html) throws IOException {
        SweepBundle bundle = SweepBundle.create(PlanBundle.KIND, "plan", "thaw plan", Map.of(), runs);

        assertThat(PlanBundle.finish(bundle, plan(hosts))).contains("| hosts | 15 | " + text + " |\n");

        assertThat(Files.readString(bundle.directory().resolve(Report.NAME)))
                .containsPattern("<th scope=\"row\">hosts</th><td>[^\n]*15[^\n]*?</td><td>" + html + "</td>");
    }

    private static PlanRun plan(Interval hosts) {
        return plan(hosts, List.of());
    }

    private static PlanRun plan(Interval hosts, List<PlanRun.Sizing> functions) {
        Fleet fleet = new Fleet(15, new TreeMap<>(Map.of("keepAlive", "lru")), new TreeMap<>(), List.of());
        return new PlanRun(
                List.of("cold<1%"),
                List.of(),
                new PlanRun.Bound(null, null, 0, 1, List.of(), List.of(), List.of()),
                List.of(),
                new PlanRun.Host(1_024, 2_000),
                64,
                true,
                fleet,
                hosts,
                new TreeMap<>(),
                null,
                fleet,
                "by drawing",
                new PlanRun.Memory("", List.of(), functions, null),
                List.of(fleet));
    }
}
