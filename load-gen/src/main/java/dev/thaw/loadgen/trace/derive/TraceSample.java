package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.Seeds;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * A part of a trace's functions, with all their invocations, that is as much like the whole as can be found: the
 * distributions over functions of rate, duration, memory and IAT CV are as near as can be to those of all functions, by the
 * sum of their Wasserstein distances (as In-Vitro's sampler does, anchors.md 1.1), each by the whole's standard deviation.
 *
 * @param trace of the functions that are kept
 * @param distance of the sample, 0 for the whole itself
 * @param randomDistance the median of random samples of that size
 */
public record TraceSample(Trace trace, double distance, double randomDistance) {
    /** Looks for the best sample; the same options find the same one. */
    public static TraceSample of(Trace whole, SampleOptions options) {
        int all = whole.functions().size();
        if (options.functions() > all) {
            throw new TraceException("functions: '" + options.functions() + "', must be at most the trace's " + all);
        }
        List<SampleFeature> features = SampleFeature.of(whole);
        UniformRandomProvider random = Seeds.random(options.seed(), Seeds.of("sample"));
        boolean[] best = new boolean[all];
        double bestDistance = Double.MAX_VALUE;
        double[] distances = new double[options.trials()];
        for (int trial = 0; trial < options.trials(); trial++) {
            boolean[] kept = randomSample(all, options.functions(), random);
            distances[trial] = distance(features, kept, options.functions());
            if (distances[trial] < bestDistance) {
                best = kept;
                bestDistance = distances[trial];
            }
        }
        Arrays.sort(distances);
        double improved = improve(features, best, bestDistance, options, random);
        return new TraceSample(subset(whole, best, improved), improved, distances[distances.length / 2]);
    }

    private static boolean[] randomSample(int all, int wanted, UniformRandomProvider random) {
        int[] indexes = IntStream.range(0, all).toArray();
        boolean[] kept = new boolean[all];
        for (int i = 0; i < wanted; i++) {
            int other = i + random.nextInt(all - i);
            int index = indexes[other];
            indexes[other] = indexes[i];
            indexes[i] = index;
            kept[index] = true;
        }
        return kept;
    }

    private static double improve(
            List<SampleFeature> features,
            boolean[] kept,
            double from,
            SampleOptions options,
            UniformRandomProvider random) {
        double distance = from;
        if (options.functions() == kept.length) {
            return distance;
        }
        for (int swap = 0; swap < options.swaps(); swap++) {
            int out = randomOf(kept, true, random);
            int in = randomOf(kept, false, random);
            kept[out] = false;
            kept[in] = true;
            double changed = distance(features, kept, options.functions());
            if (changed < distance) {
                distance = changed;
            } else {
                kept[out] = true;
                kept[in] = false;
            }
        }
        return distance;
    }

    private static int randomOf(boolean[] kept, boolean wanted, UniformRandomProvider random) {
        int index = random.nextInt(kept.length);
        while (kept[index] != wanted) {
            index = (index + 1) % kept.length;
        }
        return index;
    }

    private static double distance(List<SampleFeature> features, boolean[] kept, int count) {
        double sum = 0;
        for (SampleFeature feature : features) {
            sum += feature.distance(kept, count);
        }
        return sum;
    }

    private static Trace subset(Trace whole, boolean[] kept, double distance) {
        int[] same = new int[kept.length];
        int functions = 0;
        for (int i = 0; i < kept.length; i++) {
            same[i] = kept[i] ? i : -1;
            functions += kept[i] ? 1 : 0;
        }
        return DerivedTrace.of(
                whole,
                () -> new KeptCursor(whole.arrivals(), same),
                String.format(
                        Locale.ROOT,
                        "a sample of %d of %d functions, at a Wasserstein distance of %.4f",
                        functions,
                        kept.length,
                        distance),
                whole.summary().durationNs());
    }
}
