package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a file holds: a trace that can be walked over, or one line that says what is wrong; never another failure. */
final class TraceFuzzTest {
    private static final List<String> SAMPLES = List.of(
            "function,start_ms,duration_ms,memory_mb,app,init_ms\nf,1,2.5,128,a,3\ng,2,0,256,,\n",
            "app,func,end_timestamp,duration\nA,f,3.5,0.5\nA,g,2.0,0\n",
            "HashOwner,HashApp,HashFunction,Trigger,1,2\no,p,f,http,3,0\no,p,g,timer,0,1\n",
            "avg,mapped_wreq,1-2,3-4\n31,\"{\"\"mean\"\": 3, \"\"bench\"\": \"\"aes-1\"\"}\",2,1\n",
            "day,time,0,1\n0,0,2.0,NaN\n0,60,,1\n",
            "NamespaceHash,AppHash,InvocationTimes,AppExecTimes\nn,a,\"[1, 2]\",\"[3, 4]\"\n",
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n",
            "day,time,funcName,userID,totalCost_cold_start,podID\n1,5,1,2,0.5,pool2-300-128-1\n",
            "time_frontend,funcName,userID,runtimeCost,podID\n5.5,1,2,0.5,pool2-300-128-1\n");

    private static Path file = Path.of("");

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempDirectory("thaw-fuzz").resolve("t.csv");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
    }

    @Property(tries = 300)
    void shouldReadOrRefuseWhateverIsChanged(
            @ForAll @IntRange(max = 8) int sample,
            @ForAll @IntRange(min = 1, max = 6) int changes,
            @ForAll long seed,
            @ForAll boolean skip)
            throws IOException {
        byte[] bytes = SAMPLES.get(sample).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            bytes = changed(bytes, random);
        }
        check(bytes, skip);
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] hostile = "\",\n\r-.eE+9\0\u00ffN[{ ".getBytes(StandardCharsets.ISO_8859_1);
        int at = random.nextInt(bytes.length + 1);
        int until = Math.min(bytes.length, at + random.nextInt(4));
        byte[] put = new byte[random.nextInt(3)];
        for (int i = 0; i < put.length; i++) {
            put[i] = hostile[random.nextInt(hostile.length)];
        }
        byte[] result = new byte[bytes.length - (until - at) + put.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(put, 0, result, at, put.length);
        System.arraycopy(bytes, until, result, at + put.length, bytes.length - until);
        return result;
    }

    @Property(tries = 60)
    void shouldReadOrRefuseAnyBytes(@ForAll byte[] bytes, @ForAll boolean skip) throws IOException {
        check(bytes, skip);
    }

    private static void check(byte[] bytes, boolean skip) throws IOException {
        Files.write(file, bytes);
        TraceOptions options = TraceOptions.defaults().withSkipBrokenRows(skip).withWindowNs(600_000_000_000L);
        try {
            Trace trace = Trace.open(file, TraceFormat.AUTO, options);
            if (trace.summary().invocations() > 1_000_000) {
                return; // A changed number: legal, and too much for a test.
            }
            long lastNs = 0;
            long invocations = 0;
            for (ArrivalCursor c = trace.arrivals(); c.next(); invocations++) {
                assertThat(c.startNs()).isBetween(lastNs, 600_000_000_000L);
                assertThat(c.function()).isBetween(0, trace.functions().size() - 1);
                assertThat(c.durationUs()).isNotNegative();
                lastNs = c.startNs();
            }
            assertThat(invocations).isEqualTo(trace.summary().invocations());
        } catch (TraceException refused) {
            assertThat(refused).message().startsWith(file.toString()).doesNotContain("\n");
        }
    }
}
