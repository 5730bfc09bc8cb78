package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import dev.thaw.results.statistics.Design;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What is drawn again and exchanged: whole runs where both sides have several, otherwise stretches of time, long enough
 * that what happens in one is nearly independent of its neighbours.
 *
 * @param runs whole runs
 * @param paired the nth unit of A and the nth of B met the same conditions
 * @param serial what is asked reaches beyond these units, whose neighbours may be alike: a run stands for others. Samples
 *     of days stand for the days that they cover
 */
record Units(boolean runs, boolean paired, boolean serial) {
    /** Of each run: few enough to be long, enough for a p of 0.00003. */
    static final int STRETCHES = 16;

    private static final String TIME_RANGE = "timeRange";
    private static final double SECONDS_OF_A_DAY = 86_400;

    static Units of(List<RunBundle> a, List<RunBundle> b, ComparisonSettings settings) {
        boolean several = a.size() > 1 && b.size() > 1;
        boolean runs = settings.unit() == UnitChoice.RUNS || (settings.unit() == UnitChoice.AUTO && several);
        if (runs && settings.pairedRuns() && a.size() != b.size()) {
            throw new IllegalArgumentException(
                    "--paired: " + a.size() + " runs of A and " + b.size() + " of B, must be as many");
        }
        boolean sameTime = a.size() == 1 && b.size() == 1 && isSameTime(a.getFirst(), b.getFirst());
        boolean daily = Stream.concat(a.stream(), b.stream()).allMatch(Units::isDaily);
        return new Units(runs, runs ? settings.pairedRuns() : sameTime, !runs && !daily);
    }

    /** Its samples tell days and no times of day. */
    private static boolean isDaily(RunBundle run) {
        JsonNode range = run.manifest().path(TIME_RANGE);
        return range.isObject()
                && Stream.of("fromSeconds", "toSeconds")
                        .allMatch(end -> range.path(end).asDouble(Double.NaN) % SECONDS_OF_A_DAY == 0);
    }

    /** The same plan, or the same days: what is common to the same time is then no difference. */
    private static boolean isSameTime(RunBundle a, RunBundle b) {
        for (String key : List.of("durationNs", TIME_RANGE)) {
            JsonNode ofA = a.manifest().path(key);
            if (!ofA.isMissingNode() && !ofA.isNull() && ofA.equals(b.manifest().path(key))) {
                return true;
            }
        }
        return false;
    }

    int stretches() {
        return runs ? 1 : STRETCHES;
    }

    Design design(int unitsA, int unitsB) {
        return new Design(unitsA, unitsB, paired && unitsA == unitsB, serial);
    }

    String text() {
        String what = runs ? "whole runs" : "stretches of time";
        return what + (paired ? ", paired in their order" : "");
    }

    List<String> notes(Design design, int familySize, double level) {
        List<String> notes = new ArrayList<>();
        if (!runs) {
            notes.add("Within these runs only: how much one run differs from the next is not in the intervals."
                    + " Several runs a side, taken in turns, have it.");
        }
        if (design.smallestP() > level / Math.max(1, familySize)) {
            notes.add("Too few units: of " + design.a() + " and " + design.b() + " no p below "
                    + Words.p(design.smallestP()) + " can come out, and a verdict among " + familySize
                    + " metrics needs one of " + Words.p(level / familySize)
                    + ". More runs a side, or fewer metrics (--metrics).");
        }
        return notes;
    }
}
