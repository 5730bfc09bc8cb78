package dev.thaw.scheduler.events.source;

/**
 * What a mapping's thread does, turn after turn.
 *
 * <p>Threading: {@link #turn} and {@link #end} on the mapping's thread; {@link #lastResult} on any.
 */
interface SourceLoop {
    /** Receives, decides, starts invocations; blocks while there is nothing to do. */
    void turn() throws InterruptedException;

    /** Hands back what was received and given to no function; nothing is started any more. */
    void end();

    /** In words, as {@code LastProcessingResult} has it. */
    String lastResult();
}
