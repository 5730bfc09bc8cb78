package dev.thaw.results;

/**
 * One planned invocation of a run, as the load generator saw it. Times are ns since the run's start. A carrier to be
 * reused: the recorder copies what it keeps.
 */
public final class Sample {
    /** Index into the run's functions. */
    public int function;
    /** When the plan says that it starts: latency counts from here. */
    public long intendedStartNs;
    /** When its first byte was handed to the socket. */
    public long sentNs;
    /** When its last byte was read. */
    public long doneNs;

    public SampleStatus status = SampleStatus.OK;
    /** True where {@link #server} was in the response. */
    public boolean serverKnown;

    public final ServerRecord server = new ServerRecord();
}
