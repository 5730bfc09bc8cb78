package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.FunctionSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Functions and arrivals as in Azure's published fits (Serverless in the Wild, ATC 2020): a few functions have most
 * invocations, three of ten are timers and the others come independently, durations are log-normal, memory is Burr. How long
 * inits take is log-normal too, with a median of 0.6 s.
 */
final class AzureLikeLoad {
    private static final double RATE_SKEW = 1.5;
    private static final double TIMERS = 0.3;
    private static final double LONGEST_SEC = 10;
    private static final double NS_PER_SEC = 1e9;

    final List<FunctionModel> functions = new ArrayList<>();
    final List<SimulationBed.Arrival> arrivals = new ArrayList<>();
    private final Random random;
    private final double seconds;

    AzureLikeLoad(long seed, int functionCount, double ratePerSec, double hours) {
        random = new Random(seed);
        seconds = hours * 3_600;
        double weights = 0;
        for (int function = 0; function < functionCount; function++) {
            weights += Math.pow(function + 1, -RATE_SKEW);
        }
        for (int function = 0; function < functionCount; function++) {
            double rate = ratePerSec * Math.pow(function + 1, -RATE_SKEW) / weights;
            add(function, Math.max(rate, 1 / seconds));
        }
        arrivals.sort(Comparator.comparingLong(SimulationBed.Arrival::atNs));
    }

    private void add(int function, double ratePerSec) {
        boolean timer = random.nextDouble() < TIMERS;
        double medianSec = logNormal(-0.38, 2.36);
        double at = random.nextDouble() / ratePerSec;
        while (at < seconds) {
            double workSec = medianSec * logNormal(0, 0.25);
            arrivals.add(new SimulationBed.Arrival((long) (at * NS_PER_SEC), function, (long) (workSec * NS_PER_SEC)));
            at += (timer ? 1 : -Math.log(1 - random.nextDouble())) / ratePerSec;
        }
        DurationModel init = new DurationModel.Constant((long) (logNormal(-0.5, 1) * NS_PER_SEC));
        EnvironmentModel environment = EnvironmentModel.of(
                SimulationBed.ms(50),
                init,
                DurationModel.NONE,
                0,
                DurationModel.NONE,
                DurationModel.NONE,
                SimulationBed.ms(5));
        FunctionSpec spec = SimulationBed.spec("f" + function, memoryMib());
        functions.add(FunctionModel.of(spec, environment, WorkModel.waiting(DurationModel.NONE)));
    }

    private double logNormal(double mu, double sigma) {
        return Math.min(LONGEST_SEC, Math.exp(mu + sigma * random.nextGaussian()));
    }

    private int memoryMib() {
        double share = random.nextDouble();
        double mib = 107.083 * Math.pow(Math.pow(1 - share, -1 / 0.221) - 1, 1 / 11.652);
        return (int) Math.max(128, Math.min(1_024, mib));
    }
}
