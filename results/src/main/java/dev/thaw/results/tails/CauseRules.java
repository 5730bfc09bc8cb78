package dev.thaw.results.tails;

import dev.thaw.results.pauses.CpuWaits;
import dev.thaw.results.pauses.PausedTime;

/**
 * Gives a slow invocation its one cause. It was slower than the run's median by its <em>excess</em>; the cause is what
 * took at least half of that, in this order:
 *
 * <ol>
 *   <li>pauses, which fall into whatever was going on: garbage collections of the server between sent and done, those of
 *       the generator and stalls of either host between intended start and done;
 *   <li>its parts, of which what the run's median has as well is no excess. As parts do not overlap no two of them have
 *       more than half; throttled time, which lies within others, comes before these;
 *   <li>of what lies outside these parts, times in which the generator's thread had no processor, then times in which the
 *       server's had none. They come last, as they may lie anywhere within a stretch that is longer.
 * </ol>
 *
 * @param typical medians of the run, each part by itself
 * @param serverCollections of the server; nothing where it did not tell
 * @param generatorCollections of the generator
 * @param stalls late wake-ups in either process
 * @param generatorWaits of the thread that sends and reads
 * @param serverWaits of those that read, decide and answer
 */
public record CauseRules(
        Times typical,
        PausedTime serverCollections,
        PausedTime generatorCollections,
        PausedTime stalls,
        CpuWaits generatorWaits,
        CpuWaits serverWaits) {
    /** The one cause. */
    public Cause of(SlowInvocation slow) {
        long excessNs = slow.times().totalNs() - typical.totalNs();
        if (excessNs <= 0) {
            return Cause.UNEXPLAINED;
        }
        Cause pause = pause(slow, excessNs);
        Cause known = pause == Cause.UNEXPLAINED ? part(slow, excessNs) : pause;
        return known == Cause.UNEXPLAINED ? outside(slow, excessNs) : known;
    }

    private Cause pause(SlowInvocation slow, long excessNs) {
        if (isHalf(serverCollections.within(slow.sentNs(), slow.doneNs()), excessNs)) {
            return Cause.GARBAGE_COLLECTION;
        }
        if (isHalf(generatorCollections.within(slow.intendedNs(), slow.doneNs()), excessNs)) {
            return Cause.GENERATOR;
        }
        return isHalf(stalls.within(slow.intendedNs(), slow.doneNs()), excessNs) ? Cause.HOST : Cause.UNEXPLAINED;
    }

    private Cause part(SlowInvocation slow, long excessNs) {
        Times times = slow.times();
        if (isHalf(times.latenessNs() - typical.latenessNs(), excessNs)) {
            return Cause.GENERATOR;
        }
        if (isHalf(times.coldNs() - typical.coldNs(), excessNs)) {
            return Cause.COLD_START;
        }
        if (isHalf(times.throttledNs() - typical.throttledNs(), excessNs)) {
            return Cause.THROTTLED;
        }
        if (isHalf(times.suppressedInitNs() - typical.suppressedInitNs(), excessNs)) {
            return Cause.SUPPRESSED_INIT;
        }
        if (isHalf(times.queueNs() - typical.queueNs(), excessNs)) {
            return slow.victim() ? Cause.VICTIM : Cause.QUEUEING;
        }
        if (isHalf(times.invokeNs() - typical.invokeNs(), excessNs)) {
            return Cause.INVOKE;
        }
        return isHalf(times.platformNs() - typical.platformNs(), excessNs) ? Cause.PLATFORM : Cause.UNEXPLAINED;
    }

    private Cause outside(SlowInvocation slow, long excessNs) {
        if (isHalf(generatorWaits.within(slow.intendedNs(), slow.doneNs()), excessNs)) {
            return Cause.GENERATOR;
        }
        return isHalf(serverWaits.within(slow.sentNs(), slow.doneNs()), excessNs) ? Cause.HOST : Cause.UNEXPLAINED;
    }

    private static boolean isHalf(long partNs, long excessNs) {
        return 2 * partNs >= excessNs;
    }
}
