package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Chromium;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import dev.thaw.results.pages.ComparisonPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The page of a comparison, and what it is made of. */
@Tag("slow")
final class ComparisonPageTest {
    private static final long MS = 1_000_000;
    private static final ComparisonSettings QUICK =
            new ComparisonSettings(UnitChoice.AUTO, false, Set.of(), null, 0, 1, 200, 999);

    @TempDir
    private Path runs;

    /** B sleeps 2 ms in one of a hundred. */
    private Comparison planted(ComparisonSettings settings) throws IOException {
        RunBundle a = RecordedRun.write(runs, RecordedRun.plan("a", false, Map.of("rate", "100")), 1, (_, _) -> {});
        RunBundle b = RecordedRun.write(
                runs, RecordedRun.plan("b<&", false, Map.of("rate", "100", "commit", "x")), 2, (sample, random) -> {
                    if (random.nextInt(100) == 0) {
                        sample.server.phasesNs[Phase.INVOKE.ordinal()] += 2 * MS;
                    }
                });
        return Comparison.of(List.of(a), List.of(b), settings);
    }

    @Test
    void shouldFindASleepInOneOfAHundredAtP999AndNotAtP50AndNameItsPhase() throws IOException {
        Comparison comparison = planted(new ComparisonSettings(
                UnitChoice.AUTO, false, Set.of("latency.p50", "latency.p999"), null, 0, 1, 500, 9_999));

        assertThat(comparison.findings())
                .extracting(each -> each.metric().name() + " " + each.verdict().key())
                .containsExactly("latency.p50 undecided", "latency.p999 worse");
        JsonNode tails = comparison.b().getFirst().summary().path("tails");
        assertThat(tails.path("causes").path("invoke").path("count").asInt())
                .isGreaterThanOrEqualTo(tails.path("count").asInt() / 2);
        JsonNode slowest = tails.path("slowest").path(0);
        assertThat(slowest.path("phase").asString()).isEqualTo("invoke");
        assertThat(slowest.path("cause").asString()).isEqualTo("invoke");
        List<ShiftFunction.Point> points =
                Objects.requireNonNull(comparison.shift()).points();
        assertThat(points.getFirst().share()).isZero();
        assertThat(points.getLast().estimate().ratio()).isGreaterThan(1.3);
        assertThat(points)
                .filteredOn(point -> point.share() > 0.1 && point.share() < 0.9)
                .allSatisfy(point -> assertThat(point.estimate().ratio()).isBetween(0.9, 1.1));
        assertThat(points)
                .filteredOn(point -> point.share() == 0.9)
                .singleElement()
                .satisfies(point -> assertThat(point.estimate().low())
                        .isLessThan(point.estimate().ratio()));
    }

    @Test
    void shouldSayInItsFirstLineWhatARowShows() throws IOException {
        ObjectNode json = ComparisonJson.tree(planted(QUICK), null);
        for (String table : List.of("metrics", "rows")) {
            for (JsonNode each : json.path(table)) {
                ((ObjectNode) each).put("verdict", "undecided").putNull("detectable");
            }
        }
        assertThat(ComparisonPage.render(json)).contains("Nothing is shown to be worse.");
        ((ObjectNode) json.path("rows").path(0)).put("verdict", "worse").put("pHolm", 0.0001);
        assertThat(ComparisonPage.render(json))
                .contains("B is worse in something.", "rows 1 are worse", ">&lt;0.001</data>");
        for (String table : List.of("metrics", "rows")) {
            for (JsonNode each : json.path(table)) {
                ((ObjectNode) each).put("tooFewUnits", true);
            }
        }
        assertThat(ComparisonPage.render(json))
                .contains("These units are too few to show anything.", "<td>nothing</td>");
    }

    @Test
    void shouldShowTheFiguresOfItsJsonOnAnyScreen() throws Exception {
        JsonNode json = ComparisonJson.tree(planted(QUICK), new Gate(0.05));
        String page = ComparisonPage.render(json);

        assertThat(page).doesNotContainPattern("(src|href)=\"(https?:)?//").doesNotContain("@import", "url(", "b<&");
        for (int width : new int[] {390, 1440}) {
            String dom = Chromium.open(page, runs, width == 390 ? Chromium.DARK : Chromium.LIGHT, width);
            assertThat(dom)
                    .contains("data-problems=\"[]\"", "data-sideways=\"false\"", "data-canvases=\"2\"")
                    .contains("data-unnamed=\"[]\"", "data-focused=\"true\"");
            for (String table : List.of("metrics", "rows")) {
                json.path(table).forEach(each -> {
                    for (String figure : List.of("a", "b", "ratio", "low", "high", "pHolm")) {
                        JsonNode value = each.path(figure);
                        if (value.isNumber()) {
                            assertThat(dom).contains("<data value=\"" + value.asString() + "\"");
                        }
                    }
                });
            }
        }
    }
}
