package dev.thaw.results.compare;

import dev.thaw.results.statistics.PooledValues;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** What one side knows of something, unit by unit. */
sealed interface Figure {
    /** Key of the figure: names its metrics. */
    String name();

    String unit();

    /** Both tell the same thing in the same unit. */
    boolean fits(Figure other);

    /** The same figure with the other's units after its own. */
    Figure append(Figure other);

    /** Nothing known, for so many units. */
    Figure nothing(int units);

    /**
     * Values of which percentiles are compared; less is better.
     *
     * @param withMaximum the longest of all is compared as well
     */
    record Distribution(String name, String unit, List<PooledValues.Unit> byUnit, List<Tail> tails, boolean withMaximum)
            implements Figure {
        private static final PooledValues.Unit EMPTY = PooledValues.Unit.of();

        @Override
        public boolean fits(Figure other) {
            return other instanceof Distribution same && unit.equals(same.unit);
        }

        @Override
        public Figure append(Figure other) {
            List<PooledValues.Unit> more = ((Distribution) other).byUnit;
            return new Distribution(
                    name, unit, Stream.concat(byUnit.stream(), more.stream()).toList(), tails, withMaximum);
        }

        @Override
        public Figure nothing(int units) {
            return new Distribution(name, unit, Collections.nCopies(units, EMPTY), tails, withMaximum);
        }
    }

    /** A sum over a sum. */
    @SuppressWarnings("ArrayRecordComponent") // tables of numbers that nobody compares
    record Quotient(Metric metric, double[] above, double[] below) implements Figure {
        @Override
        public String name() {
            return metric.name();
        }

        @Override
        public String unit() {
            return metric.unit();
        }

        @Override
        public boolean fits(Figure other) {
            return other instanceof Quotient same && metric.fits(same.metric);
        }

        @Override
        public Figure append(Figure other) {
            Quotient more = (Quotient) other;
            return new Quotient(metric, joined(above, more.above), joined(below, more.below));
        }

        @Override
        public Figure nothing(int units) {
            return new Quotient(metric, new double[units], new double[units]);
        }

        private static double[] joined(double[] first, double[] second) {
            double[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }
    }
}
