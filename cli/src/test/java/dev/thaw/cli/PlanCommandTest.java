package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code thaw plan} as its user meets it, on a generated trace. */
@Tag("slow")
final class PlanCommandTest {
    private static final String FEW = "--keep-alive=lru,hybrid-histogram";

    @TempDir
    private Path directory;

    private Path trace = Path.of("");

    @BeforeEach
    void synthesize() {
        trace = directory.resolve("made.csv");
        Cli cli = Cli.run(
                "trace",
                "synthesize",
                "--functions",
                "40",
                "--duration",
                "1h",
                "--rate",
                "1.5",
                "--seed",
                "3",
                "--out",
                trace.toString());
        assertThat(cli.exit()).as(cli.err()).isZero();
    }

    private Cli plan(String objective, String... more) {
        List<String> arguments = new ArrayList<>(List.of("plan", trace.toString(), "--objective", objective));
        arguments.addAll(List.of("--runs", directory.resolve("runs").toString()));
        arguments.addAll(List.of("--host-memory", "1GiB", "--host-vcpus", "2", "--max-hosts", "16"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private static RunBundle bundle(Cli cli) throws IOException {
        assertThat(cli.err()).isEmpty();
        return cli.bundle();
    }

    @Test
    void shouldSayWhichFleetHowSureAndWhatALostHostBreaks() throws IOException {
        Cli cli = plan("added-p99<2s,cold<5%", "--host-price", "0.1", "--cpu-part", "50");

        assertThat(cli.exit()).as(cli.out() + cli.err()).isZero();
        RunBundle bundle = bundle(cli);
        JsonNode summary = bundle.summary();
        int hosts = summary.path("fleet").path("hosts").asInt();
        assertThat(summary.path("holds").asBoolean()).isTrue();
        assertThat(summary.path("fleet").path("figures").path("coldPercent").asDouble())
                .isLessThan(5);
        assertThat(summary.path("oneFewer").path("broken").size()).isPositive();
        assertThat(summary.path("oneMore").path("hosts").asInt()).isEqualTo(hosts + 1);
        for (String answer : List.of("coldPercent", "p99Ms", "usd")) {
            JsonNode interval = summary.path("figures").path(answer);
            assertThat(interval.path("value").asDouble())
                    .isBetween(
                            interval.path("low").asDouble(),
                            interval.path("high").asDouble());
        }
        assertThat(summary.path("figures").path("hostsUsd").path("value").asDouble())
                .isPositive();
        assertThat(summary.path("bound").path("lruMib").asLong()).isPositive();
        assertThat(cli.out())
                .contains(
                        "objectives: added-p99<2s, cold<5%, throttled=0",
                        "bound: cold<5%: ",
                        "plan: " + (hosts == 1 ? "1 host" : hosts + " hosts") + " of 1 GiB and 2 vCPUs, keep-alive ",
                        "| hosts | " + hosts + " | ",
                        "a host lost (",
                        "N+1: " + (hosts + 1) + " hosts",
                        "50 % of durations are assumed to be CPU",
                        "intervals: 95 %, by drawing the trace's time again");
        assertThat(Files.readString(bundle.directory().resolve("report.html")))
                .contains("data-chart=\"curve\"", "What it does", "Memory by function");
    }

    @Test
    void shouldWriteTheSameBytesTwiceAndGoOnFromWhatIsKept() throws IOException {
        RunBundle once = bundle(plan("cold<5%", FEW));
        RunBundle again = bundle(plan("cold<5%", FEW));
        byte[] bytes = Files.readAllBytes(once.directory().resolve("summary.json"));
        assertThat(again.directory()).isNotEqualTo(once.directory());
        assertThat(again.directory().resolve("summary.json")).hasBinaryContent(bytes);

        List<Path> cells = cells(again);
        FileTime before = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(cells.getFirst(), before);
        Files.delete(cells.getLast());
        Files.delete(again.directory().resolve("summary.json"));
        RunBundle resumed = bundle(plan("cold<5%", FEW, "--resume=" + again.directory()));

        assertThat(resumed.directory()).isEqualTo(again.directory());
        assertThat(resumed.directory().resolve("summary.json")).hasBinaryContent(bytes);
        assertThat(Files.getLastModifiedTime(cells.getFirst())).isEqualTo(before);
        assertThat(cells(resumed)).isEqualTo(cells);
        Cli other = plan("cold<4%", FEW, "--resume=" + again.directory());
        assertThat(other.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(other.err()).contains("objective: is 'cold<4%', must be 'cold<5%' as when it began");
    }

    private static List<Path> cells(RunBundle bundle) throws IOException {
        try (Stream<Path> files = Files.list(bundle.directory().resolve("cells"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void shouldAskEachSettingOnce() throws IOException {
        RunBundle bundle = bundle(plan("cold<50%", "--keep-alive=lru", "--placement=mru", "--provisioned=1,1"));

        JsonNode trials = bundle.summary().path("trials");
        assertThat(cells(bundle)).hasSize(trials.size()).isNotEmpty();
    }

    @Test
    void shouldSayWhatCannotBeHeldAndTheBestThatWasReached() throws IOException {
        Cli cli = plan("cold<0.01%", "--keep-alive", "lru,1m");

        assertThat(cli.exit()).isEqualTo(Main.EXIT_OVER_BUDGET);
        assertThat(cli.out())
                .contains(
                        "impossible: cold<0.01%: the first invocation of each function is cold",
                        "no plan within 16 hosts; the best reached: 16 hosts", "breaks: cold<0.01% (");
        JsonNode verdict = bundle(cli).summary().path("verdict");
        assertThat(verdict.path("withinBudget").asBoolean()).isFalse();
        assertThat(verdict.path("overBudget").size()).isEqualTo(1);
    }

    @Test
    void shouldLeaveNothingOfABrokenTrace() throws IOException {
        Files.writeString(trace, "function,start_ms,duration_ms\nf,1,NaN\n");

        Cli cli = plan("cold<5%", FEW);

        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.errLines()).singleElement().asString().contains("made.csv:2");
        assertThat(directory.resolve("runs"))
                .satisfiesAnyOf(
                        folder -> assertThat(folder).doesNotExist(),
                        folder -> assertThat(folder).isEmptyDirectory());
    }
}
