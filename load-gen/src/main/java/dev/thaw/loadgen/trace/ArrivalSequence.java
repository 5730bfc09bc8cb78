package dev.thaw.loadgen.trace;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * Intended starts of one stream of invocations, ascending, in ns since the run's start; the same for the same seed.
 *
 * <p>Threading: one thread.
 */
public interface ArrivalSequence {
    long nextStartNs();

    /** Even distances, without drift: the n-th start is at n / rate. */
    static ArrivalSequence constant(double ratePerSec) {
        double periodNs = periodNs(ratePerSec);
        return new ArrivalSequence() {
            private long index;

            @Override
            public long nextStartNs() {
                return (long) (index++ * periodNs);
            }
        };
    }

    /** One start in each period, anywhere in it with equal chance. */
    static ArrivalSequence uniform(double ratePerSec, long seed) {
        double periodNs = periodNs(ratePerSec);
        UniformRandomProvider random = Seeds.random(seed, Seeds.of("uniform"));
        return new ArrivalSequence() {
            private long index;

            @Override
            public long nextStartNs() {
                return (long) ((index++ + random.nextDouble()) * periodNs);
            }
        };
    }

    /** Independent arrivals: distances are exponential with mean 1 / rate. */
    static ArrivalSequence poisson(double ratePerSec, long seed) {
        UniformRandomProvider random = Seeds.random(seed, Seeds.of("poisson"));
        return apart(ZigguratSampler.Exponential.of(random, periodNs(ratePerSec)));
    }

    /** Bunches and gaps: distances are gamma, of mean 1 / rate and standard deviation {@code cv} / rate; 1 is Poisson. */
    static ArrivalSequence gamma(double ratePerSec, double cv, long seed) {
        if (!(cv > 0 && cv <= 100)) {
            throw new TraceException("IAT CV: '" + cv + "', must be more than 0, at most 100");
        }
        UniformRandomProvider random = Seeds.random(seed, Seeds.of("gamma"));
        return apart(AhrensDieterMarsagliaTsangGammaSampler.of(random, 1 / (cv * cv), periodNs(ratePerSec) * cv * cv));
    }

    private static ArrivalSequence apart(ContinuousSampler distanceNs) {
        return new ArrivalSequence() {
            private double startNs;

            @Override
            public long nextStartNs() {
                startNs += distanceNs.sample();
                return (long) startNs;
            }
        };
    }

    private static double periodNs(double ratePerSec) {
        if (!(ratePerSec > 0 && ratePerSec <= 1e9)) {
            throw new TraceException("rate: '" + ratePerSec + "' per second, must be more than 0, at most 1000000000");
        }
        return 1e9 / ratePerSec;
    }
}
