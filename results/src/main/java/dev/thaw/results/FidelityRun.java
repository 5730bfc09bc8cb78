package dev.thaw.results;

import java.util.List;
import java.util.Locale;

/**
 * The same minutes live and in virtual time.
 *
 * @param liveRuns bundles, the first being the one that the model was made of
 * @param virtualRun a bundle of one of the simulations
 * @param virtualRuns how many simulations there were, with a seed each
 */
public record FidelityRun(List<Measure> measures, List<RunBundle> liveRuns, String virtualRun, int virtualRuns) {
    public FidelityRun {
        measures = List.copyOf(measures);
        liveRuns = List.copyOf(liveRuns);
    }

    /**
     * One figure.
     *
     * @param goalPercent how far virtual may be from live; 0 for no goal
     * @param live of each live run
     * @param liveMean of those that the model was not made of
     * @param expectedLow another live run would be above this, in 95 of 100 cases
     * @param expectedHigh and below this
     * @param virtualMean of all simulations
     * @param virtualLow the lowest of them
     * @param virtualHigh the highest of them
     */
    public record Measure(
            String key,
            String title,
            double goalPercent,
            List<Double> live,
            double liveMean,
            double expectedLow,
            double expectedHigh,
            double virtualMean,
            double virtualLow,
            double virtualHigh) {
        private static final double PERCENT = 100;

        public Measure {
            live = List.copyOf(live);
        }

        /** Virtual against live; 0 where both are 0. */
        public double differencePercent() {
            if (virtualMean == liveMean) {
                return 0;
            }
            return liveMean == 0 ? PERCENT : PERCENT * (virtualMean - liveMean) / liveMean;
        }

        /** Nothing but noise can be seen: another live run would lie here too. */
        public boolean isWithinNoise() {
            return virtualMean >= expectedLow && virtualMean <= expectedHigh;
        }

        /** What the goal says of it. */
        public String verdict() {
            if (goalPercent > 0 && Math.abs(differencePercent()) <= goalPercent) {
                return "met";
            }
            if (isWithinNoise()) {
                return "within noise";
            }
            return goalPercent > 0 ? "missed" : "differs";
        }
    }

    /** One line for each goal that was missed by more than noise explains. */
    public List<String> missed() {
        return measures.stream()
                .filter(measure -> measure.verdict().equals("missed"))
                .map(measure -> String.format(
                        Locale.ROOT,
                        "%s: virtual %.4g, live %.4g: %+.1f %%, goal %.0f %%",
                        measure.title(),
                        measure.virtualMean(),
                        measure.liveMean(),
                        measure.differencePercent(),
                        measure.goalPercent()))
                .toList();
    }
}
