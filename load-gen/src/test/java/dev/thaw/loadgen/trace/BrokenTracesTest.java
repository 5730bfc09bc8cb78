package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they should be: one line that says so, whatever is wrong. */
final class BrokenTracesTest {
    private static final String HEADER = "function,start_ms,duration_ms,memory_mb\n";
    private static final TraceOptions SKIP = TraceOptions.defaults().withSkipBrokenRows(true);

    @TempDir
    private Path folder;

    private void refuse(Path file, TraceOptions options, String part) {
        assertThatThrownBy(() -> Trace.open(file, TraceFormat.AUTO, options))
                .isInstanceOf(TraceException.class)
                .message()
                .startsWith(file.toString())
                .contains(part)
                .doesNotContain("\n", "Exception");
    }

    @Test
    void shouldSkipBrokenRowsWhereAskedAndNameTheFirstFew() throws IOException {
        StringBuilder text = new StringBuilder(HEADER).append("f,1,1,128\n");
        for (int i = 0; i < 8; i++) {
            text.append("f,").append(i == 7 ? "-1" : "x").append(",1,128\n");
        }
        Path file = Files.writeString(folder.resolve("t.csv"), text + "f,1\nf,2,1,128\n");
        refuse(file, TraceOptions.defaults(), "t.csv:3: start_ms: 'x', must be a number 0..31622400000");
        TraceSummary summary = Trace.open(file, TraceFormat.AUTO, SKIP).summary();
        assertThat(summary.invocations()).isEqualTo(2);
        assertThat(summary.brokenRows()).isEqualTo(9);
        assertThat(summary.notes())
                .contains("9 broken rows left out")
                .filteredOn(note -> note.startsWith("left out: " + file))
                .hasSize(5);
    }

    @Test
    void shouldCountBrokenRowsOfSideFilesToo() throws IOException {
        Files.writeString(
                folder.resolve("invocations.csv"),
                "HashOwner,HashApp,HashFunction,Trigger,1\no,p,f,http,3\no,p,g,timer,-2\n");
        Files.writeString(
                folder.resolve("memory.csv"),
                "HashOwner,HashApp,HashFunction,SampleCount,AverageAllocatedMb\no,p,f,1,many\n");
        TraceSummary summary = Trace.open(folder, TraceFormat.AUTO, SKIP).summary();
        assertThat(summary.brokenRows()).isEqualTo(2);
        assertThat(summary.invocations()).isEqualTo(3);
    }

    @Test
    void shouldRefuseALineWithoutEndWhateverIsSkipped() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write((HEADER + "f,1,1,128\nf,").getBytes(StandardCharsets.UTF_8));
            byte[] zeros = new byte[1 << 20];
            Arrays.fill(zeros, (byte) '0');
            for (int i = 0; i < 17; i++) {
                out.write(zeros);
            }
        }
        Path file = Files.write(folder.resolve("t.csv.gz"), zipped.toByteArray());
        refuse(file, SKIP, "t.csv.gz:3: line: longer than 16777216 bytes, must be at most that");
    }

    /** Ten gigabytes and more: nothing ends these lines, the first character of which is one of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"x,", "\"\n", "x\u00e9", "x\r"})
    void shouldNotWaitForTheEndOfAnEndlessStream(String text) {
        byte first = (byte) text.charAt(0);
        byte[] unit = text.substring(1).getBytes(StandardCharsets.UTF_8);
        InputStream endless = new InputStream() {
            private long at;

            @Override
            public int read() {
                return at++ == 0 ? first : unit[(int) (at % unit.length)] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    bytes[offset + i] = (byte) read();
                }
                return length;
            }
        };
        assertThatThrownBy(() -> CsvTable.of(
                                Path.of("endless.csv"), new BoundedLines(endless, new TraceProgress()), rows -> {})
                        .forEachRow(new BrokenRows(true), () -> {}))
                .isInstanceOf(TraceException.class)
                .message()
                .startsWith("endless.csv:")
                .contains(", must be ")
                .doesNotContain("\n");
    }

    @Test
    void shouldRefuseArchivesThatAreBrokenOrOfAnotherKind() throws IOException {
        byte[] text = (HEADER + "f,1,1,128\n".repeat(5_000)).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(text);
        }
        byte[] gzip = zipped.toByteArray();
        byte[] zstd = Zstd.compress(text);
        refuse(Files.write(folder.resolve("cut.gz"), Arrays.copyOf(gzip, gzip.length / 2)), SKIP, "cannot be read");
        refuse(Files.write(folder.resolve("cut.zst"), Arrays.copyOf(zstd, zstd.length / 2)), SKIP, "cannot be read");
        gzip[gzip.length / 2] ^= 0x55;
        refuse(Files.write(folder.resolve("wrong.gz"), gzip), TraceOptions.defaults(), "");
        refuse(Files.write(folder.resolve("head.gz"), Arrays.copyOf(gzip, 5)), SKIP, "cannot be read");
        refuse(Files.write(folder.resolve("plain.gz"), text), SKIP, "first bytes: '66756e63', must be those of gzip");
        refuse(Files.write(folder.resolve("plain.zst"), text), SKIP, "first bytes: '66756e63', must be those of zstd");
        refuse(
                Files.write(folder.resolve("t.zip"), new byte[] {'P', 'K', 3, 4, 0}),
                SKIP,
                "first bytes: '504b0304', an archive, must be unpacked first");
        refuse(
                Files.write(folder.resolve("none.csv"), new byte[] {0, 27, 1, 0}),
                SKIP,
                ":1: header: '    ', must be that of");
        refuse(Files.write(folder.resolve("empty.csv"), new byte[0]), SKIP, ":1: header: '', must be there");
        refuse(Files.write(folder.resolve("empty.csv.gz"), new byte[0]), SKIP, "first bytes: ''");
    }

    /** Of nothing there is nothing to plan, to simulate or to replay. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "function,start_ms,duration_ms",
                "app,func,end_timestamp,duration",
                "HashOwner,HashApp,HashFunction,Trigger,1,2",
                "avg,mapped_wreq,1",
                "day,time,0",
                "NamespaceHash,AppHash,InvocationTimes,AppExecTimes",
                "TIMESTAMP,ContextTokens,GeneratedTokens",
                "day,time,funcName,userID,totalCost_cold_start,podID",
                "time_frontend,funcName,userID,runtimeCost,podID",
            })
    void shouldRefuseATraceOfNoInvocations(String header) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), header + "\n");
        refuse(file, TraceOptions.defaults(), "t.csv: invocations: '0', must be 1 or more");
    }

    @Test
    void shouldSayWhyThereAreNoInvocations() throws IOException {
        Path late = Files.writeString(folder.resolve("late.csv"), HEADER + "f,5000,1,128\n");
        refuse(late, SKIP.withWindowNs(2_000_000_000), "late.csv: invocations: '0' in the first 2.0 s, must be 1");
        Path broken = Files.writeString(folder.resolve("broken.csv"), HEADER + "f,x,1,128\nf,1,y,128\n");
        refuse(broken, SKIP, "broken.csv: invocations: '0' without 2 broken rows, must be 1 or more");
    }

    @Test
    void shouldRefuseEmptyAndForeignFolders() throws IOException {
        refuse(folder, SKIP, "has neither invocations.csv nor invocations_per_function_md.* nor requests_minute");
        Files.createDirectories(folder.resolve("invocations.csv"));
        refuse(folder, SKIP, "has neither invocations.csv");
    }
}
