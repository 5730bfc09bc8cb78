package dev.thaw.loadgen.trace;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * How so many arrivals are spread inside a step (a minute, mostly) of which the trace tells only the number. Each keeps the
 * number exactly, and none puts all functions' first arrivals at the step's start.
 */
public enum StepArrivals {
    /** Each anywhere, independently: what a Poisson process is once its number is known. */
    POISSON {
        @Override
        void draw(UniformRandomProvider random, long stepNs, long[] offsetsNs, int from, int count) {
            for (int i = 0; i < count; i++) {
                offsetsNs[from + i] = offsetNs(random.nextDouble() * stepNs, stepNs);
            }
        }
    },
    /** One anywhere in each of as many equal parts. */
    UNIFORM {
        @Override
        void draw(UniformRandomProvider random, long stepNs, long[] offsetsNs, int from, int count) {
            double partNs = (double) stepNs / count;
            for (int i = 0; i < count; i++) {
                offsetsNs[from + i] = offsetNs((i + random.nextDouble()) * partNs, stepNs);
            }
        }
    },
    /** At even distances, at a phase of the function's own. */
    EQUIDISTANT {
        @Override
        void draw(UniformRandomProvider random, long stepNs, long[] offsetsNs, int from, int count) {
            double partNs = (double) stepNs / count;
            double phase = random.nextDouble();
            for (int i = 0; i < count; i++) {
                offsetsNs[from + i] = offsetNs((i + phase) * partNs, stepNs);
            }
        }
    },
    /** In bunches: distances are exponential, four of five a sixteenth as long as the fifth; turned by a phase. */
    BURSTY {
        @Override
        void draw(UniformRandomProvider random, long stepNs, long[] offsetsNs, int from, int count) {
            double[] distances = new double[count];
            double sum = 0;
            for (int i = 0; i < count; i++) {
                double mean = random.nextDouble() < SHORT_SHARE ? SHORT_MEAN : 1;
                distances[i] = -mean * StrictMath.log(1 - random.nextDouble());
                sum += distances[i];
            }
            double at = random.nextDouble() * sum;
            for (int i = 0; i < count; i++) {
                offsetsNs[from + i] = offsetNs(sum == 0 ? 0 : at / sum * stepNs, stepNs);
                at += distances[i];
                at -= at >= sum ? sum : 0;
            }
        }
    };

    private static final double SHORT_SHARE = 0.8;
    private static final double SHORT_MEAN = 1.0 / 16;

    /** Puts offsets inside the step, in no order, into the array. */
    abstract void draw(UniformRandomProvider random, long stepNs, long[] offsetsNs, int from, int count);

    private static long offsetNs(double ns, long stepNs) {
        return Math.clamp((long) ns, 0, stepNs - 1);
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a command line's word. */
    public static StepArrivals of(String word) {
        for (StepArrivals arrivals : values()) {
            if (arrivals.key().equals(word)) {
                return arrivals;
            }
        }
        String known = Arrays.stream(values()).map(StepArrivals::key).collect(Collectors.joining(", "));
        throw new TraceException("arrivals: '" + word + "', must be one of " + known);
    }
}
