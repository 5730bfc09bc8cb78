package dev.thaw.jmh.kernels;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A program like {@code examples/c/kernels/runner.c}: runs kernels as its standard input says and answers a line each.
 * Its argument is {@code plain} or {@code vector}; for the latter the JVM needs {@code jdk.incubator.vector}.
 */
public final class KernelRunner {
    /** The clock is asked this seldom, so that it does not count. */
    private static final long CLOCK_EVERY_NS = 100_000;

    private static final String VECTOR = "vector";

    private final NanoClock clock;
    private final Map<String, Supplier<Kernel>> makers = new TreeMap<>();
    private final Map<String, Kernel> made = new TreeMap<>();

    KernelRunner(String build, NanoClock clock) {
        this.clock = clock;
        if (build.equals(VECTOR)) {
            makers.putAll(vectors());
        } else {
            makers.putAll(plain());
        }
    }

    public static void main(String[] arguments) throws IOException {
        String build = arguments.length == 0 ? "plain" : arguments[0];
        PrintStream out = new PrintStream(System.out, true, US_ASCII);
        out.println("build " + build + (build.equals(VECTOR) ? " " + VectorWidth.bits() : ""));
        KernelRunner runner = new KernelRunner(build, SystemNanoClock.INSTANCE);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(runner.answer(line));
        }
    }

    private static Map<String, Supplier<Kernel>> plain() {
        return Map.of(
                "dot", Dot::new,
                "sha256", Sha256::new,
                "mandelbrot", Mandelbrot::new,
                "blur", Blur::new,
                "matmul", Matmul::new,
                "json", JsonTokens::new,
                "lz", Lz::new,
                "copy", Copy::new);
    }

    private static Map<String, Supplier<Kernel>> vectors() {
        return Map.of(
                "dot", VectorDot::new,
                "sha256", VectorSha256::new,
                "mandelbrot", VectorMandelbrot::new,
                "blur", VectorBlur::new,
                "matmul", VectorMatmul::new,
                "json", VectorJsonTokens::new,
                "lz", VectorLz::new,
                "copy", VectorCopy::new);
    }

    /** {@code run NAME NS} gives {@code NAME CHECKSUM UNITS RUNS NS}; anything else {@code unknown}. */
    String answer(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[0].equals("run") || !words[2].matches("\\d{1,15}")) {
            return "unknown";
        }
        Supplier<Kernel> maker = makers.get(words[1]);
        return maker == null
                ? "unknown"
                : run(made.computeIfAbsent(words[1], _ -> maker.get()), Long.parseLong(words[2]));
    }

    private String run(Kernel kernel, long wantedNs) {
        long times = 1;
        for (long ns = spendNs(kernel, 1); wantedNs > 0 && ns < CLOCK_EVERY_NS; ns = spendNs(kernel, times)) {
            times *= 2;
        }
        long runs = 0;
        long totalNs = 0;
        do {
            totalNs += spendNs(kernel, times);
            runs += times;
        } while (totalNs < wantedNs);
        return String.format(
                Locale.ROOT, "%s %016x %d %d %d", kernel.name(), kernel.checksum(), kernel.units(), runs, totalNs);
    }

    private long spendNs(Kernel kernel, long times) {
        long startNs = clock.nanoTime();
        for (long i = 0; i < times; i++) {
            kernel.run();
        }
        return clock.nanoTime() - startNs;
    }
}
