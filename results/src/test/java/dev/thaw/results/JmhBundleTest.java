package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class JmhBundleTest {
    private static final String RESULT = """
            [{"jmhVersion":"1.37","benchmark":"dev.thaw.jmh.InboxBenchmark.offer","mode":"avgt","threads":2,"forks":1,
              "jvmArgs":["-Xmx1g"],"jdkVersion":"25","measurementIterations":5,"params":{"queue":"mpsc"},
              "primaryMetric":{"score":12.3456,"scoreError":0.25,"scoreUnit":"ns/op"},
              "secondaryMetrics":{"gc.alloc.rate.norm":{"score":24.0}}},
             {"benchmark":"dev.thaw.jmh.InboxBenchmark.baseline","mode":"avgt",
              "primaryMetric":{"score":1.5,"scoreError":"NaN","scoreUnit":"ns/op"},
              "secondaryMetrics":{"·gc.alloc.rate.norm":{"score":0.5}}}]
            """;

    @TempDir
    private Path runs;

    @Test
    void shouldKeepScoreErrorUnitAndAllocation() throws IOException {
        Path directory = JmhBundle.write("inbox", "thaw jmh Inbox", RESULT, runs);

        JsonNode first = RunBundle.load(directory).summary().path("benchmarks").path(0);
        JsonNode second = RunBundle.load(directory).summary().path("benchmarks").path(1);

        assertThat(first.path("score").asDouble()).isEqualTo(12.3456);
        assertThat(first.path("error").asDouble()).isEqualTo(0.25);
        assertThat(first.path("unit").asString()).isEqualTo("ns/op");
        assertThat(first.path("allocatedBytesPerOp").asDouble()).isEqualTo(24);
        assertThat(first.path("params").path("queue").asString()).isEqualTo("mpsc");
        assertThat(second.path("error").isNull()).isTrue();
        assertThat(second.path("allocatedBytesPerOp").asDouble()).isEqualTo(0.5);
        assertThat(Files.readString(directory.resolve("jmh.json"))).isEqualTo(RESULT);
    }

    @Test
    void shouldRenderATable() throws IOException {
        Path directory = JmhBundle.write("inbox", "thaw jmh Inbox", RESULT, runs);

        assertThat(Files.readString(directory.resolve(Report.NAME)))
                .contains("InboxBenchmark.offer", "queue=mpsc", "12.346", "ns/op", "24.000");
    }

    @Test
    void shouldRefuseWhatIsNotAResult() {
        assertThatThrownBy(() -> JmhBundle.write("bad", "", "{}", runs))
                .hasMessage("JMH result: must be an array of benchmarks");
        assertThatThrownBy(() -> JmhBundle.write("bad", "", "[", runs)).hasMessageStartingWith("JMH result: not JSON");
    }
}
