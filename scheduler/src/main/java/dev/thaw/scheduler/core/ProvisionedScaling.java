package dev.thaw.scheduler.core;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scales one version's provisioned concurrency: within bounds that change by the time of day, and by utilisation
 * ({@link UtilizationTracking}) where a target is set. Somebody looks about once a second and does as it says.
 *
 * <p>Threading: none; time is an argument.
 */
public final class ProvisionedScaling {
    /** Leave it as it is. */
    public static final int NO_CHANGE = -1;

    private static final long MS_PER_MINUTE = 60_000;
    private static final int MINUTES_PER_DAY = 1_440;

    /**
     * Bounds from a minute of the day on, UTC, until the next ones.
     *
     * @param minuteOfDay 0..1439
     */
    public record Bounds(int minuteOfDay, int min, int max) {
        public Bounds {
            if (minuteOfDay < 0 || minuteOfDay >= MINUTES_PER_DAY) {
                throw new IllegalArgumentException("minuteOfDay is " + minuteOfDay + ", must be 0..1439");
            }
            if (min < 0 || max < min) {
                throw new IllegalArgumentException("bounds are " + min + ".." + max + ", must be 0 or more, upwards");
            }
        }
    }

    private final List<Bounds> schedule;
    private final @Nullable UtilizationTracking tracking;
    private long minute;
    private double utilizationSum;
    private int samples;

    /** The schedule's last bounds of a day hold until the first of the next; {@code target} null: by schedule alone. */
    public ProvisionedScaling(List<Bounds> schedule, @Nullable Double target) {
        if (schedule.isEmpty()) {
            throw new IllegalArgumentException("schedule is empty, must have bounds");
        }
        this.schedule = schedule.stream()
                .sorted(Comparator.comparingInt(Bounds::minuteOfDay))
                .toList();
        tracking = target == null ? null : new UtilizationTracking(target);
    }

    /** What to provision from now on, or {@link #NO_CHANGE}. */
    public int look(ProvisionedConcurrency state, long epochMs) {
        int wanted = state.requested();
        long nowMinute = Math.floorDiv(epochMs, MS_PER_MINUTE);
        if (nowMinute != minute) {
            wanted = endMinute(wanted);
            minute = nowMinute;
        }
        if (state.available() > 0) {
            utilizationSum += (double) state.inUse() / state.available();
            samples++;
        }
        Bounds bounds = boundsAt((int) Math.floorMod(nowMinute, (long) MINUTES_PER_DAY));
        int clamped = Math.clamp(wanted, bounds.min(), bounds.max());
        return clamped == state.requested() ? NO_CHANGE : clamped;
    }

    /** A minute in which nothing was ready says nothing. */
    private int endMinute(int capacity) {
        double average = samples == 0 ? 0 : utilizationSum / samples;
        boolean known = samples > 0;
        utilizationSum = 0;
        samples = 0;
        return tracking == null || !known ? capacity : tracking.onMinute(capacity, average);
    }

    private Bounds boundsAt(int minuteOfDay) {
        Bounds current = schedule.getLast();
        for (Bounds next : schedule) {
            if (next.minuteOfDay() <= minuteOfDay) {
                current = next;
            }
        }
        return current;
    }
}
