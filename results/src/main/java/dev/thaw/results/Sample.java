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
    /** The two halves of the request's id, a UUID; both 0 where the answer had none. */
    public long requestIdHigh;

    public long requestIdLow;
    /** True where {@link #server} was in the response. */
    public boolean serverKnown;

    public final ServerRecord server = new ServerRecord();

    /** What the caller waited, on the plan's clock: a late start counts against the run, not for it. */
    public long fromIntendedNs() {
        return doneNs - intendedStartNs;
    }

    /** What the server and the network took once the request was on its way. */
    public long serviceNs() {
        return doneNs - sentNs;
    }

    /** How late the generator itself was. */
    public long latenessNs() {
        return sentNs - intendedStartNs;
    }

    /** A function ran to an end: only then does its latency count. Refusals are quick and would flatter the tail. */
    boolean wasExecuted() {
        return status == SampleStatus.OK || status == SampleStatus.FUNCTION_ERROR || status == SampleStatus.TIMED_OUT;
    }

    void copyFrom(Sample other) {
        function = other.function;
        intendedStartNs = other.intendedStartNs;
        sentNs = other.sentNs;
        doneNs = other.doneNs;
        status = other.status;
        requestIdHigh = other.requestIdHigh;
        requestIdLow = other.requestIdLow;
        serverKnown = other.serverKnown;
        if (serverKnown) {
            server.copyFrom(other.server);
        }
    }
}
