package dev.thaw.loadgen;

import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Gives invocations to connections: the most recently used idle one, a new one where none is idle, the first one free
 * where as many as allowed are open. Tells the sink of every invocation once. Never retries.
 *
 * <p>Threading: the load's thread.
 */
final class Dispatcher {
    static final String RUN_ENDED = "no answer when the run ended";
    static final String NOT_SENT = "no connection when the run ended";
    static final String STOPPED = "run stopped";
    static final String TIMED_OUT = "no answer within the request timeout";

    private static final long SWEEP_NS = 100_000_000L;

    private final DriverConfig config;
    private final NanoClock clock;
    private final Connector connector;
    private final LoadCounters counters;
    private final Causes causes = new Causes();
    private final Backlog backlog = new Backlog();
    private final Sample sample = new Sample();
    private Connection[] open = new Connection[64];
    private Connection[] idle = new Connection[64];
    private int openCount;
    private int idleCount;
    private int opening;
    private long openedEver;
    private long nextSweepNs = Long.MIN_VALUE;
    private String lastConnectProblem = "";

    private RequestTemplate[] templates = {};
    private SampleSink sink = sample -> {};
    private long startNanoTime;
    private int closedLoopNext;
    private long closedLoopUntilNs = Long.MIN_VALUE;

    Dispatcher(DriverConfig config, NanoClock clock, Connector connector, LoadCounters counters) {
        this.config = config;
        this.clock = clock;
        this.connector = connector;
        this.counters = counters;
    }

    /** Times count from here on. */
    void begin(SampleSink newSink, long newStartNanoTime) {
        sink = newSink;
        startNanoTime = newStartNanoTime;
        nextSweepNs = Long.MIN_VALUE; // the last one was told in the times of before
    }

    /** What has ended so far was no part of the run. */
    void forgetCounts() {
        counters.clear();
        counters.setConnections(openCount);
        causes.clear();
        backlog.clearMost();
    }

    /** What is sent, by the functions' indexes. */
    void use(List<RequestTemplate> newTemplates) {
        templates = newTemplates.toArray(new RequestTemplate[0]);
    }

    long nowNs() {
        return clock.nanoTime() - startNanoTime;
    }

    // --- work

    /** Sends now, or as soon as there is a connection. */
    void submit(int function, long intendedNs, int durationUs) {
        if (idleCount > 0) {
            send(idle[--idleCount], function, intendedNs, durationUs);
            return;
        }
        backlog.add(function, intendedNs, durationUs);
        counters.setWaiting(backlog.size());
        if (opening < backlog.size()) {
            if (openCount + opening < config.maxConnections()) {
                openOne();
            } else {
                counters.onBoundWait();
            }
        }
    }

    /** From now on each idle connection sends at once, its intended start being that moment. */
    void closeLoop(long untilNs) {
        closedLoopUntilNs = untilNs;
        for (int i = idleCount; i > 0; i--) {
            nextOf(idle[--idleCount], nowNs());
        }
    }

    void openLoop() {
        closedLoopUntilNs = Long.MIN_VALUE;
    }

    private void send(Connection connection, int function, long intendedNs, int durationUs) {
        counters.onSent();
        connection.send(templates[function], function, intendedNs, durationUs, nowNs());
    }

    /** A connection is free: it takes what waits longest. */
    private void nextOf(Connection connection, long nowNs) {
        if (backlog.size() > 0) {
            int function = backlog.function();
            long intendedNs = backlog.intendedNs();
            int durationUs = backlog.durationUs();
            backlog.remove();
            counters.setWaiting(backlog.size());
            send(connection, function, intendedNs, durationUs);
        } else if (nowNs < closedLoopUntilNs) {
            int function = closedLoopNext++ % templates.length;
            counters.onSent();
            connection.send(templates[function], function, nowNs, 0, nowNs);
        } else {
            if (idleCount == idle.length) {
                idle = Arrays.copyOf(idle, idle.length * 2);
            }
            idle[idleCount++] = connection;
        }
    }

    // --- connections

    void openOne() {
        opening++;
        connector.connect(this);
    }

    int opening() {
        return opening;
    }

    int openCount() {
        return openCount;
    }

    String lastConnectProblem() {
        return lastConnectProblem;
    }

    void onOpen(Connection connection) {
        opening--;
        openedEver++;
        if (openCount == open.length) {
            open = Arrays.copyOf(open, open.length * 2);
        }
        connection.place = openCount;
        open[openCount++] = connection;
        counters.setConnections(openCount);
        nextOf(connection, nowNs());
    }

