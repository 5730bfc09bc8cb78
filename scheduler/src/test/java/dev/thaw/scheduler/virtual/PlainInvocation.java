package dev.thaw.scheduler.virtual;

/** An invocation of {@link PlainFleet}. */
final class PlainInvocation {
    int function;
    long ordinal;
    long arrived;
    long work;
    int order;
    /** Its place in the line for room, once it needed some. */
    long rank;

    boolean ranked;
}
