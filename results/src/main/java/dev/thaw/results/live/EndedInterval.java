package dev.thaw.results.live;

import dev.thaw.results.Latencies;
import org.HdrHistogram.Histogram;

/**
 * What ended on a server between two of its readings: how long answers and the functions' own code took, and who paid
 * for an init.
 *
 * <p>Threading: one thread records, then hands the whole over. Recording allocates nothing.
 */
public final class EndedInterval {
    final Histogram answers = Latencies.fixed();
    final Histogram functions = Latencies.fixed();
    long coldTriggers;
    long coldVictims;
    long suppressedInits;

    /** An invocation that ran has ended: its answer is decided {@code answerNs} after its request's head was read. */
    public void record(long answerNs, long functionNs) {
        Latencies.record(answers, answerNs);
        Latencies.record(functions, functionNs);
    }

    /** The same invocation caused a new environment and was served by it. */
    public void countColdTrigger() {
        coldTriggers++;
    }

    /** The same invocation waited behind an init that others caused. */
    public void countColdVictim() {
        coldVictims++;
    }

    /** The same invocation repeated init inside its own time. */
    public void countSuppressedInit() {
        suppressedInits++;
    }

    /** Invocations that ran and ended. */
    public long count() {
        return answers.getTotalCount();
    }

    /** Ready to be recorded into anew. */
    public void reset() {
        answers.reset();
        functions.reset();
        coldTriggers = 0;
        coldVictims = 0;
        suppressedInits = 0;
    }
}
