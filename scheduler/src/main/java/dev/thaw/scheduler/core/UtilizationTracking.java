package dev.thaw.scheduler.core;

/**
 * Decides how much concurrency to provision so that so much of it is in use: fast when there is too little, slowly when
 * there is too much, as Application Auto Scaling's predefined metric {@code LambdaProvisionedConcurrencyUtilization} does.
 * Three minutes in a row above the target add capacity in proportion. Fifteen in a row below nine tenths of it take
 * capacity away, down to what the busiest of them needed.
 *
 * <p>Pure but for the minutes that it remembers. Threading: none.
 */
final class UtilizationTracking {
    static final int MINUTES_ABOVE = 3;
    static final int MINUTES_BELOW = 15;
    private static final double LOW_SHARE = 0.9;
    private static final double ROUNDING = 1e-9;

    private final double target;
    private int minutesAbove;
    private int minutesBelow;
    private double sumAbove;
    private double mostBelow;

    UtilizationTracking(double target) {
        if (!(target > 0 && target <= 1)) {
            throw new IllegalArgumentException("target is " + target + ", must be above 0, up to 1");
        }
        this.target = target;
    }

    /** The capacity from now on, after a minute at {@code capacity} with this average utilisation, 0..1. */
    int onMinute(int capacity, double utilization) {
        if (utilization > target + ROUNDING) {
            minutesBelow = 0;
            mostBelow = 0;
            minutesAbove++;
            sumAbove += utilization;
            return minutesAbove < MINUTES_ABOVE ? capacity : scale(capacity, sumAbove / minutesAbove);
        }
        minutesAbove = 0;
        sumAbove = 0;
        if (utilization >= LOW_SHARE * target - ROUNDING) {
            minutesBelow = 0;
            mostBelow = 0;
            return capacity;
        }
        minutesBelow++;
        mostBelow = Math.max(mostBelow, utilization);
        return minutesBelow < MINUTES_BELOW ? capacity : scale(capacity, mostBelow);
    }

    private int scale(int capacity, double utilization) {
        minutesAbove = 0;
        minutesBelow = 0;
        sumAbove = 0;
        mostBelow = 0;
        return (int) Math.ceil(capacity * utilization / target - ROUNDING);
    }
}
