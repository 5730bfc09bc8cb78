package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong use of any verb: one line that names what, where, value and bound, and exit code 2. */
@Timeout(60) // a server that starts after all would never end
final class WrongUseTest {
    @TempDir
    private Path directory;

    /** One line that says all of this. */
    private static void assertRefused(Cli cli, String... parts) {
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("thaw: ")
                .contains(parts)
                .doesNotContain("Exception", "java.");
        assertThat(cli.out()).isEmpty();
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serve --no-such-flag | '--no-such-flag'",
                "fly | fly",
                "serve --port many | --port",
                "serve --keep-alive soon | --keep-alive: 'soon', must be one of fixed-ttl[:10m], lru, greedy-dual",
                "serve --host-memory 12 | '12' is not a memory size such as 512MiB or 16GiB",
                "serve --host 0.0.0.0 | --host: 0.0.0.0 is not a loopback address: give --auth FILE, or --bind-without-auth",
                "serve --auth /no/such/keys | --auth: /no/such/keys: is not there",
                "serve --layout both | --layout: 'both', must be fused or dedicated",
                "serve --backend magic | --backend: 'magic', must be auto, process or microvm",
                "serve --without NOTHING | --without",
                "serve --port 70000 | 70000",
                "serve --scaling fast | --scaling: 'fast', must be one of function, regional[:3000], none",
                "serve --placement bounded-hash:0 | --placement: bounded-hash: '0', must be 1..1000",
                "serve --queueing lifo | --queueing: 'lifo', must be one of fifo, shortest-expected",
                "serve --scaling regional:0 | --scaling: regional: '0', must be 1..999999",
                "serve --autoscale echo=1 | 'echo=1', must be NAME[:QUALIFIER]=MIN..MAX[@TARGET]",
                "serve --autoscale echo=3..2 | bounds are 3..2, must be 0 or more, upwards",
                "serve --autoscale echo=1..2@1.5 | target is 1.5, must be above 0, up to 1",
                "serve --account-concurrency 0 | accountConcurrency is 0, must be 1 or more",
                "serve --cpu-period 1ms | cpuPeriodUs is 1000, must be 14000 to 1000000",
                "serve --fault crash@shutdown:1% | 'crash@shutdown' is no fault, must be one of delay@init",
                "serve --fault crash@invoke:101% | crash@invoke: rate 101.0%, must be above 0% and at most 100%",
                "serve --fault crash@init:60% --fault hang@init:60% | the rates of this phase add up to 120.0%",
                "invoke | FUNCTION",
                "invoke f --url 127.0.0.1:9001 | '127.0.0.1:9001' is not a URL such as http://127.0.0.1:9001",
                "invoke f --url http://:x/ | 'http://:x/' is not a URL such as",
                "load --function f --url https://127.0.0.1/ | 'https://127.0.0.1/' is not a URL such as",
                "load --target ftp://127.0.0.1/ | target: 'ftp://127.0.0.1/', must be http://host[:port][/path]",
                "load --target http://127.0.0.1:1/ --warm-up 0s | target: 'http://127.0.0.1:1', must accept connections: connection refused",
                "load --target http://no.such.host.invalid/ | 'no.such.host.invalid', must be a host that can be resolved",
                "invoke f --access-key AKID | --access-key: AKID is of no file, must come with --auth FILE",
                "invoke f --auth /no/such/keys | --auth: /no/such/keys: is not there",
                "replay /dev/null --auth /no/such/keys | --auth: is for a server that is there already",
                "replay /dev/null --url nowhere | 'nowhere' is not a URL such as",
                "load | --function",
                "load --function f --target http://x/ | --target",
                "load --target http://127.0.0.1:1/ --arrivals bursty | --arrivals: 'bursty', must be constant, poisson or uniform",
                "load --target http://127.0.0.1:1/ --rate 0 | rate",
                "load --target http://127.0.0.1:1/ --payload @/no/such/file | --payload: cannot read /no/such/file: no such file or directory",
                "invoke f --payload @/proc/self/task | --payload: cannot read /proc/self/task: Is a directory",
                "replay /proc | /proc: folder: has neither invocations.csv nor",
                "replay | TRACE",
                "replay /no/such/trace.csv | /no/such/trace.csv: cannot be read: no such file or directory",
                "replay /dev/null --format guess | guess",
                "simulate | TRACE",
                "simulate /no/such/trace.csv | /no/such/trace.csv: cannot be read: no such file or directory",
                "simulate /dev/null --keep-alive soon | --keep-alive: 'soon', must be",
                "simulate /dev/null --sharing all | --sharing: 'all', must be function or application",
                "simulate /dev/null --placement best | --placement: 'best', must be",
                "simulate /dev/null --model /no/such/model | /no/such/model: model: no such file",
                "simulate /dev/null --model /dev/null --cold-start 1s | --cold-start: is for a run without a model",
                "simulate /dev/null --cold-start soon | --cold-start: 'soon' is not a duration such as 100ms, 60s or 10m, nor trace",
                "simulate /dev/null --work none | --work: 'none', must be trace or model",
                "simulate /dev/null --failures init=2 | --failures: 'init=2', must be none, or create, init, exit, error",
                "simulate /dev/null --failures init=1%,init=2% | --failures: 'init=2%': init is there twice",
                "simulate /dev/null --failures exit=60%,error=60% | --failures: probability of fault exit + error is 1.2,",
                "simulate /dev/null --hosts 0 | --hosts: 0, must be 1 to 100000",
                "simulate /dev/null --host-vcpus 5000 | --host-vcpus: 5000, must be 1 to 4000",
                "simulate /dev/null --host-memory 18014398509481985GiB | '18014398509481985GiB' is not a memory size",
                "bakeoff /dev/null --seeds 5..1 | --seeds: '5..1', must go upwards",
                "bakeoff /dev/null --seeds many | --seeds: 'many', must be a number, or a range such as 1..5",
                "bakeoff /dev/null --keep-alive 10m,soon | --keep-alive: 'soon', must be",
                "plan /dev/null | --objective",
                "plan /no/such/trace.csv --objective cold<1% | /no/such/trace.csv: cannot be read: no such file or directory",
                "plan /dev/null --objective p98<1s | --objective: 'p98', must be one of cold, delayed, throttled, p50",
                "plan /dev/null --objective cold<1 | --objective: 'cold<1', bound must be a percentage such as 1%",
                "plan /dev/null --objective cold<1% --max-hosts 0 | --max-hosts: 0, must be 1 to 100000",
                "simulate /dev/null --provisioned few | --provisioned: 'few', must be none, a number",
                "plan /dev/null --objective cold<1% --provisioned few | --provisioned: 'few', must be none, a number",
                "plan /dev/null --objective cold<1% --prices mips | --prices: 'mips', must be x86_64 or arm64",
                "plan /dev/null --objective cold<1% --host-price -1 | --host-price: -1.0, must be 0 to 1000000",
                "plan /dev/null --objective cold<1% --memory-sizes 64 | --memory-sizes: 64, must be 128 to 10240",
                "plan /dev/null --objective cold<1% --memory-objective cold<1% | must be a latency from arrival",
                "plan /dev/null --objective cold<1% --cpu-part 101 | --cpu-part: 101.0, must be 0 to 100",
                "calibrate | RUN",
                "calibrate /no/such/run | /no/such/run: no such run",
                "calibrate --from-lambda-perf /no/such/file --runtime go | /no/such/file: cannot be read",
                "calibrate --from-lambda-perf /dev/null | --runtime: missing, must name one of the measurements",
                "fidelity /no/such/trace.csv | /no/such/trace.csv: cannot be read: no such file or directory",
                "fidelity /dev/null --live-runs 1 | --live-runs: 1, must be 2 to 1000",
                "report /no/such/run | no run at /no/such/run",
                "jmh NoSuchBenchmark | no benchmark matches 'NoSuchBenchmark'",
                "jmh [ | '[' is not a regular expression",
                "jmh Codec -- --no-such-flag | no-such-flag",
                "arch --kernels dots | --kernels: unknown kernel 'dots', known are dot, sha256",
                "arch --builds neon | --builds: unknown build 'neon', known are x86_64-scalar",
                "arch --rounds 0 | --rounds: 0, must be 1 to 1000",
                "arch --passes -1 | --passes: -1, must be 0 to 1000",
                "arch --round-time 20s | --round-time: 20000000000 ns, must be above 0 and at most 10s",
            })
    void shouldRefuse(String line, String part) {
        Path runs = directory.resolve("runs");
        String command = line.strip()
                .replaceFirst("^(load|replay|simulate|bakeoff|plan|fidelity|jmh|arch)\\b", "$1 --runs " + runs);

        assertRefused(Cli.run(command.split(" ")), part.strip());

        // Nothing that looks like a run.
        assertThat(runs)
                .satisfiesAnyOf(
                        folder -> assertThat(folder).doesNotExist(),
                        folder -> assertThat(folder).isEmptyDirectory());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f,0,10            | 3 | columns     | must be 4",
                "f,zero,10,128     | 3 | start_ms | zero",
                "f,5,-1,128        | 3 | duration_ms | -1",
                "f,5,1,none        | 3 | memory_mb | none",
                ",5,1,128          | 3 | function    | function",
            })
    void shouldNameTheRowOfATraceThatIsBad(String row, int number, String column, String value) throws IOException {
        Path trace = Files.writeString(
                directory.resolve("bad.csv"),
                "function,start_ms,duration_ms,memory_mb\nf,0,10,128\n" + row.strip() + "\nf,9,10,128\n");

        Cli cli = Cli.run("replay", trace.toString());

        assertRefused(cli, trace + ":" + number, column, value);
    }

    @Test
    void shouldRefuseATraceThatIsNone() throws IOException {
        Path binary = Files.write(directory.resolve("trace.csv"), new byte[] {0, 1, 2, (byte) 0xff, '\n', 3});

        assertRefused(Cli.run("replay", binary.toString()), binary.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MemorySize: 64 | 6 | MemorySize: 64",
                "Timeout: 901 | 6 | Timeout: 901",
                "Memory: 128 | 6 | Memory",
                "Handler: [a | 6 | not YAML",
                "Architectures: [mips] | 6 | mips",
            })
    void shouldNameTheLineOfATemplateThatIsBad(String property, int line, String part) throws IOException {
        Path template = Files.writeString(directory.resolve("template.yaml"), """
                Resources:
                  F:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: .
                      %s
                      Handler: f
                      Runtime: provided.al2023
                """.formatted(property));

        Cli cli = Cli.run("serve", "--port", "0", "--template", template.toString());

        String message = cli.err();
        assertRefused(cli, template + ":", part);
        // A list that is not closed ends where the next thing begins.
        assertThat(message).containsPattern(":(" + line + "|" + (line + 1) + "):");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"--schedule | nope=rate(1 minute)", "--bucket | nope=.", "--schedule | nope:live=rate(1 minute)"})
    void shouldRefuseToInvokeAFunctionThatIsNotThere(String option, String value) throws IOException {
        Path template = Files.writeString(directory.resolve("template.yaml"), "Resources: {}");

        Cli cli = Cli.run(
                "serve",
                "--port",
                "0",
                "--template",
                template.toString(),
                "--state",
                directory.toString(),
                option,
                value);

        assertRefused(cli, option + ": '" + value + "', must name a function of the template or of the state");
    }

    @Test
    void shouldRefuseATemplateThatIsMissing() {
        assertRefused(
                Cli.run("serve", "--template", "/no/such/template.yaml"),
                "/no/such/template.yaml: cannot be read: no such file or directory");
    }

    @Test
    void shouldRefuseATraceThatIsNotPackedAsItsNameSays() throws IOException {
        Path plain = Files.writeString(directory.resolve("trace.csv.gz"), "function,start_ms,duration_ms,memory_mb\n");

        assertRefused(
                Cli.run("replay", plain.toString()), plain + ": first bytes: '66756e63', must be those of gzip, 1f8b");
    }

    /** Exit code 1: nothing is wrong with the words. */
    private static void assertFailed(Cli cli, String line) {
        assertThat(cli.errLines()).containsExactly("thaw: " + line);
        assertThat(cli.exit()).isEqualTo(1);
    }

    @Test
    void shouldSayWhereBundlesCannotBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("runs"), "");

        assertFailed(
                Cli.run("load", "--target", "http://127.0.0.1:1/", "--runs", file.toString()),
                file + ": cannot write the run: exists and is not a directory");
    }

    @Test
    void shouldSayThatTheServerWentAway() throws Exception {
        try (ServerSocket hangsUp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    hangsUp.accept().close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            String url = "http://127.0.0.1:" + hangsUp.getLocalPort();

            Cli cli = Cli.run("invoke", "f", "--url", url);

            thread.join();
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("thaw: no answer from " + url + ": ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void shouldSayThatThereIsNoServer() {
        Cli cli = Cli.run("invoke", "echo", "--url", "http://127.0.0.1:1");

        assertFailed(cli, "no server at http://127.0.0.1:1: start one with 'thaw serve'");
    }

    @Test
    void shouldHelp() {
        assertThat(Arrays.asList(
                        Cli.run("--help").exit(),
                        Cli.run("--version").exit(),
                        Cli.run("replay", "--help").exit()))
                .containsOnly(0);
    }
}
