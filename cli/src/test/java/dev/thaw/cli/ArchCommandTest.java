package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.cli.kernels.KernelComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verb with real builds: all kernels, all instruction sets that this host can run or emulate. */
@Tag("slow")
final class ArchCommandTest {
    @TempDir
    private static Path runs;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireArm64();
    }

    private static JsonNode summary(Cli cli) throws IOException {
        Path bundle = cli.bundle().directory();
        assertThat(bundle.resolve("manifest.json")).exists();
        assertThat(bundle.resolve("report.html")).exists();
        return JsonMapper.shared().readTree(Files.readString(bundle.resolve("summary.json")));
    }

    private static List<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    @Test
    void shouldGiveTheSameChecksumsInEveryBuildOfEveryArchitecture() throws IOException {
        Cli cli = Cli.run("arch", "--passes", "0", "--runs", runs.toString());
        JsonNode summary = summary(cli);

        assertThat(cli.exit()).isZero();
        assertThat(each(summary.path("kernels")).stream()
                        .map(each -> each.path("name").asString()))
                .containsExactlyElementsOf(KernelComparison.kernels());
        for (JsonNode kernel : summary.path("kernels")) {
            List<String> builds = new ArrayList<>();
            for (JsonNode build : kernel.path("builds")) {
                assertThat(build.path("checksum").asString())
                        .as("%s in %s", kernel.path("name"), build.path("build"))
                        .isEqualTo(kernel.path("checksum").asString());
                assertThat(build.path("unitsPerSecond").isNull()).isTrue();
                builds.add(build.path("build").asString());
            }
            assertThat(builds)
                    .contains("x86_64-scalar", "x86_64-sse2", "arm64-scalar", "arm64-neon")
                    .contains("arm64-sve-128", "arm64-sve-256", "arm64-sve-2048")
                    .contains("java-scalar", "java-auto", "java-vector");
        }
        assertThat(summary.path("emulation").asString()).isEqualTo("mixed");
        shouldContainTheInstructionsThatItIsNamedAfter(summary);
    }

    /** Read back from the disassembly: scalar builds have none, the others have their own in every kernel. */
    private static void shouldContainTheInstructionsThatItIsNamedAfter(JsonNode summary) {
        for (JsonNode kernel : summary.path("kernels")) {
            for (JsonNode build : kernel.path("builds")) {
                JsonNode counts = build.path("instructions");
                String name = kernel.path("name").asString() + " in "
                        + build.path("build").asString();
                switch (build.path("build").asString()) {
                    case "x86_64-scalar" -> assertThat(vectors(counts)).as(name).isEmpty();
                    case "x86_64-sse2" -> assertThat(vectors(counts)).as(name).containsExactly("xmm");
                    case "x86_64-avx2" ->
                        assertThat(vectors(counts)).as(name).contains("ymm").doesNotContain("zmm");
                    case "x86_64-avx512" -> assertThat(vectors(counts)).as(name).contains("zmm");
                    case "arm64-scalar" -> assertThat(vectors(counts)).as(name).isEmpty();
                    case "arm64-neon" -> assertThat(vectors(counts)).as(name).containsExactly("v");
                    // The compiler prefers NEON where it expects no gain.
                    case "arm64-sve-256" -> assertThat(vectors(counts)).as(name).containsAnyOf("v", "z");
                    default -> {}
                }
            }
        }
    }

    private static Set<String> vectors(JsonNode counts) {
        assertThat(counts.path("all").asInt()).isPositive();
        Set<String> classes = new TreeSet<>(Set.of("xmm", "ymm", "zmm", "v", "z"));
        classes.removeIf(each -> counts.path(each).asInt(0) == 0);
        return classes;
    }

    @Test
    void shouldTimeNativeBuildsInTurnsAndLeaveEmulatedOnesOut() throws IOException {
        Cli cli = Cli.run(
                ("arch --kernels blur,copy --builds x86_64-scalar,x86_64-sse2,arm64-neon,java-auto --passes 1 --rounds 6"
                                + " --round-time 1ms --seed 3 --name few --runs " + runs)
                        .split(" "));
        JsonNode summary = summary(cli);

        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).contains("blur: checksum", "all agree", "M pixels/s", "emulated");
        for (JsonNode kernel : summary.path("kernels")) {
            JsonNode builds = kernel.path("builds");
            assertThat(builds.size()).isEqualTo(4);
            for (JsonNode build : builds) {
                boolean emulated = build.path("build").asString().equals("arm64-neon");
                assertThat(build.path("emulated").asBoolean()).isEqualTo(emulated);
                assertThat(build.path("unitsPerSecond").isNull()).isEqualTo(emulated);
                assertThat(build.path("unitsPerSecond").path("rounds").size()).isEqualTo(emulated ? 0 : 6);
            }
            assertThat(builds.path(1)
                            .path("ratioTo")
                            .path("x86_64-scalar")
                            .path("median")
                            .asDouble())
                    .isPositive();
        }
    }

    @Test
    void shouldRunTheSameKernelsInFunctionsOfBothArchitectures() throws IOException {
        Host.requireAvx2();
        try (RunningServer server = RunningServer.start(
                runs.resolve("server"),
                _ -> {},
                Functions.of("sse2", "x86_64", "kernel", 512),
                Functions.of("avx2", "x86_64-avx2", "kernel", 512),
                Functions.of("neon", "arm64", "kernel", 512))) {
            for (String kernel : KernelComparison.kernels()) {
                List<String> checksums = new ArrayList<>();
                for (String build : List.of("sse2", "avx2", "neon")) {
                    JsonNode answer = JsonMapper.shared()
                            .readTree(server.invoke(build, "{\"kernel\":\"" + kernel + "\"}")
                                    .text());
                    assertThat(answer.path("build").asString()).isEqualTo(build);
                    assertThat(answer.path("kernel").asString()).isEqualTo(kernel);
                    checksums.add(answer.path("checksum").asString());
                }
                assertThat(checksums.getFirst()).hasSize(16);
                assertThat(Set.copyOf(checksums)).hasSize(1);
            }
        }
    }
}
