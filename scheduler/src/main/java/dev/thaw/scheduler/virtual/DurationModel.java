package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.HotPath;
import java.util.Arrays;

/**
 * How long something takes, as a distribution. Pure: the same random bits give the same duration on any machine
 * ({@link StrictMath}), never negative.
 */
public sealed interface DurationModel {
    /** Takes no time. */
    DurationModel NONE = new Constant(0);

    /** The duration that {@code bits}, 64 random ones, stand for. */
    long drawNs(long bits);

    record Constant(long ns) implements DurationModel {
        public Constant {
            requireNotNegative("ns", (double) ns);
        }

        @Override
        @HotPath
        public long drawNs(long bits) {
            return ns;
        }
    }

    record Exponential(double meanNs) implements DurationModel {
        public Exponential {
            requireNotNegative("meanNs", meanNs);
        }

        @Override
        @HotPath
        public long drawNs(long bits) {
            return Math.round(-meanNs * StrictMath.log(Draws.positiveUnit(bits)));
        }
    }

    /**
     * What is normal once its logarithm is taken: most of what is measured of cold starts looks like it.
     *
     * @param mu mean of the logarithm of the duration in ns
     * @param sigma its standard deviation
     */
    record LogNormal(double mu, double sigma) implements DurationModel {
        public LogNormal {
            if (!Double.isFinite(mu)) {
                throw new IllegalArgumentException("mu is " + mu + ", must be finite");
            }
            requireNotNegative("sigma", sigma);
        }

        /** The one with this median and mean. */
        public static LogNormal ofMedianAndMean(double medianNs, double meanNs) {
            if (!(medianNs > 0) || !(meanNs >= medianNs)) {
                throw new IllegalArgumentException(
                        "medianNs is " + medianNs + " and meanNs " + meanNs + ", must be 0 < median <= mean");
            }
            return new LogNormal(StrictMath.log(medianNs), Math.sqrt(2 * StrictMath.log(meanNs / medianNs)));
        }

        /* Box and Muller: two uniform numbers make a normal one. */
        @Override
        @HotPath
        public long drawNs(long bits) {
            double radius = Math.sqrt(-2 * StrictMath.log(Draws.positiveUnit(bits)));
            double normal = radius * StrictMath.cos(2 * Math.PI * Draws.unit(Draws.again(bits)));
            return Math.round(StrictMath.exp(mu + sigma * normal));
        }
    }

    /** Another duration, longer or shorter by a factor. */
    record Scaled(DurationModel duration, double factor) implements DurationModel {
        public Scaled {
            requireNotNegative("factor", factor);
        }

        @Override
        @HotPath
        public long drawNs(long bits) {
            return Math.round(duration.drawNs(bits) * factor);
        }
    }

    /** What was measured: straight lines between quantiles. */
    final class Quantiles implements DurationModel {
        private final double[] probabilities;
        private final long[] durationsNs;

        /**
         * Checks and copies.
         *
         * @param probabilities rising strictly from 0 to 1
         * @param durationsNs of each probability, never falling
         */
        public Quantiles(double[] probabilities, long[] durationsNs) {
            this.probabilities = probabilities.clone();
            this.durationsNs = durationsNs.clone();
            check();
        }

        private void check() {
            int last = probabilities.length - 1;
            if (last < 1 || durationsNs.length != last + 1 || probabilities[0] != 0 || probabilities[last] != 1) {
                throw new IllegalArgumentException("quantiles have " + probabilities.length + " probabilities and "
                        + durationsNs.length + " durations, must be as many, 2 or more, from 0 to 1");
            }
            requireNotNegative("durationsNs[0]", (double) durationsNs[0]);
            for (int at = 1; at <= last; at++) {
                if (!(probabilities[at] > probabilities[at - 1]) || durationsNs[at] < durationsNs[at - 1]) {
                    throw new IllegalArgumentException("quantile " + at + " is " + durationsNs[at] + " ns at "
                            + probabilities[at] + ", must not be below the one before it");
                }
            }
        }

        @Override
        @HotPath
        public long drawNs(long bits) {
            double probability = Draws.unit(bits);
            int found = Arrays.binarySearch(probabilities, probability);
            if (found >= 0) {
                return durationsNs[found];
            }
            int above = -found - 1;
            double part = (probability - probabilities[above - 1]) / (probabilities[above] - probabilities[above - 1]);
            return durationsNs[above - 1] + Math.round(part * (durationsNs[above] - durationsNs[above - 1]));
        }
    }

    private static void requireNotNegative(String key, double value) {
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(key + " is " + value + ", must be 0 or more");
        }
    }
}
