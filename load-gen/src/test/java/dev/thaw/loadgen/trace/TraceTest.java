package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.loadgen.trace.write.TraceWriter;
import dev.thaw.scheduler.virtual.ArrivalSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceTest {
    private static final TraceOptions ALL = TraceOptions.defaults();
    private static final String H1 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String H2 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde0";

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Trace open(String name, String text) throws IOException {
        return Trace.open(write(name, text), TraceFormat.AUTO, ALL);
    }

    @Test
    void shouldGiveASimulationTheSameArrivals() throws IOException {
        Trace trace = open("a.csv", "app,func,end_timestamp,duration\nA,f,3.5,0.5\nA,g,2.0,0\nB,f,1.25,0.75\n");
        ArrivalSource source = trace.arrivalSource();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            assertThat(source.next()).isTrue();
            assertThat(source.atNs()).isEqualTo(c.startNs());
            assertThat(source.functionId()).isEqualTo(c.function());
            assertThat(source.workNs()).isEqualTo(c.durationUs() * 1_000L);
        }
        assertThat(source.next()).isFalse();
        assertThat(trace.functions()).extracting(TraceFunction::application).containsExactly("A", "A", "B");
    }

    private static List<String> rows(Trace trace) {
        List<String> rows = new ArrayList<>();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            rows.add(trace.functions().get(c.function()).name() + " " + c.startNs() + " " + c.durationUs());
        }
        return rows;
    }

    @Test
    void shouldSortAzure2021ByStartAndKeepZeroDurations() throws IOException {
        Trace trace = open("a.csv", "app,func,end_timestamp,duration\nA,f,3.5,0.5\nA,g,2.0,0\nB,f,1.25,0.75\n");
        assertThat(rows(trace)).containsExactly("B-f 500000000 750000", "A-g 2000000000 0", "A-f 3000000000 500000");
        assertThat(trace.summary().format()).isEqualTo(TraceFormat.AZURE2021);
        assertThat(trace.summary().zeroDurations()).isEqualTo(1);
        assertThat(trace.summary().zeroDurationPercent()).isCloseTo(33.33, within(0.01));
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsOnly(200);
        assertThat(trace.summary().notes())
                .containsExactly("memory of 3 of 3 functions not in the trace, taken as 200 MiB");
    }

    @Test
    void shouldLeaveOutAndCountWhatStartedBeforeTheTrace() throws IOException {
        Trace trace = open("a.csv", "app,func,end_timestamp,duration\nA,f,3.5,5\nA,g,2.0,1\n");
        assertThat(rows(trace)).containsExactly("A-g 1000000000 1000000");
        assertThat(trace.functions()).hasSize(1);
        assertThat(trace.summary().notes()).contains("1 invocations started before the trace and are left out");
    }

    @Test
    void shouldReadIluvatarWithItsMetadataAndClampMemory() throws IOException {
        write("metadata-t.csv", "func_name,cold_dur_ms,warm_dur_ms,mem_mb,mean_iat\na,900,20,6,1\nb,900,30,300,1\n");
        Trace trace = open("t.csv", "func_name,invoke_time_ms\na,1\nb,4\na,4\n");
        assertThat(rows(trace)).containsExactly("a 1000000 20000", "b 4000000 30000", "a 4000000 20000");
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(128, 300);
        assertThat(trace.functions()).extracting(TraceFunction::initUs).containsExactly(880_000, 870_000);
        assertThat(trace.summary().notes()).containsExactly("memory of 1 of 2 functions raised to 128 MiB");
    }

    @Test
    void shouldReadInVitroFoldersAndKeepCountsPerMinute() throws IOException {
        write("invocations.csv", "HashOwner,HashApp,HashFunction,Trigger,1,2,3\no,p,f,http,3,0,2\no,p,g,timer,0,1,0\n");
        write("durations.csv", durations("o,p,f", "10,20,30,40,50,60,70") + "o,p,g,1,1,1,1,0,0,0,0,0,0,0\n");
        write("memory.csv", memoryHeader("HashFunction,") + "o,p,f,9,256.5,1,1,1,1,1,1,1,1\n");
        Trace trace = Trace.open(folder, TraceFormat.AUTO, ALL);
        assertThat(trace.summary().format()).isEqualTo(TraceFormat.INVITRO);
        assertThat(trace.functions()).extracting(TraceFunction::memoryMib).containsExactly(257, 200);
        assertThat(trace.summary().invocations()).isEqualTo(6);
        assertThat(trace.summary().zeroDurations()).isEqualTo(1);
        int[][] counts = new int[2][3];
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            counts[c.function()][(int) (c.startNs() / MinuteTable.MINUTE_NS)]++;
            assertThat(c.durationUs()).isBetween(c.function() == 0 ? 10_000 : 0, c.function() == 0 ? 70_000 : 0);
        }
        assertThat(counts).isDeepEqualTo(new int[][] {{3, 0, 2}, {0, 1, 0}});
    }

    private static String durations(String key, String percentiles) {
        return "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,"
                + "percentile_Average_1,percentile_Average_25,percentile_Average_50,percentile_Average_75,"
                + "percentile_Average_99,percentile_Average_100\n" + key + ",40,9,10,70," + percentiles + "\n";
    }

    private static String memoryHeader(String function) {
        return "HashOwner,HashApp," + function + "SampleCount,AverageAllocatedMb,AverageAllocatedMb_pct1,"
                + "AverageAllocatedMb_pct5,AverageAllocatedMb_pct25,AverageAllocatedMb_pct50,AverageAllocatedMb_pct75,"
                + "AverageAllocatedMb_pct95,AverageAllocatedMb_pct99,AverageAllocatedMb_pct100\n";
    }

    @Test
    void shouldReadAzure2019DaysWithMemoryByApp() throws IOException {
        Path file = write(
                "invocations_per_function_md.anon.d02.csv",
                "HashOwner,HashApp,HashFunction,Trigger,1,2\no,p,f,http,1,1\no,p,g,http,0,0\n");
        write("function_durations_percentiles.anon.d02.csv", durations("o,p,f", "7,7,7,7,7,7,7"));
        write("app_memory_percentiles.anon.d02.csv", memoryHeader("") + "o,p,9,500,1,1,1,1,1,1,1,1\n");
        Trace trace = Trace.open(file, TraceFormat.AUTO, ALL);
        assertThat(trace.summary().format()).isEqualTo(TraceFormat.AZURE2019);
        assertThat(trace.functions())
                .containsExactly(new TraceFunction("p-f", "o/p/f", "o/p", 500, TraceFunction.UNKNOWN_INIT));
        assertThat(rows(trace)).hasSize(2).allMatch(row -> row.endsWith(" 7000"));
    }

    @Test
    void shouldReadFaasrailSpecifications() throws IOException {
        Trace trace = open(
                "spec.csv", "avg,mapped_wreq,1-2,3-4\n31,\"{\"\"mean\"\": 3, \"\"bench\"\": \"\"aes-1\"\"}\",2,1\n");
        assertThat(trace.functions())
                .containsExactly(new TraceFunction("aes-1-1", "aes-1", "aes-1-1", 200, TraceFunction.UNKNOWN_INIT));
        assertThat(rows(trace)).hasSize(3).allMatch(row -> row.endsWith(" 31000"));
    }

    @Test
    void shouldReadPlainRowsAlsoCompressedAndWriteThemBack() throws IOException {
        Path file = folder.resolve("t.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("function,start_ms,duration_ms,memory_mb\nf,2.5,1.25,128\nf,1,0,512\n"
                    .getBytes(StandardCharsets.UTF_8));
        }
        Trace trace = Trace.open(file, TraceFormat.AUTO, ALL);
        assertThat(rows(trace)).containsExactly("f 1000000 0", "f 2500000 1250");
        assertThat(trace.functions()).containsExactly(new TraceFunction("f", "f", 512));
        Path copy = folder.resolve("copy.csv");
        TraceWriter.write(trace, TraceFormat.CSV, copy, new TraceProgress());
        Trace again = Trace.open(copy, TraceFormat.AUTO, ALL);
        assertThat(rows(again)).isEqualTo(rows(trace));
        assertThat(again.functions()).isEqualTo(trace.functions());
    }

    @Test
    void shouldCutTheWindowAndSpeedUp() throws IOException {
        Path file = write("t.csv", "function,start_ms,duration_ms,memory_mb\nf,10,1,128\ng,20,1,128\nh,30,1,128\n");
        Trace trace =
                Trace.open(file, TraceFormat.CSV, ALL.withWindowNs(30_000_000).withSpeedup(4));
        assertThat(rows(trace)).containsExactly("f 2500000 1000", "g 5000000 1000");
        assertThat(trace.functions()).hasSize(2);
        assertThat(trace.summary().durationNs()).isEqualTo(7_500_000);
    }

    @Test
    void shouldGiveLongAndStrangeNamesValidNamesOfTheirOwn() throws IOException {
        String longName = "x".repeat(80);
        StringBuilder text = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (String name : List.of(H1, H2, longName, longName + "y", "a b", "a/b", "a_b", "function")) {
            text.append(name).append(",1,1,128\n");
        }
        Trace trace = open("t.csv", text.toString());
        assertThat(trace.functions())
                .hasSize(8)
                .extracting(TraceFunction::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-zA-Z0-9-_]{1,64}"))
                .doesNotContain("function");
        assertThat(trace.functions().getFirst().name()).isEqualTo("01234567");
    }

    @Test
    void shouldRefuseBrokenRowsNamingFileRowColumnValueAndBound() throws IOException {
        String head = "function,start_ms,duration_ms,memory_mb\nf,1,1,128\n";
        refuse(head + "f,-1,1,128\n", "t.csv:3: start_ms: '-1', must be a number 0..31622400000");
        refuse(head + "f,x,1,128\n", "t.csv:3: start_ms: 'x', must be a number 0..31622400000");
        refuse(head + "f,1,NaN,128\n", "t.csv:3: duration_ms: 'NaN', must be a number 0..31622400000");
        refuse(head + "\n,1,1,128\n", "t.csv:4: function: '', must be not empty");
        refuse(head + "f,1\n", "t.csv:3: columns: '2', must be 4");
        refuse("", "t.csv:1: header: '', must be there");
        refuse(
                "a,b\n",
                "t.csv:1: header: 'a,b', must be that of azure2019, azure2021, invitro, iluvatar, faasrail, huawei2023, huawei2025, huawei2025cold, ibm,"
                        + " azurellm, csv");
        refuse(
                "app,func,end_timestamp,duration\na,f,1,0x1p3\n",
                "t.csv:2: duration: '0x1p3', must be a number 0..31622400");
        refuse(
                "HashOwner,HashApp,HashFunction,Trigger,1\no,p,f,http,1.5\n",
                "t.csv:2: 1: '1.5', must be a whole number 0..134217728");
        refuse(
                "func_name,invoke_time_ms\na,1\n",
                "t.csv: metadata: none of metadata-t.csv, meta.csv, metadata.csv is beside it, must be one of them");
        write("meta.csv", "func_name,cold_dur_ms,warm_dur_ms,mem_mb\nb,1,1,1\n");
        refuse("func_name,invoke_time_ms\na,1\n", "t.csv:2: func_name: 'a', must be in " + folder + "/meta.csv");
        refuse("func_name,invoke_time_ms\n\"a,1\n", "t.csv:2: row:");
        assertThatThrownBy(() -> Trace.open(folder.resolve("none.csv"), TraceFormat.AUTO, ALL))
                .isInstanceOf(TraceException.class)
                .hasMessage(folder + "/none.csv: cannot be read: no such file or directory");
    }

    private void refuse(String text, String message) {
        assertThatThrownBy(() -> open("t.csv", text))
                .isInstanceOf(TraceException.class)
                .hasMessageStartingWith(folder + "/" + message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void shouldReadTheRealIluvatarTrace() {
        Path file = SharedTraces.file("iluvatar/trace.csv");
        Trace trace = Trace.open(file, TraceFormat.AUTO, ALL);
        assertThat(trace.summary().invocations()).isEqualTo(11_868);
        assertThat(trace.functions()).hasSize(21);
        Trace minute = Trace.open(file, TraceFormat.AUTO, ALL.withWindowNs(60_000_000_000L));
        assertThat(minute.summary().invocations()).isEqualTo(2_366);
        assertThat(minute.summary().durationNs()).isEqualTo(60_000_000_000L);
    }

    @Test
    void shouldReadTheRealAzure2021Sample() {
        Path file = SharedTraces.file("invitro/example/Azure2021_200.csv");
        Trace trace = Trace.open(file, TraceFormat.AUTO, ALL);
        assertThat(trace.summary().invocations()).isEqualTo(199);
        assertThat(trace.summary().zeroDurations()).isEqualTo(8);
        assertThat(trace.functions()).hasSize(31);
        assertThat(Trace.open(file, TraceFormat.AUTO, ALL.withWindowNs(60_000_000_000L))
                        .summary()
                        .invocations())
                .isEqualTo(42);
    }

    @Test
    void shouldReadTheRealInVitroAndFaasrailSamples() {
        Trace invitro = Trace.open(SharedTraces.file("invitro/example"), TraceFormat.AUTO, ALL);
        assertThat(invitro.functions()).hasSize(4);
        assertThat(invitro.summary().invocations()).isEqualTo(1150 + 3 * 1125);
        Trace test = Trace.open(SharedTraces.file("invitro/test_data"), TraceFormat.INVITRO, ALL);
        assertThat(test.summary().invocations()).isEqualTo(1155);
        Trace faasrail = Trace.open(SharedTraces.file("faasrail/azure_spec_15rps_5min.csv"), TraceFormat.AUTO, ALL);
        assertThat(faasrail.functions()).hasSize(244);
        assertThat(faasrail.summary().invocations()).isEqualTo(4_045);
    }
}
