package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The trace of {@code examples/traces}: made by the command beside it, with policies in the order of their papers. */
final class ShippedTraceTest {
    private static final Path FOLDER = Path.of(System.getProperty("thaw.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("examples/traces");
    private static final Path TRACE = FOLDER.resolve("azure-like.csv.gz");
    /** What the README beside it has typed. */
    private static final String MADE_BY = "./thaw trace synthesize ";

    @TempDir
    private Path directory;

    private static byte[] rows(Path trace) throws IOException {
        try (InputStream rows = new GZIPInputStream(Files.newInputStream(trace))) {
            return rows.readAllBytes();
        }
    }

    /** The rows: how they are packed is up to the JDK's zlib. */
    @Test
    void shouldBeWhatTheCommandBesideItMakes() throws IOException {
        String command = Files.readAllLines(FOLDER.resolve("README.md")).stream()
                .filter(line -> line.startsWith(MADE_BY))
                .findFirst()
                .orElseThrow();
        Path again = directory.resolve("again.csv.gz");

        Cli cli = Cli.run(command.replace("examples/traces/azure-like.csv.gz", again.toString())
                .substring("./thaw ".length())
                .split(" "));

        assertThat(cli.err()).isEmpty();
        assertThat(rows(again)).isEqualTo(rows(TRACE));
        assertThat(Files.size(TRACE)).isLessThan(400_000);
    }

    /**
     * FaasCache, ASPLOS 2021; Serverless in the Wild, ATC 2020: fewer invocations meet a cold start, or wait behind one, than
     * under ten minutes; on the same host, and with no more memory in environments that wait.
     */
    @ParameterizedTest
    @ValueSource(strings = {"4GiB", "8GiB"})
    void shouldHavePoliciesInTheOrderOfTheirPapers(String memory) throws IOException {
        Map<String, JsonNode> figures = bakeoff(memory);
        JsonNode fixed = of(figures, "10m");
        for (String better : List.of("greedy-dual", "hybrid-histogram")) {
            JsonNode itsFigures = of(figures, better);
            assertThat(mean(itsFigures, "refusedPercent")).as(better).isZero();
            for (String figure : List.of("coldPercent", "idleGbSeconds")) {
                assertThat(mean(itsFigures, figure)).as(better).isPositive().isLessThan(mean(fixed, figure));
            }
            assertThat(mean(itsFigures, "coldPercent") + mean(itsFigures, "victimPercent"))
                    .as(better)
                    .isLessThan(mean(fixed, "coldPercent") + mean(fixed, "victimPercent"));
        }
    }

    private Map<String, JsonNode> bakeoff(String memory) throws IOException {
        Cli cli = Cli.run(
                "bakeoff",
                TRACE.toString(),
                "--host-memory",
                memory,
                "--keep-alive",
                "10m,greedy-dual,hybrid-histogram",
                "--seeds",
                "1",
                "--runs",
                directory.toString());
        assertThat(cli.err()).isEmpty();
        Map<String, JsonNode> figures = new HashMap<>();
        cli.bundle()
                .summary()
                .path("combinations")
                .forEach(each ->
                        figures.put(each.path("policies").path("keepAlive").asString(), each.path("figures")));
        return figures;
    }

    private static JsonNode of(Map<String, JsonNode> figures, String keepAlive) {
        return Objects.requireNonNull(figures.get(keepAlive), keepAlive);
    }

    private static double mean(JsonNode figures, String name) {
        return figures.path(name).path("mean").asDouble(Double.NaN);
    }
}
