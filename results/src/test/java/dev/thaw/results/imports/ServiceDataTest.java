package dev.thaw.results.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.RunBundle;
import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import dev.thaw.results.compare.Finding;
import dev.thaw.results.compare.Verdict;
import dev.thaw.results.statistics.RatioEstimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Data of the real service, where they are at hand, against figures computed of them by other means. */
@Tag("slow")
final class ServiceDataTest {
    private static final Path TRACES = Path.of("../../shared/traces");

    @TempDir
    private Path runs;

    private List<RunBundle> bundles(String... names) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path file = TRACES.resolve(name);
            if (!Files.exists(file)) {
                System.out.println("skipped: " + file + " is not there");
                Assumptions.abort();
            }
            files.add(file);
        }
        List<RunBundle> bundles = new ArrayList<>();
        for (Path bundle : new Imports(Imports.AUTO, null, null, 1, "thaw import", runs).of(files)) {
            bundles.add(RunBundle.load(bundle));
        }
        return bundles;
    }

    @Test
    void shouldFindTheKnownRatioOfArm64ToX86InitFromLambdaPerf() throws IOException {
        List<RunBundle> bundles = bundles("lambda-perf/lambda_perf_init_samples.csv.gz");
        // Zip packages, and cells with at least 500 samples on either side: 172.
        ComparisonSettings settings = new ComparisonSettings(
                UnitChoice.AUTO, false, Set.of("init.p50"), Pattern.compile("/zip/"), 500, 1, 500, 999);
        Comparison comparison = Comparison.of(List.of(bundles.getLast()), List.of(bundles.getFirst()), settings);

        assertThat(bundles.getFirst().directory().toString()).endsWith("lambda-perf-arm64");
        assertThat(comparison.cells()).hasSize(172);
        assertThat(comparison.findings()).singleElement().satisfies(each -> {
            RatioEstimate estimate = each.estimate();
            assertThat(estimate.ratio()).isCloseTo(0.907, within(0.0005));
            assertThat(estimate.low()).isCloseTo(0.891, within(0.005));
            assertThat(estimate.high()).isCloseTo(0.922, within(0.005));
            assertThat(each.verdict()).isEqualTo(Verdict.BETTER);
        });
        assertThat(verdict(comparison, "rust (prov.al2023)")).isEqualTo(Verdict.BETTER);
        assertThat(verdict(comparison, "go (prov.al2023)")).isEqualTo(Verdict.BETTER);
        assertThat(verdict(comparison, "dotnet8")).isEqualTo(Verdict.WORSE);
        System.out.println("verdicts by runtime: " + comparison.groups().size() + ", worse on arm64: "
                + comparison.groups().entrySet().stream()
                        .filter(each -> each.getValue().getFirst().verdict() == Verdict.WORSE)
                        .map(each -> each.getKey())
                        .toList());
    }

    private static Verdict verdict(Comparison comparison, String runtime) {
        List<Finding> findings = comparison.groups().getOrDefault(runtime, List.of());
        assertThat(findings).as(runtime).hasSize(1);
        return findings.getFirst().verdict();
    }

    @Test
    void shouldReadThreeUntouchedDaysOfLambdaPerf() throws IOException {
        List<RunBundle> bundles = bundles(
                "lambda-perf/raw-2025-09-15.json",
                "lambda-perf/raw-2026-02-01.json",
                "lambda-perf/raw-2026-08-22.json");

        assertThat(bundles).hasSize(2);
        for (RunBundle bundle : bundles) {
            assertThat(bundle.summary().path("cells").size()).isGreaterThan(250);
            assertThat(bundle.manifest().path("source").path("files").size()).isEqualTo(3);
        }
    }

    @Test
    void shouldFindTheSpeedAtEachMemoryFromCebert() throws IOException {
        String[] expected = {"128=0.074", "256=0.150", "512=0.301", "1024=0.585", "2048=1.149"};
        for (String file : List.of(
                "lambda-arch-bench/cebert/cebert_parsed.csv",
                "lambda-arch-bench/cebert/november-2025/cpu-intensive/warm.md")) {
            RunBundle x86 = bundles(file).getLast();
            for (String each : expected) {
                String[] parts = each.split("=", -1);
                assertThat(speed(x86, "cpu-intensive/warm/nodejs22/" + parts[0]))
                        .as(each)
                        .isCloseTo(Double.parseDouble(parts[1]), within(0.0005));
            }
        }
    }

    private static double speed(RunBundle bundle, String cell) {
        for (JsonNode each : bundle.summary().path("cells")) {
            if (each.path("name").asString("").equals(cell)) {
                return each.path("metrics").path("speedOf1769MB").path("mean").asDouble();
            }
        }
        throw new AssertionError(cell);
    }
}