    /** The invocation for which it was opened has failed with it; a retry would hide that. */
    void onConnectFailed(Throwable problem) {
        opening--;
        lastConnectProblem = Causes.describe(problem);
        if (backlog.size() > opening) {
            long nowNs = nowNs();
            endFirstWaiting(SampleStatus.LOST, nowNs, lastConnectProblem);
        }
        openFor(backlog.size() > opening);
    }

    void onAnswer(Connection connection, boolean clean) {
        long doneNs = nowNs();
        fill(connection, doneNs, connection.decoder.sampleStatus());
        sample.serverKnown = connection.decoder.readRecord(sample.server);
        connection.decoder.readRequestId(sample);
        if (connection.finish() && clean) {
            nextOf(connection, doneNs);
        } else {
            connection.abandon();
        }
        end();
    }

    void onClosed(Connection connection, String cause) {
        if (connection.place < 0) {
            return;
        }
        forget(connection);
        if (connection.busy()) {
            fill(connection, nowNs(), SampleStatus.LOST);
            causes.add(cause);
            end();
        }
        openFor(backlog.size() > opening || nowNs() < closedLoopUntilNs);
    }

    /** What still waits may have counted on a connection that is gone. */
    private void openFor(boolean wanted) {
        if (wanted && openCount + opening < config.maxConnections()) {
            openOne();
        }
    }

    private void forget(Connection connection) {
        Connection last = open[--openCount];
        open[connection.place] = last;
        last.place = connection.place;
        counters.setConnections(openCount);
        for (int i = 0; i < idleCount; i++) {
            if (idle[i] == connection) {
                System.arraycopy(idle, i + 1, idle, i, --idleCount - i);
                return;
            }
        }
    }

    // --- ends

    private void fill(Connection connection, long doneNs, SampleStatus status) {
        sample.function = connection.function;
        sample.intendedStartNs = connection.intendedNs;
        sample.sentNs = connection.sentNs;
        sample.doneNs = doneNs;
        sample.status = status;
        sample.requestIdHigh = 0;
        sample.requestIdLow = 0;
        sample.serverKnown = false;
    }

    private void end() {
        counters.onEnded(sample.status);
        sink.accept(sample);
    }

    private void endFirstWaiting(SampleStatus status, long nowNs, String cause) {
        endUnstarted(backlog.function(), backlog.intendedNs(), status, nowNs, cause);
        backlog.remove();
        counters.setWaiting(backlog.size());
    }

    /** Ends an invocation that never had a connection. */
    void endUnstarted(int function, long intendedNs, SampleStatus status, long nowNs, String cause) {
        sample.function = function;
        sample.intendedStartNs = intendedNs;
        sample.sentNs = nowNs;
        sample.doneNs = nowNs;
        sample.status = status;
        sample.serverKnown = false;
        causes.add(cause);
        end();
    }

    boolean idle() {
        return backlog.size() == 0 && idleCount == openCount && opening == 0;
    }

    /** Looks now and then for requests that wait longer than allowed. */
    void loseLate() {
        long nowNs = nowNs();
        if (nowNs < nextSweepNs) {
            return;
        }
        nextSweepNs = nowNs + SWEEP_NS;
        long beforeNs = nowNs - config.requestTimeoutNs();
        for (int i = openCount - 1; i >= 0; i--) {
            if (open[i].busy() && open[i].sentNs < beforeNs) {
                open[i].fail(TIMED_OUT);
            }
        }
    }

    /** Nothing more is awaited: whatever waits is unsent, whatever is under way is lost. */
    void giveUp() {
        long nowNs = nowNs();
        while (backlog.size() > 0) {
            endFirstWaiting(SampleStatus.UNSENT, nowNs, NOT_SENT);
        }
        for (int i = 0; i < openCount; i++) {
            if (open[i].busy()) {
                fill(open[i], nowNs, SampleStatus.LOST);
                causes.add(RUN_ENDED);
                end();
                open[i].abandon();
            }
        }
    }

    void closeAll() {
        for (int i = openCount - 1; i >= 0; i--) {
            open[i].abandon();
        }
    }

    LoadOutcome outcome() {
        return new LoadOutcome(counters, nowNs(), openedEver, backlog.mostEver(), causes.counts());
    }
}
