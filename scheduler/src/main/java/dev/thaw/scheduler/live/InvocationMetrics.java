package dev.thaw.scheduler.live;

import dev.thaw.results.ServerMetrics;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts invocations, errors, throttles and durations, in one series for each deployed function and ARN that it was
 * asked for by. A throttle is no invocation and no error (contract.md section 18).
 *
 * <p>Threading: the scheduler's thread. Once a series exists, counting allocates nothing; others read a {@link #copy}.
 */
public final class InvocationMetrics {
    private static final long[] BOUNDS_NS = boundsNs();
    private static final int BUCKETS = BOUNDS_NS.length + 1;
    private static final int NONE = -1;

    /** First series, by function. */
    private int[] first = new int[0];
    // By series; a function's are linked in the order that they came.
    private @Nullable String[] arns = new @Nullable String[0];
    private int[] functionIds = new int[0];
    private int[] next = new int[0];
    private long[] invocations = new long[0];
    private long[] errors = new long[0];
    private long[] throttles = new long[0];
    private long[] durationSumsNs = new long[0];
    private long[] durationCounts = new long[0];
    private int count;

    /** Answered so for another reason than a limit. */
    private long refusals;

    /** What the live page's readers are to see; null while there are none. */
    private @Nullable EndedInterval interval;

    public InvocationMetrics() {}

    private InvocationMetrics(InvocationMetrics other) {
        count = other.count;
        arns = Arrays.copyOf(other.arns, count);
        functionIds = Arrays.copyOf(other.functionIds, count);
        invocations = Arrays.copyOf(other.invocations, count);
        errors = Arrays.copyOf(other.errors, count);
        throttles = Arrays.copyOf(other.throttles, count);
        durationSumsNs = Arrays.copyOf(other.durationSumsNs, count);
        durationCounts = Arrays.copyOf(other.durationCounts, count * BUCKETS);
    }

    /** An invocation ended; {@code durationNs} is that of the function's code, as its REPORT says. */
    @HotPath
    void onEnded(int functionId, String arn, Outcome outcome, long durationNs) {
        int series = seriesOf(functionId, arn);
        invocations[series]++;
        if (outcome != Outcome.RESPONSE) {
            errors[series]++;
        }
        durationSumsNs[series] += durationNs;
        durationCounts[series * BUCKETS + bucketOf(durationNs)]++;
    }

    /** The same invocation, in more detail, where somebody watches. */
    @HotPath
    void onAnswer(Invocation invocation, long durationNs, long nowNs) {
        EndedInterval watched = interval;
        if (watched != null) {
            watched.record(nowNs - invocation.startNs(), durationNs);
            if (invocation.coldTrigger()) {
                watched.countColdTrigger();
            }
            if (invocation.coldVictim()) {
                watched.countColdVictim();
            }
            if (invocation.suppressedInit()) {
                watched.countSuppressedInit();
            }
        }
    }

    /** Records into {@code next} from now on, null for nowhere. Returns what was recorded into until now, or null. */
    @Nullable
    EndedInterval watch(@Nullable EndedInterval next) {
        EndedInterval before = interval;
        interval = next;
        return before;
    }

    long totalInvocations() {
        return sum(invocations);
    }

    long totalErrors() {
        return sum(errors);
    }

    long totalThrottles() {
        return sum(throttles);
    }

    long totalRefusals() {
        return refusals;
    }

    /** Of all series; what lies beyond them is 0. */
    private static long sum(long[] bySeries) {
        long sum = 0;
        for (long each : bySeries) {
            sum += each;
        }
        return sum;
    }

    @HotPath
    void onThrottled(int functionId, String arn) {
        int series = seriesOf(functionId, arn); // first: it may replace the arrays
        throttles[series]++;
    }

    /** An invocation is answered by a refusal that is no throttle. */
    @HotPath
    void onRefused() {
        refusals++;
    }

    /** For another thread to read. */
    InvocationMetrics copy() {
        return new InvocationMetrics(this);
    }

    int series() {
        return count;
    }

    int functionId(int series) {
        return functionIds[series];
    }

    /** As it was asked for. */
    String arn(int series) {
        return Objects.requireNonNull(arns[series]);
    }

    /** Adds a series' figures to what others of the same function, version and alias have counted. */
    void addTo(int series, InvocationTotals totals) {
        totals.add(
                invocations[series],
                errors[series],
                throttles[series],
                durationSumsNs[series],
                Arrays.copyOfRange(durationCounts, series * BUCKETS, (series + 1) * BUCKETS));
    }

    @HotPath
    private int seriesOf(int functionId, String arn) {
        int series = functionId < first.length ? first[functionId] : NONE;
        while (series != NONE) {
            if (arn.equals(arns[series])) {
                return series;
            }
            series = next[series];
        }
        return slowAdd(functionId, arn);
    }

    /** The name's own series stays where it is found first: behind it the new one. */
    private int slowAdd(int functionId, String arn) {
        if (functionId >= first.length) {
            int known = first.length;
            first = Arrays.copyOf(first, Math.max(16, (functionId + 1) * 2));
            Arrays.fill(first, known, first.length, NONE);
        }
        if (count == arns.length) {
            grow(Math.max(16, count * 2));
        }
        arns[count] = arn;
        functionIds[count] = functionId;
        int head = first[functionId];
        if (head == NONE) {
            first[functionId] = count;
            next[count] = NONE;
        } else {
            next[count] = next[head];
            next[head] = count;
        }
        return count++;
    }

    private void grow(int capacity) {
        arns = Arrays.copyOf(arns, capacity);
        functionIds = Arrays.copyOf(functionIds, capacity);
        next = Arrays.copyOf(next, capacity);
        invocations = Arrays.copyOf(invocations, capacity);
        errors = Arrays.copyOf(errors, capacity);
        throttles = Arrays.copyOf(throttles, capacity);
        durationSumsNs = Arrays.copyOf(durationSumsNs, capacity);
        durationCounts = Arrays.copyOf(durationCounts, capacity * BUCKETS);
    }

    @HotPath
    private static int bucketOf(long durationNs) {
        int bucket = 0;
        while (bucket < BOUNDS_NS.length && durationNs > BOUNDS_NS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    private static long[] boundsNs() {
        return Arrays.stream(ServerMetrics.durationBoundsMs())
                .mapToLong(boundMs -> Math.round(boundMs * 1e6))
                .toArray();
    }
}
