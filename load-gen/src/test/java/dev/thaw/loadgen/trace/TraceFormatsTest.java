package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formats beyond those of {@link TraceTest}, each by the columns of its publication (anchors.md section 3). */
final class TraceFormatsTest {
    private static final TraceOptions ALL = TraceOptions.defaults();
    private static final String MEMORY_HEADER = "HashOwner,HashApp,SampleCount,AverageAllocatedMb\n";

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Trace open(Path path) {
        return Trace.open(path, TraceFormat.AUTO, ALL);
    }

    private static List<String> rows(Trace trace) {
        List<String> rows = new ArrayList<>();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            rows.add(trace.functions().get(c.function()).name() + " " + c.startNs() + " " + c.durationUs());
        }
        return rows;
    }

    /** Counts by function and minute. */
    private static int[][] counts(Trace trace, int minutes) {
        int[][] counts = new int[trace.functions().size()][minutes];
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            counts[c.function()][(int) (c.startNs() / MinuteTable.MINUTE_NS)]++;
        }
        return counts;
    }

    private void writeAzureDay(String day, String row) throws IOException {
        StringBuilder header = new StringBuilder("HashOwner,HashApp,HashFunction,Trigger");
        for (int minute = 1; minute <= 1_440; minute++) {
            header.append(',').append(minute);
        }
        write("invocations_per_function_md.anon." + day + ".csv", header + "\n" + row);
        write("app_memory_percentiles.anon." + day + ".csv", MEMORY_HEADER + "o,p,1,300\n");
    }

    private static String minutes(int minute, int count) {
        return ",0".repeat(minute) + "," + count + ",0".repeat(1_439 - minute) + "\n";
    }

    @Test
    void shouldReadAllDaysOfAzure2019OneAfterTheOther() throws IOException {
        writeAzureDay("d03", "o,p,f,http" + minutes(7, 3) + "o,p,g,http" + minutes(0, 1));
        writeAzureDay("d04", "o,p,g,http" + minutes(1_439, 2) + "o,p,h,http" + minutes(3, 0));
        writeAzureDay("d06", "o,p,f,http" + minutes(1, 1));
        Trace trace = open(folder);
        assertThat(trace.functions()).extracting(TraceFunction::name).containsExactly("p-f", "p-g");
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsOnly(300);
        assertThat(trace.summary().invocations()).isEqualTo(7);
        assertThat(trace.summary().durationNs()).isEqualTo(4 * 1_440 * MinuteTable.MINUTE_NS);
        int[][] counts = counts(trace, 4 * 1_440);
        assertThat(counts[0][7]).isEqualTo(3);
        assertThat(counts[1][0]).isEqualTo(1);
        assertThat(counts[1][2 * 1_440 - 1]).isEqualTo(2);
        assertThat(counts[0][3 * 1_440 + 1]).isEqualTo(1);
        assertThat(rows(trace)).hasSize(7).isEqualTo(rows(trace));
        Trace start = Trace.open(folder, TraceFormat.AUTO, ALL.withWindowNs(1_441 * MinuteTable.MINUTE_NS));
        assertThat(rows(start)).isEqualTo(rows(trace).subList(0, 4));
    }

    @Test
    void shouldReadDaysInTheOrderOfTheirNumbersAndEachOnce() throws IOException {
        writeAzureDay("d10", "o,p,f,http" + minutes(1, 1));
        writeAzureDay("d9", "o,p,f,http" + minutes(7, 3));
        int[][] counts = counts(open(folder), 2 * 1_440);
        assertThat(counts[0][7]).isEqualTo(3);
        assertThat(counts[0][1_441]).isEqualTo(1);

        Path again = write("invocations_per_function_md.anon.d9.csv.gz", "the same, packed");
        refuse(folder, again + ": day: '9', must be later than that of the file before");
    }

    /** What is no minute is not counted as one. */
    @Test
    void shouldRefuseColumnsThatAreNoMinutesOrThereTwice() throws IOException {
        String key = "HashOwner,HashApp,HashFunction,Trigger,";
        refuse(write("sum.csv", key + "1,2,Total\no,p,f,http,3,1,4\n"), "sum.csv:1: header: 'Total', must be minute 3");
        refuse(
                write("zero.csv", key + "0,1,2\no,p,f,http,3,1,4\n"),
                "zero.csv:1: header: '0', must be no minute, they begin with 1");
        refuse(
                write("t.csv", "function,start_ms,start_ms,duration_ms\nf,1,2,3\n"),
                "t.csv:1: header: 'function,start_ms,start_ms,duration_ms', must have column start_ms once");
        refuse(write("h.csv", "day,time,7,7\n0,0,1,2\n"), "h.csv:1: header: 'day,time,7,7', must have column 7 once");
        refuse(write("mixed.csv", key + "1,3,2\no,p,f,http,3,1,4\n"), "mixed.csv:1: header: '3', must be minute 2");
    }

    @Test
    void shouldRefuseAFunctionThatHasTwoRowsOfADay() throws IOException {
        Path file = write("t.csv", "HashOwner,HashApp,HashFunction,Trigger,1\no,p,f,http,3\no,p,f,timer,2\n");
        refuse(file, "t.csv:3: HashFunction: 'f', must be a function of no other row");
        Trace skipped = Trace.open(file, TraceFormat.AUTO, ALL.withSkipBrokenRows(true));
        assertThat(rows(skipped)).hasSize(3);
        assertThat(skipped.summary().brokenRows()).isEqualTo(1);
    }

    @Test
    void shouldNameInVitroFunctionsByTheMappersStandIns() throws IOException {
        write("invocations.csv", "HashOwner,HashApp,HashFunction,Trigger,1\no,p,f,http,3\no,p,g,timer,2\n");
        write("mapper_output.json", "{\"fop\": {\"proxy-function\": \"cartservice\"}}");
        Trace trace = open(folder);
        assertThat(trace.functions()).extracting(TraceFunction::name).containsExactly("cartservice-f", "p-g");
        assertThat(trace.functions()).extracting(TraceFunction::source).containsExactly("o/p/f", "o/p/g");
        assertThat(trace.summary().notes()).contains("1 functions are named by what In-Vitro's mapper found for them");
        write("mapper_output.json", "{\"fop\": {}}");
        refuse(folder, "mapper_output.json: fop: '{}', must have a proxy-function");
        write("mapper_output.json", "{");
        refuse(folder, "mapper_output.json: ");
    }

    @Test
    void shouldTakeFaasrailMemoryFromThePool() throws IOException {
        Path file = write("spec.csv", """
                avg,mapped_wreq,1,2
                31,"{""mean"": 3, ""bench"": ""aes-0f1"", ""payload"": ""x""}",2,1
                7,"{""mean"": 7, ""bench"": ""aes-0f2"", ""payload"": ""y""}",0,1
                """);
        write("workload_pool_a.json", "[{\"mean\":3,\"stdev\":1,\"mem_mib\":333,\"bench\":\"aes\",\"payload\":\"x\"}]");
        Trace trace = open(file);
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(333, 200);
        write("workload_pool_a.json", "[{\"mem_mib\":-5,\"bench\":\"aes\",\"payload\":\"x\"}]");
        refuse(file, "workload_pool_a.json: mem_mib: '-5', must be a number 0..1000000");
        write("workload_pool_a.json", "[]");
        refuse(write("spec.csv", "avg,mapped_wreq,1\n31,7,2\n"), "spec.csv:2: mapped_wreq: '7', must be a JSON object");
    }

    @Test
    void shouldStreamHuaweisSeriesOf2023WithDelaysAndMemory() throws IOException {
        write("p/requests_minute/day_000.csv", "day,time,0,5\n0,0,2.0,NaN\n0,60,,1\n");
        write("p/requests_minute/day_002.csv", "day,time,0,5\n2,172800,0,3\n");
        write("p/function_delay_minute/day_000.csv", "day,time,5,0\n0,0,nan,0.25\n0,60,1.5,\n");
        write("p/memory_limit_minute/day_000.csv", "day,time,0,5\n0,0,1024,\n0,60,1,600\n");
        write("p/instances_minute/day_000.csv", "day,time,0,5\n0,0,4,\n0,60,1,2\n");
        Trace trace = open(folder.resolve("p"));
        assertThat(trace.summary().format()).isEqualTo(TraceFormat.HUAWEI2023);
        assertThat(trace.functions()).extracting(TraceFunction::name).containsExactly("f0", "f5");
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(256, 300);
        assertThat(trace.summary().invocations()).isEqualTo(6);
        List<String> rows = rows(trace);
        assertThat(rows).hasSize(6).isEqualTo(rows(trace));
        assertThat(rows.subList(0, 2)).allMatch(row -> row.startsWith("f0 ") && row.endsWith(" 250000"));
        assertThat(rows.get(2)).startsWith("f5 ").endsWith(" 1500000");
        assertThat(counts(trace, 2_881)[1][2_880]).isEqualTo(3);
        Path second = write("requests_second/day_000.csv", "day,time,0\n0,0,1\n0,1,2\n0,3,4\n");
        int[] perSecond = new int[4];
        for (ArrivalCursor c = open(second).arrivals(); c.next(); ) {
            perSecond[(int) (c.startNs() / 1_000_000_000L)]++;
        }
        assertThat(perSecond).containsExactly(1, 2, 0, 4);
    }

    /** A row of requests keeps its invocations where what lies beside it is broken. */
    @Test
    void shouldLeaveOutBrokenRowsBesideHuaweisRequests() throws IOException {
        write("requests_minute/day_000.csv", "day,time,0,5\n0,0,2,1\n0,60,1,1\n");
        write("function_delay_minute/day_000.csv", "day,time,0,5\n0,0,0.25,slow\n0,x,1,1\n0,60,0.5,0.75\n");
        write("memory_limit_minute/day_000.csv", "day,time,0,5\n0,0,1024,-1\n0,60,256,600\n");
        refuse(folder, "memory_limit_minute/day_000.csv:2: 5: '-1', must be a number 0..1000000000");
        Trace trace = Trace.open(folder, TraceFormat.AUTO, ALL.withSkipBrokenRows(true));
        assertThat(trace.summary().brokenRows()).isEqualTo(3);
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(256, 600);
        List<String> rows = rows(trace);
        assertThat(rows).hasSize(5).isEqualTo(rows(trace));
        assertThat(rows.stream().map(row -> row.substring(0, 3) + row.substring(row.lastIndexOf(' ') + 1)))
                .containsExactlyInAnyOrder("f0 250000", "f0 250000", "f5 683861", "f0 500000", "f5 750000");
    }

    @Test
    void shouldRefuseHuaweisSeriesThatGoBack() throws IOException {
        Path file = write("requests_minute/day_000.csv", "day,time,0\n0,60,1\n0,0,1\n0,120,1\n");
        refuse(file, "day_000.csv:3: time: '0', must be the step's end of the row before, 120.0, or later");
        Trace skipped = Trace.open(file, TraceFormat.AUTO, ALL.withSkipBrokenRows(true));
        assertThat(skipped.summary().brokenRows()).isEqualTo(1);
        assertThat(skipped.summary().invocations()).isEqualTo(2);
        assertThat(rows(skipped)).hasSize(2);
    }

    private static final String HUAWEI_2025 = "time_worker,time_frontend,requestID,clusterName,funcName,podID,userID,"
            + "totalCost_worker,workerCost,runtimeCost,totalCost_frontend,frontendCost,busCost,readBodyCost,"
            + "writeRspCost,cpu_usage,memory_usage,requestBodySize\n";

    @Test
    void shouldReadHuaweisRequestsAndColdStartsOf2025() throws IOException {
        Path requests = write(
                "requests.csv",
                HUAWEI_2025
                        + "2600187.1,2600187.25,a,1,296,pool22-300-128-0000618412,224,0.03,0.01,0.02,0,0,0,0,0,0.2,32,9\n"
                        + "2600186.9,2600186.75,b,1,10,pool24-600-512-0000000001,7,0.03,0.01,0,0,0,0,0,0,0.2,32,9\n");
        Trace trace = open(requests);
        assertThat(trace.summary().format()).isEqualTo(TraceFormat.HUAWEI2025);
        assertThat(rows(trace))
                .containsExactly("user7-f10-pool24-600-512 0 0", "user224-f296-pool22-300-128 500000000 20000");
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(128, 512);
        assertThat(trace.summary().notes()).contains("starts are counted from the first, at 2600186.750 s");
        Path colds = write("cold.csv", """
                day,time,clusterName,funcName,userID,requestID,totalCost_cold_start,podAllocationCost,deployCodeCost,\
                deployDependencyCost,schedulingCost,podID
                1,51937.425,1,10,134,x,2.239314,0.02,0.04,0.4,1.7,pool24-600-512-0000577863
                1,51937.625,1,10,134,y,1.5,0.02,0.04,0.4,1.7,pool24-600-512-0000577864
                """);
        Trace cold = open(colds);
        assertThat(rows(cold))
                .containsExactly("user134-f10-pool24-600-512 0 683861", "user134-f10-pool24-600-512 200000000 683861");
        assertThat(cold.functions().getFirst().initUs()).isEqualTo(1_869_657);
        Path broken = write("broken.csv", HUAWEI_2025 + "1,1,a,1,296,pod-7,224,0.03,0.01,0.02,0,0,0,0,0,0.2,32,9\n");
        refuse(broken, "broken.csv:2: podID: 'pod-7', must be of the form poolN-MILLICORES-MEGABYTES-...");
    }

    @Test
    void shouldReadIbmsWeeksAsListsAndAsRows() throws IOException {
        write(
                "app_configs.csv",
                "NamespaceHash,AppHash,AppContainerRequestCpu,AppContainerRequestMemory\nn,a,1.0,0.5\n");
        Path lists = write("week_1.csv", """
                NamespaceHash,AppHash,NumEvents,InvocationTimes,AppExecTimes
                n,a,2,"[17.5, 12.0]","[3.25, 5]"
                n,b,1,[13.0],[0]
                """);
        Trace trace = open(lists);
        assertThat(trace.summary().format()).isEqualTo(TraceFormat.IBM);
        assertThat(rows(trace)).containsExactly("n-a 0 5000", "n-b 1000000000 0", "n-a 5500000000 3250");
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(512, 200);
        Path single = write(
                "week_2.csv",
                "NamespaceHash,AppHash,AppContainerRequestMemory,AppExecTimes,InvocationTimes\nn,c,\"[2, 4]\",7.5,3\n");
        assertThat(rows(open(single))).containsExactly("n-c 0 7500");
        assertThat(open(single).functions().getFirst().memoryMib()).isEqualTo(4_096);
        refuse(
                write("w.csv", "NamespaceHash,AppHash,InvocationTimes,AppExecTimes\nn,a,[1 2],[3]\n"),
                "w.csv:2: AppExecTimes: '[3]', must be as many as InvocationTimes, 2");
        refuse(
                write("v.csv", "NamespaceHash,AppHash,InvocationTimes,AppExecTimes\nn,a,[1 ... 2],[3]\n"),
                "v.csv:2: InvocationTimes: '[1 ... 2]', must be numbers 0..4200000000, '...' is not");
        Path pickle = Files.write(folder.resolve("week_3.pickle"), new byte[] {(byte) 0x80, 4, 0, 0, 0});
        refuse(pickle, "week_3.pickle: first bytes: '80040000', a pickle, must be exported to CSV first");
    }

    @Test
    void shouldReadAzuresRequestsToALanguageModel() throws IOException {
        Path file = write("llm.csv", """
                TIMESTAMP,ContextTokens,GeneratedTokens
                2023-11-16 18:15:46.6805900,374,44
                2023-11-16 18:15:50.9951690,396,109
                """);
        assertThat(rows(open(file))).containsExactly("llm 0 683861", "llm 4314579000 683861");
        refuse(
                write("b.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,1\n"),
                "b.csv:2: TIMESTAMP: 'yesterday', must be a time such as 2023-11-16 18:15:46.6805900");
    }

    @Test
    void shouldReadZstdByItsFirstBytesWhateverTheName() throws IOException {
        Path file = folder.resolve("t.csv");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(file))) {
            out.write("function,start_ms,duration_ms,memory_mb\nf,2.5,1.25,128\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(rows(open(file))).containsExactly("f 2500000 1250");
    }

    @Test
    void shouldKeepApplicationAndInitOfPlainRows() throws IOException {
        Path file = write(
                "t.csv", "function,start_ms,duration_ms,memory_mb,app,init_ms\nf,1,1,128,shop,12.5\ng,2,1,256,,\n");
        assertThat(open(file).functions())
                .containsExactly(new TraceFunction("f", "f", "shop", 128, 12_500), new TraceFunction("g", "g", 256));
    }

    private static void refuse(Path path, String message) {
        assertThatThrownBy(() -> open(path))
                .isInstanceOf(TraceException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }

    @Test
    void shouldReadTheRealSamplesWithWhatLiesBesideThem() {
        Trace invitro = open(SharedTraces.file("invitro/example"));
        assertThat(invitro.functions())
                .extracting(TraceFunction::name)
                .containsExactly(
                        "cartservice-c13acdc7",
                        "image-rotate-go-11-a2faad78",
                        "video-processing-python-100-7dc5aeab",
                        "video-processing-python-10-ae8a1640");
        Trace faasrail = open(SharedTraces.file("faasrail/azure_spec_15rps_5min.csv"));
        assertThat(faasrail.summary().notes()).noneMatch(note -> note.contains("not in the trace"));
        Trace llm = open(SharedTraces.file("azure-misc/AzureLLMInferenceTrace_conv.csv"));
        assertThat(llm.summary().invocations()).isEqualTo(19_366);
    }
}
