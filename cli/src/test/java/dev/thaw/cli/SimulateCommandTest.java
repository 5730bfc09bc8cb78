package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.cli.virtual.MeasuredFunction;
import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.ModelFile;
import dev.thaw.cli.virtual.QuantileTable;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunRows;
import dev.thaw.results.SampleStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code thaw simulate} as its user meets it. */
final class SimulateCommandTest {
    @TempDir
    private Path directory;

    /** Ten minutes: one function always, one now and then, one in bursts. */
    private Path trace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 600_000; startMs += 1_000) {
            rows.append("often,").append(startMs).append(",120,256\n");
            if (startMs % 45_000 == 0) {
                rows.append("seldom,").append(startMs).append(",30,128\n");
            }
            if (startMs % 60_000 == 7_000) {
                for (int offsetMs = 0; offsetMs < 20; offsetMs++) {
                    rows.append("burst,").append(startMs + offsetMs).append(",400,512\n");
                }
            }
        }
        return Files.writeString(directory.resolve("own.csv"), rows);
    }

    private RunBundle simulate(String... more) throws IOException {
        return simulate(trace(), more);
    }

    private RunBundle simulate(Path trace, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("simulate", trace.toString()));
        arguments.addAll(List.of("--runs", directory.resolve("runs").toString()));
        arguments.addAll(List.of(more));
        Cli cli = Cli.run(arguments.toArray(String[]::new));
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).as(cli.out()).isZero();
        return cli.bundle();
    }

    @Test
    void shouldPriceProvisionedConcurrencyApart() throws IOException {
        JsonNode onDemand = simulate().summary();
        RunBundle bundle = simulate("--provisioned", "1");
        JsonNode summary = bundle.summary();

        assertThat(onDemand.path("costUsd").path("provisioned").isNull()).isTrue();
        JsonNode cost = summary.path("costUsd");
        JsonNode provisioned = cost.path("provisioned");
        double kept = provisioned.path("keptGbSeconds").asDouble();
        double ran = provisioned.path("ranGbSeconds").asDouble();
        double seconds = summary.path("virtual").path("endSeconds").asDouble();
        assertThat(kept).isCloseTo((256 + 128 + 512) / 1024.0 * seconds, within(1e-6));
        // Of twenty at once one finds the provisioned environment, and none of the others waits for it.
        assertThat(provisioned.path("invocations").asLong()).isEqualTo(600 + 14 + 10);
        assertThat(provisioned.path("spillovers").asLong()).isEqualTo(10 * 19);
        assertThat(ran).isPositive().isLessThan(summary.path("gbSeconds").asDouble());
        double ofIt = kept * 0.0000041667 + ran * 0.0000097222;
        assertThat(provisioned.path("usd").path("x86_64").asDouble()).isCloseTo(ofIt, within(1e-12));
        assertThat(cost.path("whatIf").path("x86_64").asDouble())
                .isCloseTo((summary.path("gbSeconds").asDouble() - ran) * 0.0000166667 + ofIt, within(1e-12));
        assertThat(bundle.manifest().path("configuration").path("provisioned").asString())
                .isEqualTo("1");
        assertThat(Files.readString(bundle.directory().resolve("report.html")))
                .contains("of that provisioned concurrency, x86_64", "provisioned concurrency of each function");
    }

    @Test
    void shouldWriteTheSameBytesTwice() throws IOException {
        Path first = simulate("--seed", "7", "--host-vcpus", "1").directory();
        Path second = simulate("--seed", "7", "--host-vcpus", "1").directory();

        for (String file : List.of(
                "summary.json", "latency.hlog", "phases.hlog", "seconds.csv", "fleet.csv", "invocations.csv.zst")) {
            assertThat(second.resolve(file)).as(file).hasSameBinaryContentAs(first.resolve(file));
        }
    }

    /** Many more cold starts, the same arrivals and the same work. */
    @Test
    void shouldMeetTheSameLoadUnderAnotherPolicy() throws IOException {
        RunBundle never = simulate("--keep-alive", "0ms", "--rows", "--host-vcpus", "64");
        RunBundle always = simulate("--keep-alive", "lru", "--rows", "--host-vcpus", "64");
        RunBundle elsewhere = simulate(
                "--keep-alive",
                "greedy-dual",
                "--placement",
                "least-loaded",
                "--hosts",
                "3",
                "--rows",
                "--host-vcpus",
                "64");

        assertThat(cold(never)).isGreaterThan(10 * cold(always));
        Map<String, List<Long>> work = work(never);
        assertThat(work).hasSizeGreaterThan(600).isEqualTo(work(always));
        assertThat(work(elsewhere)).isEqualTo(work);
    }

    private static long cold(RunBundle bundle) {
        return bundle.summary().path("coldStarts").path("triggered").asLong();
    }

    /** What each handler took, by function and arrival. */
    private static Map<String, List<Long>> work(RunBundle bundle) throws IOException {
        Map<String, List<Long>> all = new TreeMap<>();
        RunRows.read(
                bundle,
                (function, sample) -> all.computeIfAbsent(
                                function + "@" + sample.intendedStartNs, _ -> new ArrayList<>())
                        .add(sample.server.phasesNs[Phase.INVOKE.ordinal()]));
        return all;
    }

    /** A fifth of some eight hundred; which ones is the seed's, whatever the policy. */
    @Test
    void shouldFailAsOftenAsAsked() throws IOException {
        RunBundle never = simulate("--failures", "error=20%", "--keep-alive", "0ms", "--rows");
        RunBundle always = simulate("--failures", "error=20%", "--keep-alive", "lru", "--rows");
        RunBundle exits = simulate("--failures", "exit=20%", "--keep-alive", "lru", "--rows");

        Set<String> failed = failed(always);
        assertThat((double) failed.size() / work(always).size()).isBetween(0.15, 0.25);
        assertThat(failed(never)).isEqualTo(failed);
        assertThat(failed(exits)).isEqualTo(failed);
        assertThat(suppressed(exits)).as("a runtime that exits is started anew").isGreaterThan(failed.size() / 2);
        assertThat(suppressed(always)).isZero();
        assertThat(never.manifest().path("configuration").path("failures").asString())
                .isEqualTo("error=20%");
    }

    private static long suppressed(RunBundle bundle) throws IOException {
        long[] suppressed = {0};
        RunRows.read(bundle, (_, sample) -> suppressed[0] += sample.server.suppressedInit ? 1 : 0);
        return suppressed[0];
    }

    private static Set<String> failed(RunBundle bundle) throws IOException {
        Set<String> failed = new TreeSet<>();
        RunRows.read(bundle, (function, sample) -> {
            if (sample.status == SampleStatus.FUNCTION_ERROR) {
                failed.add(function + "@" + sample.intendedStartNs);
            }
        });
        return failed;
    }

    /** Two functions of one application, one after the other: the second finds an environment only where they share it. */
    @Test
    void shouldLetFunctionsOfAnApplicationShareEnvironments() throws IOException {
        Path trace = Files.writeString(
                directory.resolve("apps.csv"),
                "app,func,end_timestamp,duration\na,f,1.5,0.5\na,g,9.5,0.5\nb,f,19.5,0.5\n");

        assertThat(cold(simulate(trace, "--sharing", "function"))).isEqualTo(3);
        assertThat(cold(simulate(trace, "--sharing", "application"))).isEqualTo(2);
    }

    /** Twelve functions on six hosts that keep environments for a second: nearly all starts are cold. */
    @Test
    void shouldGainBySnapshotLocalityWhereHostsKeepSnapshots() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms\n");
        for (int row = 0; row < 1_200; row++) {
            rows.append("f")
                    .append(row * row % 12)
                    .append(',')
                    .append(row * 700)
                    .append(",1500\n");
        }
        Path trace = Files.writeString(directory.resolve("cold.csv"), rows);
        String[] hosts = {"--hosts", "6", "--cold-start", "300ms", "--keep-alive", "1s"};

        assertThat(initUs(trace, hosts, "--placement", "least-loaded")).isEqualTo(300_000);
        assertThat(initUs(trace, hosts, "--placement", "snapshot-locality")).isEqualTo(300_000);
        double anywhereUs = initUs(trace, hosts, "--placement", "least-loaded", "--local-snapshot", "20ms");
        double localUs = initUs(trace, hosts, "--placement", "snapshot-locality:1", "--local-snapshot", "20ms");
        assertThat(localUs).isLessThan(anywhereUs).isGreaterThanOrEqualTo(20_000);
    }

    private double initUs(Path trace, String[] hosts, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(hosts));
        arguments.addAll(List.of(more));
        JsonNode cold = simulate(trace, arguments.toArray(String[]::new))
                .summary()
                .path("phasesByStart")
                .path("cold")
                .path("meanUs");
        return cold.path("initRuntime").asDouble() + cold.path("initFunction").asDouble();
    }

    @Test
    void shouldHaveTheFiguresOfALiveRunAndOfItsFleet() throws IOException {
        RunBundle bundle = simulate("--cold-start", "300ms", "--hosts", "2", "--host-vcpus", "64");

        JsonNode summary = bundle.summary();
        assertThat(summary.path("kind").asString()).isEqualTo("simulate");
        assertThat(summary.path("backend").asString()).isEqualTo("simulated");
        assertThat(summary.path("invocations").path("planned").asLong()).isEqualTo(814);
        assertThat(summary.path("invocations").path("ok").asLong()).isEqualTo(814);
        assertThat(summary.path("functions").size()).isEqualTo(3);
        assertThat(summary.path("latencyUs").path("fromIntended").path("count").asLong())
                .isEqualTo(814);
        JsonNode cold = summary.path("phasesByStart").path("cold").path("meanUs");
        assertThat(cold.path("initFunction").asDouble()).isEqualTo(300_000);
        JsonNode virtual = summary.path("virtual");
        // Some were overtaken: another one was free before they were ready.
        assertThat(virtual.path("environmentsCreated").asLong()).isGreaterThanOrEqualTo(cold(bundle));
        assertThat(virtual.path("environmentsPrewarmed").asLong(-1)).isZero();
        assertThat(virtual.path("coldShare").asDouble()).isEqualTo(cold(bundle) / 814.0);
        assertThat(virtual.path("idleGbSeconds").asDouble()).isPositive();
        assertThat(virtual.path("addedUs").path("max").asDouble()).isBetween(300_000.0, 301_000.0);
        assertThat(Files.readString(bundle.directory().resolve("report.html")))
                .contains("Virtual time.", "every init takes 300.0 ms")
                .doesNotContain("Lateness certificate", "hiccup.hlog");
    }

    @Test
    void shouldSlowDownWhereTheCpuIsShort() throws IOException {
        RunBundle plenty = simulate("--host-vcpus", "64");
        RunBundle little = simulate("--host-vcpus", "1");

        double plentyUs = plenty.summary()
                .path("latencyUs")
                .path("fromIntended")
                .path("max")
                .asDouble();
        assertThat(little.summary()
                        .path("latencyUs")
                        .path("fromIntended")
                        .path("max")
                        .asDouble())
                .isGreaterThan(3 * plentyUs);
    }

    /** A cold start, then one that finds its environment frozen: every part of the model, once. */
    @Test
    void shouldAddUpWhatTheModelSays() throws IOException {
        RunBundle bundle = simulateByModel(
                Map.of("create", 10, "initRuntime", 20, "initFunction", 30, "thaw", 1, "overhead", 5, "outside", 2));

        List<Long> cpuUs = new ArrayList<>();
        RunRows.read(bundle, (_, sample) -> cpuUs.add(sample.server.cpuNs / 1_000));
        assertThat(latenciesMs(bundle)).containsExactly(10L + 20 + 30 + 100 + 5 + 2, 1L + 100 + 5 + 2);
        assertThat(cpuUs).containsExactly(10_500L, 10_500L);
        assertThat(bundle.manifest().path("configuration").path("model").asString())
                .isEqualTo("made up");
    }

    /** Where starts were measured as restores they are restores. */
    @Test
    void shouldRestoreWhatTheModelSaysWasRestored() throws IOException {
        assertThat(latenciesMs(simulateByModel(Map.of("create", 10, "restore", 40))))
                .containsExactly(40L + 100, 100L);
    }

    /** Models of cold starts alone do not say how long handlers work: no time would be a wrong answer. */
    @Test
    void shouldRefuseToTakeWorkFromAModelOfColdStarts() throws IOException {
        Path model = directory.resolve("model.json");
        ModelFile.write(MeasuredModel.ofColdStart(1_000_000), model);
        Path runs = directory.resolve("runs");

        Cli cli = Cli.run(
                "simulate",
                trace().toString(),
                "--model",
                model.toString(),
                "--work",
                "model",
                "--runs",
                runs.toString());

        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.errLines())
                .containsExactly(
                        "thaw: --work: model says nothing of how long handlers work (invoke), such as of often");
        assertThat(runs).doesNotExist();
    }

    private static List<Long> latenciesMs(RunBundle bundle) throws IOException {
        List<Long> latenciesMs = new ArrayList<>();
        RunRows.read(bundle, (_, sample) -> latenciesMs.add(sample.fromIntendedNs() / 1_000_000));
        return latenciesMs;
    }

    /** Two invocations of 100 ms, a second apart. */
    private RunBundle simulateByModel(Map<String, Integer> partsMs) throws IOException {
        Map<String, QuantileTable> tables = new TreeMap<>();
        partsMs.forEach((part, ms) -> tables.put(part, QuantileTable.constant(ms * 1_000_000L)));
        Path model = directory.resolve("model.json");
        ModelFile.write(
                new MeasuredModel(
                        MeasuredModel.SCHEMA,
                        "made up",
                        Map.of(),
                        0,
                        new MeasuredFunction("", 0, 100, tables),
                        List.of()),
                model);
        Path trace = Files.writeString(
                directory.resolve("two.csv"), "function,start_ms,duration_ms,memory_mb\nf,0,100,128\nf,1000,100,128\n");

        return simulate(trace, "--model", model.toString(), "--rows");
    }

    @Test
    void shouldTakeMemoryTimeoutAndReservationFromATemplate() throws IOException {
        Path template = Files.writeString(directory.resolve("template.yaml"), """
                Resources:
                  Burst:
                    Type: AWS::Serverless::Function
                    Properties:
                      FunctionName: burst
                      CodeUri: .
                      Handler: f
                      Runtime: provided.al2023
                      MemorySize: 1024
                      Timeout: 1
                      ReservedConcurrentExecutions: 5
                """);

        RunBundle bundle = simulate("--template", template.toString());

        JsonNode burst = function(bundle, "burst");
        assertThat(burst.path("memoryMib").asInt()).isEqualTo(1_024);
        assertThat(burst.path("throttled").asLong()).isEqualTo(10 * 15);
        assertThat(function(bundle, "often").path("throttled").asLong(-1)).isZero();
    }

    private static JsonNode function(RunBundle bundle, String name) {
        for (JsonNode function : bundle.summary().path("functions")) {
            if (function.path("name").asString().equals(name)) {
                return function;
            }
        }
        throw new AssertionError("no " + name);
    }
}
