package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class ReportTest {
    private static final long MAX_PAGE_BYTES = 3L << 20;

    @TempDir
    private Path runs;

    @Test
    void shouldRenderTheSamePageFromTheFilesAlone() throws IOException {
        Path bundle = new SyntheticRun(5, 3, 200).record("again", runs).bundle();
        String atTheEnd = Files.readString(bundle.resolve(Report.NAME));
        Files.delete(bundle.resolve(Report.NAME));

        Path moved = Files.move(bundle, runs.resolve("moved"));
        Report.write(RunBundle.load(moved));

        assertThat(Files.readString(moved.resolve(Report.NAME))).isEqualTo(atTheEnd);
    }

    @Test
    void shouldNeedNothingFromOutside() throws IOException {
        String page = Report.render(
                RunBundle.load(new SyntheticRun(2, 1, 100).record("alone", runs).bundle()));

        assertThat(page).doesNotContainPattern("(src|href)=\"(https?:)?//").doesNotContain("@import", "url(");
        assertThat(page).contains("uPlot");
    }

    @Test
    void shouldStaySmallWithTwoThousandFunctionsAndManySeconds() throws IOException {
        Path bundle = new SyntheticRun(2_000, 1_300, 4).record("large", runs).bundle();

        assertThat(Files.size(bundle.resolve(Report.NAME))).isLessThan(MAX_PAGE_BYTES);
        assertThat(Files.readString(bundle.resolve(Report.NAME))).contains("fn1999");
    }

    @Test
    @Tag("slow")
    void shouldStaySmallWithAThousandFunctionsAndOneHour() throws IOException {
        Path bundle = new SyntheticRun(1_000, 3_600, 4).record("hour", runs).bundle();

        assertThat(Files.size(bundle.resolve(Report.NAME))).isLessThan(MAX_PAGE_BYTES);
        assertThat(Files.readString(bundle.resolve(Report.NAME))).contains("fn0999", "Why the slowest were slow");
    }

    @Test
    void shouldLetNoNameBreakThePage() throws IOException {
        String evil = "</script><script>alert(1)</script>\"'&{{css}}";
        RunPlan plan = SyntheticRun.plan("evil", List.of(evil), 0, 1);

        String page = pageOf(plan);

        assertThat(page).doesNotContain("<script>alert").contains("&lt;/script&gt;&lt;script&gt;alert(1)");
    }

    /** Bundles travel: what somebody else wrote into one is text as well. */
    @Test
    void shouldLetNothingInABundleBreakThePage() throws IOException {
        String evil = "\"><script>alert(1)</script>";
        RunBundle bundle = RunBundle.load(
                new SyntheticRun(1, 1, 100).record("foreign", runs).bundle());
        ObjectNode summary = (ObjectNode) bundle.summary().deepCopy();
        ((ObjectNode) summary.path("functions").path(0)).put("memoryMib", evil).put("coldTriggers", evil);
        ((ObjectNode) summary.path("tails").path("phases")).putObject(evil).put("timeShare", 0.5);
        ((ObjectNode) summary.path("tails").path("slowest").path(0).path("partsUs")).put(evil, 5);

        String page = Report.render(new RunBundle(bundle.directory(), bundle.manifest(), summary));

        assertThat(page).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)");
    }

    @Test
    void shouldNameWhatIsolationIsMissing() throws IOException {
        Path bundle = new SyntheticRun(1, 1, 10).record("isolation", runs).bundle();

        assertThat(Files.readString(bundle.resolve(Report.NAME)))
                .contains("no seccomp filter", "no filter built for this architecture", "own loopback");
    }

    @Test
    void shouldSayWhatBroke() throws IOException {
        RunPlan plan = SyntheticRun.plan("broken", List.of("f"), 100, 1);

        assertThat(pageOf(plan))
                .contains("Over budget", "sent 0 of 100 planned invocations (0.00 %)")
                .doesNotContain("Within budget");
    }

    @Test
    void shouldRefuseWhatIsNoFinishedRun() throws IOException {
        assertThatThrownBy(() -> RunBundle.load(runs.resolve("absent")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("absent: no such run");
        Path open = new SyntheticRun(1, 1, 1).record("open", runs).bundle();
        Files.delete(open.resolve(Summary.NAME));
        assertThatThrownBy(() -> RunBundle.load(open)).hasMessageEndingWith("summary.json is missing");
        Files.writeString(open.resolve(Summary.NAME), "{\n\"schema\": oops}");
        assertThatThrownBy(() -> RunBundle.load(open)).hasMessageContaining("summary.json:2: not JSON");
        Files.writeString(open.resolve(Summary.NAME), "{\"schema\":9}");
        assertThatThrownBy(() -> RunBundle.load(open)).hasMessageContaining("schema is 9, this version reads 1");
    }

    @Test
    void shouldNameALogThatItCannotRead() throws IOException {
        Path bundle = new SyntheticRun(1, 1, 10).record("damaged", runs).bundle();
        Files.writeString(bundle.resolve("latency.hlog"), "0.000,1.000,2.0,HISTnonsense\n");

        assertThatThrownBy(() -> Report.render(RunBundle.load(bundle)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("latency.hlog");
    }

    @Test
    void shouldNameABundleWhoseTableIsDamaged() throws IOException {
        Path bundle = new SyntheticRun(1, 1, 10).record("table", runs).bundle();
        Files.writeString(bundle.resolve(CsvFiles.SECONDS), "second,planned\n0,many\n");

        assertThatThrownBy(() -> Report.render(RunBundle.load(bundle)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(bundle + ": damaged table of figures: ");
    }

    @Test
    void shouldMarkAnEmulatedRun() throws IOException {
        RunPlan plain = SyntheticRun.plan("plain", List.of("f"), 0, 1);
        RunPlan emulated = new RunPlan(
                plain.kind(),
                "emulated",
                plain.command(),
                plain.configuration(),
                plain.seed(),
                plain.backend(),
                plain.isolation(),
                plain.isolationFeatures(),
                true,
                plain.functions(),
                0,
                1,
                plain.latenessBudgetNs());

        assertThat(pageOf(emulated)).contains(">emulated</span> At least one function ran on an emulated processor");
        assertThat(pageOf(plain)).doesNotContain("emulated processor");
    }

    private String pageOf(RunPlan plan) throws IOException {
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            return Files.readString(recorder.finish().bundle().resolve(Report.NAME));
        }
    }
}
