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

    private void assertShown(Interval hosts, String text, String html) throws IOException {
        SweepBundle bundle = SweepBundle.create(PlanBundle.KIND, "plan", "thaw plan", Map.of(), runs);

        assertThat(PlanBundle.finish(bundle, plan(hosts))).contains("| hosts | 15 | " + text + " |\n");

        assertThat(Files.readString(bundle.directory().resolve(Report.NAME)))
                .containsPattern("<th scope=\"row\">hosts</th><td>[^\n]*15[^\n]*?</td><td>" + html + "</td>");
    }

    private static PlanRun plan(Interval hosts) {
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
                new PlanRun.Memory("", List.of(), List.of(), null),
                List.of(fleet));
    }
}
