package dev.thaw.jmh;

import dev.thaw.scheduler.auth.Credentials;
import dev.thaw.scheduler.auth.RequestHead;
import dev.thaw.scheduler.auth.Signer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a load pays for the signature of one request whose body is another one each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SigningBenchmark {
    private static final long NOW_EPOCH_MS = 1_800_000_000_000L;

    private final byte[] body =
            "{\"cpuUs\":     1001,\"durationUs\":    50050,\"memoryMib\":4}".getBytes(StandardCharsets.US_ASCII);
    private final Signer signer = new Signer(
            new Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null),
            new RequestHead(
                    "POST",
                    "/2015-03-31/functions/echo/invocations",
                    "",
                    List.of(Map.entry("Host", "127.0.0.1:9001"))));

    @Benchmark
    public Map<String, String> sign() {
        return signer.sign(body, 0, body.length, NOW_EPOCH_MS);
    }
}
