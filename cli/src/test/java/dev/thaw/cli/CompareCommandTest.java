package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.JmhBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompareCommandTest {
    @TempDir
    private Path directory;

    private String base = "";
    private String slower = "";

    @BeforeEach
    void writeTwoRuns() throws IOException {
        base = bundle("base", 1);
        slower = bundle("slower", 1.2);
    }

    private String bundle(String name, double factor) throws IOException {
        return bundle(name, factor, 12);
    }

    private String bundle(String name, double factor, int count) throws IOException {
        String values = String.join(
                ",",
                IntStream.range(0, count)
                        .mapToObj(i -> Double.toString(factor * (1 + 0.01 * (i * 5 % 7))))
                        .toList());
        String json = "[{\"benchmark\":\"x.Y.run\",\"mode\":\"avgt\",\"threads\":1,\"secondaryMetrics\":{},"
                + "\"primaryMetric\":{\"score\":1,\"scoreUnit\":\"us/op\",\"rawData\":[[" + values + "]]}}]";
        Path bundle = JmhBundle.write(name, "thaw jmh", json, directory);
        return String.valueOf(bundle.getFileName());
    }

    private Cli compare(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "compare";
        all[1] = "--runs";
        all[2] = directory.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Cli.run(all);
    }

    @Test
    void shouldExitWith1WhereSomethingIsWorseThanTheGateAllows() throws IOException {
        Path json = directory.resolve("comparison.json");
        Path markdown = directory.resolve("comparison.md");
        Path html = directory.resolve("comparison.html");
        Cli cli = compare(
                base,
                "--",
                slower,
                "--fail-over",
                "5%",
                "--json",
                json.toString(),
                "--markdown",
                markdown.toString(),
                "--html",
                html.toString());

        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.out()).contains("over the gate: x.Y.run: time is 20 % worse (limit 5.0 %");
        assertThat(Files.readString(json)).contains("\"passes\" : false");
        assertThat(Files.readString(markdown))
                .contains("| x.Y.run | time | us/op |")
                .contains("Gate: over the gate");
        assertThat(Files.readString(html)).contains("The gate stops this.", "x.Y.run");
        assertThat(compare(slower, "--fail-over", "5%", "--", base).exit()).isZero();
        assertThat(compare(base, slower, "--fail-over", "25").exit()).isZero();
    }

    @Test
    void shouldLetNothingPassByTooFewUnits() throws IOException {
        Path json = directory.resolve("few.json");
        Path markdown = directory.resolve("few.md");
        Path html = directory.resolve("few.html");
        String few = bundle("few", 1, 3);
        Cli cli = compare(
                few,
                "--",
                few,
                "--fail-over",
                "5%",
                "--json",
                json.toString(),
                "--markdown",
                markdown.toString(),
                "--html",
                html.toString());

        assertRefused(cli, "--fail-over: these units are too few to stop anything");
        assertThat(Files.readString(json)).contains("\"passes\" : null");
        assertThat(Files.readString(markdown)).contains("Gate: cannot decide");
        assertThat(Files.readString(html)).contains("The gate cannot decide").doesNotContain("The gate passes");

        assertThat(compare(few, few, "--html", html.toString()).exit()).isZero();
        assertThat(Files.readString(html)).contains("too few to show anything").doesNotContain("verdict good");
    }

    @Test
    void shouldSayInOneLineWhatCannotBeCompared() {
        assertRefused(compare(base, "--", "nowhere"), "no run 'nowhere': neither a folder, nor an id, name or tag");
        assertRefused(compare(base), "which runs are B's? thaw compare A.. -- B..");
        assertRefused(compare(base, "--"), "'--'");
        assertRefused(compare(base, slower, "--fail-over", "-1%"), "'-1%' is not a percentage of at least 0");
        assertRefused(
                compare(base, slower, "--paired"),
                "--paired: pairs whole runs, two or more a side: not 1 of A and 1 of B");
        assertRefused(compare(base, slower, "--rows", "("), "--rows: '(' is not a regular expression");
        assertRefused(
                compare(base, slower, "--metrics", "latency.p99"),
                "the two sides tell nothing in common of --metrics latency.p99");
    }

    private static void assertRefused(Cli cli, String part) {
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("thaw: ")
                .contains(part);
        assertThat(cli.exit()).isEqualTo(2);
    }
}
