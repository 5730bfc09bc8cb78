package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.loadgen.trace.derive.TraceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many rows each file of a trace has, in every format: broken ones count, headers and blank lines do not. */
final class TraceRowsTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** By the paths inside the folder. */
    private Map<String, Long> rows(Path path) {
        TraceInfo info = TraceInfo.of(
                Trace.open(path, TraceFormat.AUTO, TraceOptions.defaults().withSkipBrokenRows(true)));
        Map<String, Long> rows = new HashMap<>();
        info.rowsByFile()
                .forEach((file, count) ->
                        rows.put(folder.relativize(Path.of(file)).toString(), count));
        assertThat(info.rows())
                .isEqualTo(rows.values().stream().mapToLong(count -> count).sum());
        return rows;
    }

    @Test
    void shouldCountRowsOfOneFileForEachInvocation() throws IOException {
        assertThat(rows(write("t.csv", "function,start_ms,duration_ms\nf,1,1\n\nf,x,1\nf,1\n\"f\ng\",2,1\n")))
                .containsExactly(Map.entry("t.csv", 4L));
        assertThat(rows(write("a.csv", "app,func,end_timestamp,duration\na,f,2,1\na,f,-1,1\n")))
                .containsExactly(Map.entry("a.csv", 2L));
    }

    @Test
    void shouldCountRowsOfFilesThatAreReadTwice() throws IOException {
        assertThat(rows(write("l.csv", "TIMESTAMP,ContextTokens\n2023-11-16 18:15:46.68,3\nnever,1\n")))
                .containsExactly(Map.entry("l.csv", 2L));
        assertThat(rows(write(
                        "requests.csv",
                        "time_frontend,funcName,userID,runtimeCost,podID\n1,f,u,1,pool1-1-128\n2,f,u,1,pool1-1-128\n")))
                .containsExactly(Map.entry("requests.csv", 2L));
        assertThat(rows(write(
                        "cold.csv", "day,time,funcName,userID,totalCost_cold_start,podID\n1,2,f,u,1,pool1-1-128\n")))
                .containsExactly(Map.entry("cold.csv", 1L));
        write("app_configs.csv", "NamespaceHash,AppHash,AppContainerRequestMemory\nn,a,1\nn,b,1\nn,c,1\n");
        assertThat(rows(write(
                        "ibm.csv",
                        "NamespaceHash,AppHash,InvocationTimes,AppExecTimes\nn,a,[1 2],[3 4]\nn,b,[1],[2]\n")))
                .containsOnly(Map.entry("ibm.csv", 2L), Map.entry("app_configs.csv", 3L));
    }

    @Test
    void shouldCountRowsOfIluvatarAndItsMetadata() throws IOException {
        write("meta.csv", "func_name,cold_dur_ms,warm_dur_ms,mem_mb\nf,2,1,128\ng,2,1,128\n");
        assertThat(rows(write("i.csv", "func_name,invoke_time_ms\nf,1\nf,2\nh,3\n")))
                .containsOnly(Map.entry("i.csv", 3L), Map.entry("meta.csv", 2L));
    }

    @Test
    void shouldCountRowsOfEachDayOfAzure2019AndOfWhatLiesBesideIt() throws IOException {
        String header = "HashOwner,HashApp,HashFunction,Trigger,1,2\n";
        write("invocations_per_function_md.anon.d01.csv", header + "o,p,f,http,1,1\no,p,g,http,0,0\n");
        write("invocations_per_function_md.anon.d02.csv", header + "o,p,f,http,1,-1\no,p,g,http,0,2\no,p,h,http,1,0\n");
        write("app_memory_percentiles.anon.d01.csv", "HashOwner,HashApp,SampleCount,AverageAllocatedMb\no,p,1,300\n");
        assertThat(rows(folder))
                .containsOnly(
                        Map.entry("invocations_per_function_md.anon.d01.csv", 2L),
                        Map.entry("invocations_per_function_md.anon.d02.csv", 3L),
                        Map.entry("app_memory_percentiles.anon.d01.csv", 1L));
    }

    @Test
    void shouldCountEntriesOfJsonBesideInVitroAndFaasrail() throws IOException {
        write("v/invocations.csv", "HashOwner,HashApp,HashFunction,Trigger,1\no,p,f,http,3\n");
        write("v/mapper_output.json", "{\"fop\": {\"proxy-function\": \"x\"}, \"gop\": {\"proxy-function\": \"y\"}}");
        assertThat(rows(folder.resolve("v")))
                .containsOnly(Map.entry("v/invocations.csv", 1L), Map.entry("v/mapper_output.json", 2L));
        write("workload_pool_a.json", "[{\"mem_mib\":3,\"bench\":\"aes\"},{\"mem_mib\":3,\"bench\":\"b\"}]");
        assertThat(rows(write("s.csv", "avg,mapped_wreq,1\n31,\"{\"\"bench\"\": \"\"aes\"\"}\",2\n7,x,1\n")))
                .containsOnly(Map.entry("s.csv", 2L), Map.entry("workload_pool_a.json", 2L));
    }

    @Test
    void shouldCountRowsOfEachOfHuaweisSeries() throws IOException {
        write("requests_minute/day_000.csv", "day,time,0\n0,0,2\n0,60,x\n0,120,1\n");
        write("requests_minute/day_001.csv", "day,time,0\n1,86400,2\n");
        write("function_delay_minute/day_000.csv", "day,time,0\n0,0,1\n0,60,1\n0,120,1\n");
        write("memory_limit_minute/day_000.csv", "day,time,0\n0,0,256\n0,60,256\n");
        assertThat(rows(folder))
                .containsOnly(
                        Map.entry("requests_minute/day_000.csv", 3L),
                        Map.entry("requests_minute/day_001.csv", 1L),
                        Map.entry("function_delay_minute/day_000.csv", 3L),
                        Map.entry("memory_limit_minute/day_000.csv", 2L));
    }

    /** What is read of a part. */
    @Test
    void shouldCountOnlyDaysThatAreInThePart() throws IOException {
        String header = "HashOwner,HashApp,HashFunction,Trigger,1\n";
        write("invocations_per_function_md.anon.d01.csv", header + "o,p,f,http,1\n");
        write("invocations_per_function_md.anon.d02.csv", header + "o,p,f,http,1\no,p,g,http,0\n");
        Trace trace =
                Trace.open(folder, TraceFormat.AUTO, TraceOptions.defaults().withWindowNs(Trace.MINUTE_NS));
        assertThat(trace.rowsByFile().values()).containsExactly(1L);
    }
}
