package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Report;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunRows;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A bundle that the first version of this module wrote (a run of 120 invocations, its host made nameless). */
final class FirstBundleTest {
    private static RunBundle first() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(RunBundle.class.getResource("first-bundle"));
        return RunBundle.load(Path.of(folder.toURI()));
    }

    @Test
    void shouldStillBecomeAReport() throws Exception {
        RunBundle first = first();

        String report = Report.render(first);

        for (String key : List.of("p50", "p90", "max")) {
            String exact = first.summary()
                    .path("latencyUs")
                    .path("fromIntended")
                    .path(key)
                    .asString();
            assertThat(report).contains("<data value=\"" + exact + "\"");
        }
        assertThat(report).contains("Within budget.", "app00-fn0000").doesNotContain(">null<", "NaN");
    }

    @Test
    void shouldStillBeReadRowByRow() throws Exception {
        Set<String> functions = new HashSet<>();
        long[] phasesNs = {0};

        long rows = RunRows.read(first(), (function, sample) -> {
            functions.add(function);
            phasesNs[0] += sample.serverKnown ? sample.server.phasesNs[0] : 0;
        });

        assertThat(rows).isEqualTo(120);
        assertThat(functions).hasSize(2);
        assertThat(phasesNs[0]).isPositive();
    }

    @Test
    void shouldStillBeCompared() throws Exception {
        ComparisonSettings quick = new ComparisonSettings(UnitChoice.AUTO, false, Set.of(), null, 0, 1, 300, 299);

        Comparison comparison = Comparison.of(List.of(first()), List.of(first()), quick);

        assertThat(comparison.findings())
                .extracting(finding -> finding.metric().name())
                .contains("latency.p50", "latency.p90", "phase.invoke.p50", "cost");
        assertThat(comparison.findings()).allMatch(finding -> finding.verdict() == Verdict.UNDECIDED);
    }
}
