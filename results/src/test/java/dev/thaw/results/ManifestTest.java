package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ManifestTest {
    @TempDir
    private Path runs;

    @Test
    void shouldHoldWhatIsNeededToRunAgain() throws IOException {
        Path bundle = new SyntheticRun(1, 1, 1).record("a b/c", runs).bundle();
        JsonNode manifest = RunBundle.load(bundle).manifest();

        assertThat(manifest.path("schema").asInt()).isEqualTo(1);
        assertThat(manifest.path("id").asString())
                .matches("\\d{8}T\\d{9}Z-a-b-c")
                .isEqualTo(bundle.getFileName() + "");
        assertThat(manifest.path("name").asString()).isEqualTo("a b/c");
        assertThat(manifest.path("command").asString()).isEqualTo("thaw replay trace.csv --duration 60s");
        assertThat(manifest.path("configuration").path("keepAlive").asString()).isEqualTo("10m");
        assertThat(manifest.path("seed").asLong()).isEqualTo(42);
        assertThat(manifest.path("backend").asString()).isEqualTo("process");
        assertThat(manifest.path("isolation").asString()).contains("degraded");
        assertThat(manifest.path("isolationFeatures").path("seccomp filter").asString())
                .startsWith("missing: ");
        assertThat(manifest.path("emulated").asBoolean(true)).isFalse();
    }

    @Test
    void shouldNameTheHost() throws IOException {
        JsonNode host = RunBundle.load(
                        new SyntheticRun(1, 1, 1).record("host", runs).bundle())
                .manifest()
                .path("host");

        for (String key : List.of(
                "cpuModel",
                "cpuFlags",
                "cores",
                "architecture",
                "kernel",
                "governor",
                "hypervisor",
                "clockSource",
                "memoryMib",
                "jdk",
                "jdkArguments",
                "gc",
                "maxHeapMib")) {
            assertThat(host.path(key).isString()).as(key).isTrue();
        }
        assertThat(host.path("jdk").asString()).contains(Runtime.version().toString());
        assertThat(host.path("memoryMib").asString()).matches("\\d+");
    }

    /** A commit of this repository, or plainly unknown: never empty, never of another repository's shape. */
    @Test
    void shouldNameTheCommitOrSayUnknown() {
        assertThat(BuildCommit.find()).matches("[0-9a-f]{40}(\\+changes)?|unknown");
    }
}
