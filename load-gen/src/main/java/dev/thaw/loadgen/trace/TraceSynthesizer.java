package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.LogNormalDistribution;

/**
 * Makes a trace like Azure Functions 2019's out of its published fits or distribution functions: a few functions make most
 * of the invocations; some are timers, the others have arrivals of their own. The same options make the same trace.
 */
public final class TraceSynthesizer {
    private static final double SPREAD_INSIDE = 0.25;
    /** Cold starts of Huawei 2025 in seconds: mean 3.24, standard deviation 7.10 (anchors.md section 2). */
    private static final LogNormalDistribution INIT_SEC = LogNormalDistribution.of(0.296, 1.326);
    /** With so many expected, one in 10^8 functions would have no independent arrival. */
    private static final double RARE_COUNT = 20;

    private static final double BURSTY_CV = 4;

    private final SynthesisOptions options;
    private final FunctionShapes shapes;

    private TraceSynthesizer(SynthesisOptions options) {
        this.options = options;
        Path folder = options.cdfs();
        shapes = folder == null ? new FunctionShapes.Fits() : new FunctionShapes.Published(folder);
    }

    public static Trace synthesize(SynthesisOptions options) {
        return new TraceSynthesizer(options).make();
    }

    private Trace make() {
        int count = options.functions();
        double[] medianSec = new double[count];
        double[] weight = new double[count];
        double weights = 0;
        double weightedSec = 0;
        for (int i = 0; i < count; i++) {
            medianSec[i] = shapes.medianSec(random(i, "duration").nextDouble(), options.maxDurationUs() / 1e6);
            weight[i] = shapes.weight(i + 1, random(i, "weight").nextDouble());
            weights += weight[i];
            weightedSec += weight[i] * medianSec[i];
        }
        double rate = Math.min(options.ratePerSec(), options.concurrency() * weights / weightedSec);
        RowCollector rows = new RowCollector(TraceOptions.defaults().withWindowNs(options.durationNs()));
        for (int i = 0; i < count; i++) {
            addFunction(rows, i, rate * weight[i] / weights, medianSec[i]);
        }
        return rows.toTrace(TraceFormat.CSV, Path.of("synthetic"), new BrokenRows(false));
    }

    private void addFunction(RowCollector rows, int index, double ratePerSec, double medianSec) {
        UniformRandomProvider random = random(index, "arrivals");
        int function = rows.function(String.format(Locale.ROOT, "synthetic-%02d", index + 1));
        rows.memory(function, memoryMib(random.nextDouble()));
        rows.init(
                function,
                INIT_SEC.inverseCumulativeProbability(random(index, "init").nextDouble()) * 1e6);
        double iatCv = iatCv(random.nextDouble());
        double phase = random.nextDouble();
        // A function is invoked at least once.
        double rate = Math.max(ratePerSec, 1e9 / options.durationNs());
        ArrivalSequence starts = starts(rate, iatCv, random.nextLong());
        long phaseNs = iatCv == 0 ? (long) (phase * 1e9 / rate) : 0;
        LogNormalDistribution durations = LogNormalDistribution.of(Math.log(medianSec), SPREAD_INSIDE);
        for (long ns = starts.nextStartNs() + phaseNs; ns < options.durationNs(); ns = starts.nextStartNs() + phaseNs) {
            double sec = durations.inverseCumulativeProbability(random.nextDouble());
            rows.add(function, ns, Math.min(sec * 1e6, options.maxDurationUs()));
        }
    }

    private double iatCv(double share) {
        return switch (options.arrivals()) {
            case MIXED -> shapes.iatCv(share);
            case POISSON, UNIFORM -> 1;
            case CONSTANT -> 0;
            case BURSTY -> BURSTY_CV;
        };
    }

    /** A rare function's arrivals are spread evenly, as an independent one might well never come. */
    private ArrivalSequence starts(double ratePerSec, double iatCv, long seed) {
        if (iatCv == 0) {
            return ArrivalSequence.constant(ratePerSec);
        }
        boolean rare = ratePerSec * options.durationNs() / 1e9 < RARE_COUNT;
        if (rare || options.arrivals() == SynthesisOptions.Arrivals.UNIFORM) {
            return ArrivalSequence.uniform(ratePerSec, seed);
        }
        return iatCv == 1 ? ArrivalSequence.poisson(ratePerSec, seed) : ArrivalSequence.gamma(ratePerSec, iatCv, seed);
    }

    /** In Lambda's steps of 1 MiB. */
    private double memoryMib(double share) {
        return Math.min(Math.max(shapes.memoryMib(share), TraceFunction.MIN_MEMORY_MIB), options.maxMemoryMib());
    }

    private UniformRandomProvider random(int index, String what) {
        return Seeds.random(Seeds.mix(options.seed(), index), Seeds.of(what));
    }
}
