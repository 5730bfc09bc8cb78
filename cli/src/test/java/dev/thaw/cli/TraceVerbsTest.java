package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code thaw trace} and its verbs, as a user types them. */
final class TraceVerbsTest {
    @TempDir
    private Path folder;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() throws IOException {
        StringBuilder text = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int i = 0; i < 240; i++) {
            text.append('f')
                    .append(i % 6)
                    .append(',')
                    .append(i * 500)
                    .append(',')
                    .append(i % 4)
                    .append(",256\n");
        }
        trace = Files.writeString(folder.resolve("t.csv"), text);
    }

    private static JsonNode json(Cli cli) {
        assertThat(cli.errLines()).isEmpty();
        assertThat(cli.exit()).isZero();
        return JsonMapper.builder().build().readTree(cli.out());
    }

    @Test
    void shouldSayWhatATraceIsLike() {
        Cli text = Cli.run("trace", "info", trace.toString());
        assertThat(text.exit()).isZero();
        assertThat(text.out())
                .contains("rows            240\n")
                .contains("invocations     240 in 119.500 s, 2.008 /s")
                .contains("functions       6 in 6 applications")
                .contains("peaks           2 in one second, 120 in one minute")
                .contains("IAT             mean 500.000 ms, CV 0.000; of each function, median CV 0.000")
                .contains("zero durations  60 (25.00 %)")
                .contains("broken rows     0");
        JsonNode info = json(Cli.run("trace", "info", trace.toString(), "--json", "--duration", "60s"));
        assertThat(info.path("rows").asLong()).isEqualTo(240);
        assertThat(info.path("invocations").asLong()).isEqualTo(120);
        assertThat(info.path("durationSec").asDouble()).isEqualTo(60);
        assertThat(info.path("iatMeanMs").asDouble()).isCloseTo(500, within(1e-9));
        assertThat(info.path("memoryMib").path("p50").asDouble()).isEqualTo(256);
    }

    @Test
    void shouldConvertThereAndBack() throws IOException {
        Path azure = folder.resolve("azure");
        Path back = folder.resolve("back.csv.zst");
        JsonNode said = json(Cli.run(
                "trace", "convert", trace.toString(), "--to", "azure2019", "--out", azure.toString(), "--json"));
        assertThat(said.path("invocations").asLong()).isEqualTo(240);
        assertThat(azure.resolve("invocations_per_function_md.anon.d01.csv")).exists();
        assertThat(Cli.run("trace", "info", azure.toString()).out())
                .contains(
                        "rows            18 in 3 files\n",
                        "6 in " + azure.resolve("invocations_per_function_md.anon.d01.csv") + "\n");
        json(Cli.run(
                "trace", "convert", azure.toString(), "--out", back.toString(), "--arrivals", "equidistant", "--json"));
        JsonNode info = json(Cli.run("trace", "info", back.toString(), "--json"));
        assertThat(info.path("invocations").asLong()).isEqualTo(240);
        assertThat(info.path("peakPerMinute").asLong()).isEqualTo(120);
    }

    @Test
    void shouldSampleAndScale() {
        Path sample = folder.resolve("sample.csv");
        JsonNode sampled = json(
                Cli.run("trace", "sample", trace.toString(), "--functions", "2", "--out", sample.toString(), "--json"));
        assertThat(sampled.path("functions").asInt()).isEqualTo(2);
        assertThat(sampled.path("ofFunctions").asInt()).isEqualTo(6);
        assertThat(sampled.path("distance").asDouble())
                .isLessThanOrEqualTo(sampled.path("randomDistance").asDouble());
        Path scaled = folder.resolve("scaled.csv");
        JsonNode more = json(Cli.run(
                "trace",
                "scale",
                sample.toString(),
                "--rate",
                "3",
                "--time",
                "2",
                "--out",
                scaled.toString(),
                "--json"));
        assertThat(more.path("invocations").asLong()).isEqualTo(240);
        assertThat(more.path("durationSec").asDouble()).isBetween(233.0, 239.5);
    }

    @Test
    void shouldSynthesizeTheSameBytesForTheSameSeed() throws IOException {
        byte[] one = synthesized("one.csv", "7");
        assertThat(one).isEqualTo(synthesized("two.csv", "7")).isNotEqualTo(synthesized("three.csv", "8"));
        assertThat(new String(one, StandardCharsets.UTF_8))
                .startsWith("function,start_ms,duration_ms,memory_mb,app,init_ms\nsynthetic-");
    }

    private byte[] synthesized(String name, String seed) throws IOException {
        Path out = folder.resolve(name);
        Cli cli = Cli.run(
                "trace",
                "synthesize",
                "--functions",
                "20",
                "--duration",
                "1m",
                "--rate",
                "5",
                "--seed",
                seed,
                "--out",
                out.toString());
        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).startsWith("trace: " + out).contains("seed: " + seed);
        return Files.readAllBytes(out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trace | Missing required subcommand",
                "trace mend | mend",
                "trace info | TRACE",
                "trace info /no/such.csv | /no/such.csv: cannot be read: no such file or directory",
                "trace info T --format guess | format: 'guess', must be one of auto, azure2019",
                "trace info T --arrivals soon | arrivals: 'soon', must be one of poisson, uniform, equidistant, bursty",
                "trace info T --duration soon | 'soon' is not a duration such as 100ms, 60s or 10m",
                "trace convert T | --out",
                "trace convert T --out T | t.csv: is there already, must be new",
                "trace convert T --out F/x --to ibm | format: 'ibm', must be one of csv, azure2019",
                "trace convert T --out /proc/x/y.csv | /proc/x/y.csv: cannot be written",
                "trace sample T --out F/x | --functions",
                "trace sample T --out F/x --functions 7 | functions: '7', must be at most the trace's 6",
                "trace sample T --out F/x --functions 0 | functions: '0', must be 1..1000000",
                "trace sample T --out F/x --functions 2 --trials 0 | trials: '0', must be 1..100000",
                "trace scale T --out F/x --rate 0 | rate: '0.0', must be 0.000001..1000",
                "trace scale T --out F/x --time -1 | time: '-1.0', must be 0.000001..1000",
                "trace synthesize --out F/x --functions 0 | functions: '0.0', must be 1.0..100000.0",
                "trace synthesize --out F/x --arrivals odd | arrivals: 'odd', must be one of mixed, poisson",
                "trace synthesize --out F/x --cdfs /no | /no/execTimeCDF.csv: cannot be read",
            })
    void shouldRefuse(String line, String part) throws IOException {
        String command = line.strip()
                .replace(" T", " " + trace)
                .replace("F/x", folder.resolve("new.csv").toString());
        Cli cli = Cli.run(command.split(" "));
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("thaw: ")
                .contains(part.strip());
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.out()).isEmpty();
        assertNothingWritten();
    }

    private void assertNothingWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.equals(trace))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"convert,x", "convert,-1", "convert,NaN", "scale,1e999", "sample,"})
    void shouldLeaveNothingOfABrokenTrace(String verb, String start) throws IOException {
        Files.writeString(
                trace, Files.readString(trace) + "f1," + (start == null ? "" : start) + ",1,128\nf2,3,1,128\n");
        String out = folder.resolve("new.csv").toString();
        List<String> command = List.of("trace", verb, trace.toString(), "--out", out);
        String[] line = verb.equals("sample")
                ? Stream.concat(command.stream(), Stream.of("--functions", "2")).toArray(String[]::new)
                : command.toArray(String[]::new);
        Cli refused = Cli.run(line);
        assertThat(refused.errLines())
                .containsExactly("thaw: " + trace + ":242: start_ms: '" + (start == null ? "" : start)
                        + "', must be a number 0..31622400000");
        assertThat(refused.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertNothingWritten();
        String[] skipping = Stream.concat(Stream.of(line), Stream.of("--skip-broken-rows", "--json"))
                .toArray(String[]::new);
        JsonNode said = json(Cli.run(skipping));
        assertThat(said.path("brokenRows").asLong()).isEqualTo(1);
    }

    @Test
    void shouldLeaveNothingOfAnArchiveThatEndsTooSoon() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(Files.readAllBytes(trace));
        }
        Files.write(trace, Arrays.copyOf(zipped.toByteArray(), zipped.size() - 20));
        Cli cli = Cli.run(
                "trace",
                "convert",
                trace.toString(),
                "--skip-broken-rows",
                "--out",
                folder.resolve("new.csv").toString());
        assertThat(cli.errLines()).singleElement().asString().startsWith("thaw: " + trace + ": cannot be read: ");
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertNothingWritten();
    }
}
