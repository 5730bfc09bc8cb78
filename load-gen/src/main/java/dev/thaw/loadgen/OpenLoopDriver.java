package dev.thaw.loadgen;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.results.RunRecorder;
import dev.thaw.results.SampleStatus;
import dev.thaw.results.pauses.CpuWaitWatch;
import java.util.List;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Sends each invocation at its intended start, whatever the server does. An invocation that cannot be sent in time
 * waits, and its wait counts, as latency is taken from the intended start. Each is sent once, or counted as unsent with
 * the cause. A driver makes one run, and rehearsals before it.
 *
 * <p>Threading: everything happens on {@code thaw-load-1}, which sleeps until shortly before the next start and then
 * polls. {@link #connect}, {@link #rehearse}, {@link #run} and {@link #runClosedLoop} block their caller; {@link #counters} and
 * {@link #stop} are for any thread.
 */
public final class OpenLoopDriver implements AutoCloseable {
    /** Starts sent before answers are read again, where many are due at once. */
    private static final int SEND_BATCH = 32;

    private static final long SWEEP_NS = 100_000_000L;
    /** Whoever stops a run does not wait minutes for its longest functions; what has not answered by then is lost. */
    private static final long STOPPED_DRAIN_NS = 10_000_000_000L;

    private final DriverConfig config;
    private final NanoClock clock;
    private final LoadCounters counters = new LoadCounters();
    private final LoadThread thread;
    private final Connector connector;
    private final Dispatcher dispatcher;
    private @Nullable CpuWaitWatch cpuWaits;
    private volatile boolean stopped;
    private volatile boolean closed;

    /** Looks the target up and starts the thread; opens no connection yet. */
    public OpenLoopDriver(DriverConfig config, NanoClock clock) {
        this.config = config;
        this.clock = clock;
        connector = new Connector(config.target());
        thread = new LoadThread();
        connector.attach(thread);
        dispatcher = new Dispatcher(config, clock, connector, counters);
    }

    public LoadCounters counters() {
        return counters;
    }

    /**
     * Opens the warm connections, so that the run's first invocations do not pay for them.
     *
     * @throws LoadException where not one could be opened
     */
    public void connect() throws InterruptedException {
        thread.call(() -> connect(config.warmConnections()));
    }

    private Integer connect(int connections) {
        while (dispatcher.openCount() + dispatcher.opening() < connections) {
            dispatcher.openOne();
        }
        while (dispatcher.opening() > 0) {
            thread.turn(SWEEP_NS);
        }
        if (dispatcher.openCount() == 0 && connections > 0) {
            throw new LoadException("target: 'http://" + config.target().host() + ":"
                    + config.target().port() + "', must accept connections: " + dispatcher.lastConnectProblem());
        }
        return dispatcher.openCount();
    }

    /** Has the recorder told when the load's thread had work and no processor, until the run's end. */
    public void tellCpuWaits(RunRecorder recorder) throws InterruptedException {
        thread.call(() -> {
            cpuWaits = recorder.watchThisThread(clock.nanoTime());
            return true;
        });
    }

    /**
     * Sends a plan of which nothing counts, by the connections that the run then goes on with: what comes once only, here
     * and at the target, is over by then.
     */
    public void rehearse(LoadPlan plan, SampleSink sink, long startNanoTime) throws InterruptedException {
        thread.call(() -> {
            dispatcher.begin(sink, startNanoTime);
            dispatcher.use(templates(plan.functions()));
            drive(plan);
            dispatcher.forgetCounts();
            return true;
        });
    }

    /**
     * Sends the plan, and waits until every invocation has ended.
     *
     * @param startNanoTime zero of the plan, on the clock's scale; not long past
     */
    public LoadOutcome run(LoadPlan plan, SampleSink sink, long startNanoTime) throws InterruptedException {
        return thread.call(() -> {
            dispatcher.begin(sink, startNanoTime);
            dispatcher.use(templates(plan.functions()));
            drive(plan);
            return finish();
        });
    }

    /**
     * Keeps that many connections busy for that long, each with one request after another: what the generator can do
     * at most. There, an intended start is when the connection became free.
     */
    public LoadOutcome runClosedLoop(
            List<LoadPlan.Function> functions, int connections, long durationNs, SampleSink sink, long startNanoTime)
            throws InterruptedException {
        return thread.call(() -> {
            connect(connections);
            dispatcher.begin(sink, startNanoTime);
            dispatcher.use(templates(functions));
            dispatcher.closeLoop(durationNs);
            driveClosedLoop(durationNs);
            return finish();
        });
    }

    /** Starts nothing more; what is under way has ten seconds to end. */
    public void stop() {
        stopped = true;
        thread.wakeUp();
    }

    private List<RequestTemplate> templates(List<LoadPlan.Function> functions) {
        List<RequestTemplate> templates = functions.stream()
                .map(f -> new RequestTemplate(config, f, dispatcher.nowNs()))
                .toList();
        connector.requestBytes(
                templates.stream().mapToInt(RequestTemplate::copiedBytes).max().orElse(0));
        return templates;
    }

    private void drive(LoadPlan plan) {
        ArrivalCursor cursor = plan.arrivals().get();
        boolean more = cursor.next();
        while (more && !stopped) {
            int batch = 0;
            long nowNs = dispatcher.nowNs();
            while (more && cursor.startNs() <= nowNs && batch++ < SEND_BATCH) {
                dispatcher.submit(cursor.function(), cursor.startNs(), cursor.durationUs());
                more = cursor.next();
            }
            dispatcher.loseLate();
            if (more) {
                await(cursor.startNs());
            }
        }
        for (long nowNs = dispatcher.nowNs(); more; more = cursor.next()) {
            dispatcher.endUnstarted(
                    cursor.function(), cursor.startNs(), SampleStatus.UNSENT, nowNs, Dispatcher.STOPPED);
        }
        drain(Math.max(dispatcher.nowNs(), stopped ? 0 : plan.durationNs()) + config.drainTimeoutNs());
    }

    private void driveClosedLoop(long durationNs) {
        while (!stopped && dispatcher.nowNs() < durationNs) {
            turn(Math.min(SWEEP_NS, durationNs - dispatcher.nowNs()));
            dispatcher.loseLate();
        }
        dispatcher.openLoop();
        drain(dispatcher.nowNs() + config.drainTimeoutNs());
    }

    private void await(long startNs) {
        long waitNs = startNs - dispatcher.nowNs();
        turn(Math.min(waitNs - config.spinNs(), SWEEP_NS));
    }

    private void turn(long waitNs) {
        thread.turn(waitNs);
        if (cpuWaits != null) {
            cpuWaits.look(clock.nanoTime());
        }
    }

    private void drain(long untilNs) {
        long endNs = untilNs;
        boolean cut = false;
        while (!closed && !dispatcher.idle() && dispatcher.nowNs() < endNs) {
            if (stopped && !cut) {
                cut = true;
                endNs = Math.min(untilNs, dispatcher.nowNs() + STOPPED_DRAIN_NS);
            }
            dispatcher.loseLate();
            turn(Math.min(SWEEP_NS, endNs - dispatcher.nowNs()));
        }
        dispatcher.giveUp();
    }

    private LoadOutcome finish() {
        LoadOutcome outcome = dispatcher.outcome();
        dispatcher.closeAll();
        return outcome;
    }

    /** Ends a run that is still under way. */
    @Override
    public void close() {
        closed = true;
        stop();
        thread.close();
        if (cpuWaits != null) {
            cpuWaits.close();
        }
    }
}
