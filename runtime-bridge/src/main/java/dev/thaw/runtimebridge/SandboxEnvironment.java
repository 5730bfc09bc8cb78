package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One environment: a sandbox, the session of the runtime in it, and its log.
 *
 * <p>No exchange is touched on the event loop. {@link #dispatch} takes the event out of it, {@link #settle} puts the
 * result into it, both on the scheduler's thread: an exchange that timed out may serve another client already while a
 * late response comes in, and that response then has nothing to write to.
 *
 * <p>Threading: commands and {@link #settle} on the scheduler's thread, sandbox events on a thread of the backend; both
 * go on in {@code eventLoop}. Fields written there and read by {@link #settle} are handed over by the signal in between.
 */
final class SandboxEnvironment implements SandboxEvents, RuntimeSession.Listener {
    /** Lets a response that its runtime sent just before it ended be read first. */
    private static final long EXIT_GRACE_MS = 1;

    private final BridgeContext context;
    private final DeployedFunction function;
    private final EventLoop eventLoop;
    private final EnvironmentLog log;
    private final String logId;
    private final LocalDate createdOn;
    private final RuntimeApiEvent event = new RuntimeApiEvent();
    private final SandboxStats before = new SandboxStats();
    private final Runnable dispatchTask = this::onDispatch;
    private final Runnable freezeTask = this::onFreeze;
    private final Runnable thawTask = this::onThaw;
    final long environmentId;

    // The scheduler's thread's.
    long peakBytes = -1;
    long peakReadNs = Long.MIN_VALUE / 2;

    // The event loop's.
    private @Nullable RuntimeSession session;
    private @Nullable RuntimeApiServer server;
    private @Nullable OutputPipe pipe;
    private boolean suppressed;
    private boolean initFailed;
    private boolean resetting;
    private boolean destroying;
    private long initStartNs;

    // Written on the event loop before a signal, read on the scheduler's thread after it.
    private volatile @Nullable Sandbox sandbox;
    private @Nullable ByteBuf body;
    private @Nullable RuntimeFailure failure;
    private long outputPosition = OutputPipe.UNKNOWN;
    /** Where init's output ends, until the first START line has been placed there. */
    private long initOutputEnd = OutputPipe.UNKNOWN;

    private long initNs = LogLines.NO_INIT;

    SandboxEnvironment(
            BridgeContext context, DeployedFunction function, EventLoop eventLoop, long environmentId, String logId) {
        this.context = context;
        this.function = function;
        this.eventLoop = eventLoop;
        this.environmentId = environmentId;
        this.logId = logId;
        createdOn = LocalDate.ofEpochDay(Math.floorDiv(context.epochClock().time(), TimeUnit.DAYS.toMillis(1)));
        Path directory =
                context.config().logDirectory().resolve(function.config().name());
        log = new EnvironmentLog(directory.resolve(createdOn + "-" + logId + ".log"), function);
    }

    EnvironmentLog log() {
        return log;
    }

    DeployedFunction function() {
        return function;
    }

    @Nullable
    Sandbox sandbox() {
        return sandbox;
    }

    // --- commands, on the scheduler's thread

    void create() {
        context.logs().initStart(log);
        String name = function.config().name();
        SandboxSpec spec = new SandboxSpec(
                name.substring(0, Math.min(name.length(), 31)) + "-" + logId,
                architecture(function.config().architecture()),
                function.codeDirectory(),
                function.layerDirectories(),
                function.config().memoryMib(),
                function.config().ephemeralStorageMib(),
                RuntimeVariables.of(function, context.config().credentials(), logId, createdOn));
        context.backend().create(spec, this);
    }

    private static Architecture architecture(String key) {
        return key.equals(Architecture.ARM64.key()) ? Architecture.ARM64 : Architecture.X86_64;
    }

    @HotPath
    void dispatch(Exchange exchange, long deadlineEpochMs) {
        event.requestId = exchange.requestId;
        event.deadlineEpochMs = deadlineEpochMs;
        event.invokedFunctionArn = exchange.invokedFunctionArn;
        event.traceId = exchange.traceId;
        event.clientContext = exchange.clientContext;
        event.payload = exchange.payload;
        exchange.payload = null;
        context.logs().start(log, exchange.requestId, exchange.logTail, initOutputEnd);
        initOutputEnd = OutputPipe.UNKNOWN;
        Sandbox current = sandbox;
        if (exchange.recordWanted && current != null) {
            current.readStats(before); // before the event leaves: no work of this invocation may be missed
        }
        run(dispatchTask);
    }

    void initialize() {
        run(() -> {
            Sandbox current = sandbox;
            if (current != null && !destroying) {
                suppressed = true;
                dropResult();
                startRuntime(current);
            }
        });
    }

    void freeze() {
        run(freezeTask);
    }

    void thaw() {
        run(thawTask);
    }

    void reset(ResetReason reason) {
        run(() -> onResetCommand(reason));
    }

    void destroy() {
        run(this::onDestroyCommand);
    }

    @HotPath
    private void run(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    @HotPath
    private void onDispatch() {
        RuntimeSession current = session;
        if (current == null) {
            event.release();
        } else {
            current.dispatch(event);
        }
    }

    private void onFreeze() {
        RuntimeSession current = session;
        Sandbox frozen = sandbox;
        if (current != null && frozen != null) {
            current.flushHeld();
            control(frozen::freeze);
        }
    }

    private void onThaw() {
        Sandbox frozen = sandbox;
        if (frozen != null) {
            control(() -> {
                frozen.thaw();
                context.signals().thawed(environmentId);
            });
        }
    }

    private void onResetCommand(ResetReason reason) {
        Sandbox current = sandbox;
        RuntimeSession ended = session;
        if (current == null || destroying) {
            return;
        }
        resetting = true;
        if (reason == ResetReason.INIT_TIMEOUT && !suppressed) {
            context.logs().initReport(log, context.clock().nanoTime() - initStartNs, null);
        }
        if (ended != null && reason == ResetReason.TIMEOUT) {
            ended.timeOut();
        } else if (ended != null) {
            ended.end();
        }
        dropBodyAfterTimeout(reason);
        control(current::reset);
    }

    /** A response that came too late to count. That of a failed init is still to be told to the invocation that waits. */
    private void dropBodyAfterTimeout(ResetReason reason) {
        if (reason == ResetReason.TIMEOUT) {
            dropResult();
        }
    }

    private void onDestroyCommand() {
        if (destroying) {
            return;
        }
        destroying = true;
        endSession();
        dropResult();
        Sandbox current = sandbox;
        if (current != null) {
            control(current::destroy);
        }
    }

    /** A failing kernel write must not end the control thread nor go unseen. */
    private void control(Runnable command) {
        context.control().execute(() -> {
            try {
                command.run();
            } catch (RuntimeException failed) {
                context.logs().note(log, "command on the sandbox failed: " + failed.getMessage());
            }
        });
    }

    // --- sandbox events, on a thread of the backend

    @Override
    public void onCreated(Sandbox created) {
        eventLoop.execute(() -> {
            sandbox = created;
            if (destroying) {
                control(created::destroy);
                return;
            }
            openSession(created);
            context.signals().sandboxCreated(environmentId);
            startRuntime(created);
        });
    }

    @Override
    public void onCreateFailed(String reason) {
        eventLoop.execute(() -> {
            context.logs().note(log, "sandbox could not be created: " + reason);
            endEverything();
        });
    }

    @Override
    public void onExited(Sandbox exited, ExitStatus status) {
        eventLoop.execute(() -> {
            RuntimeSession ended = session;
            Future<?> _ = eventLoop.schedule(() -> onExit(ended, status), EXIT_GRACE_MS, TimeUnit.MILLISECONDS);
        });
    }

    @Override
    public void onReset(Sandbox done) {
        eventLoop.execute(() -> {
            if (destroying) {
                return;
            }
            resetting = false;
            endSession();
            openSession(done);
            context.signals().reset(environmentId);
        });
    }

    @Override
    public void onDestroyed(Sandbox gone) {
        eventLoop.execute(this::endEverything);
    }

    private void endEverything() {
        destroying = true;
        endSession();
        dropResult();
        sandbox = null;
        context.logs().close(log);
        context.signals().destroyed(environmentId);
    }

    private void openSession(Sandbox current) {
        RuntimeSession next = new RuntimeSession(this, false);
        OutputPipe output = new OutputPipe(current.takeOutputFd());
        session = next;
        pipe = output;
        context.logs().attach(log, output);
        server = RuntimeApiServer.open(eventLoop, current.takeRuntimeApiFd(), next);
    }

    private void endSession() {
        RuntimeSession ended = session;
        RuntimeApiServer closed = server;
        session = null;
        server = null;
        pipe = null;
        if (ended != null) {
            ended.end();
        }
        if (closed != null) {
            closed.close();
        }
    }

    private void startRuntime(Sandbox current) {
        initFailed = false;
        initStartNs = context.clock().nanoTime();
        current.start(!suppressed);
    }

    private void onExit(@Nullable RuntimeSession ended, ExitStatus status) {
        if (ended == null || ended != session || resetting || destroying) {
            return; // known already, or asked for
        }
        boolean wasReady = ended.isInitOver();
        outputPosition = OutputPipe.UNKNOWN;
        endSession();
        if (wasReady) {
            failure = RuntimeFailure.exited(status);
            context.signals().runtimeExit(environmentId);
        } else if (!initFailed) {
            failInit(RuntimeFailure.exited(status));
        }
    }

    private void failInit(RuntimeFailure why) {
        initFailed = true;
        failure = why;
        if (!suppressed) {
            context.logs().initReport(log, context.clock().nanoTime() - initStartNs, why.logType());
        }
        context.signals().initFailed(environmentId);
    }

    // --- the session, on the event loop

    @Override
    public void onConnected() {
        context.signals().runtimeConnected(environmentId);
    }

    @Override
    @HotPath
    public void onReady() {
        RuntimeSession current = session;
        if (initStartNs != 0 && current != null) {
            slowOnInitDone();
        }
        context.signals().ready(environmentId);
    }

    private void slowOnInitDone() {
        Sandbox current = sandbox;
        initNs = suppressed ? LogLines.NO_INIT : context.clock().nanoTime() - initStartNs;
        initStartNs = 0;
        OutputPipe output = pipe;
        initOutputEnd = output == null ? OutputPipe.UNKNOWN : output.position();
        if (current != null && !suppressed) {
            current.endBoost();
        }
    }

    @Override
    @HotPath
    public void onResponse(ByteBuf response) {
        answered(response, null, Outcome.RESPONSE);
    }

    @Override
    public void onResponseTooLarge() {
        answered(null, RuntimeFailure.RESPONSE_TOO_LARGE, Outcome.FUNCTION_ERROR);
    }

    @Override
    public void onError(String errorType, ByteBuf report) {
        answered(report, RuntimeFailure.reported(errorType), Outcome.FUNCTION_ERROR);
    }

    @HotPath
    private void answered(@Nullable ByteBuf response, @Nullable RuntimeFailure why, Outcome outcome) {
        OutputPipe output = pipe;
        body = response;
        failure = why;
        outputPosition = output == null ? OutputPipe.UNKNOWN : output.fence();
        context.signals().response(environmentId, outcome);
    }

    @Override
    public void onInitError(String errorType, ByteBuf report) {
        dropResult();
        body = report;
        failInit(new RuntimeFailure(errorType, "Error: " + errorType, true, false));
    }

    private void dropResult() {
        ByteBuf held = body;
        body = null;
        failure = null;
        if (held != null) {
            held.release();
        }
    }

    // --- on the scheduler's thread again

    /** Moves what the runtime answered, or why it did not, into the exchange. Returns why it failed, or null. */
    @HotPath
    @Nullable
    RuntimeFailure settle(Exchange exchange, Outcome outcome) {
        if (outcome == Outcome.TIMED_OUT) {
            return null; // what came or comes too late is dropped with the reset
        }
        ByteBuf held = body;
        RuntimeFailure why = failure;
        body = null;
        failure = null;
        boolean empty = held == null || (outcome != Outcome.RESPONSE && !held.isReadable());
        if (!empty) {
            exchange.response = held;
        } else if (held != null) {
            held.release();
        }
        if (empty && why != null) {
            exchange.errorType = why.type();
            exchange.errorMessage = why.message(exchange.requestId);
        }
        return why;
    }

    /** Where in the output the invocation that just ended stopped writing. */
    @HotPath
    long outputPosition(Outcome outcome) {
        return outcome == Outcome.RESPONSE || outcome == Outcome.FUNCTION_ERROR ? outputPosition : OutputPipe.UNKNOWN;
    }

    /** How long init took, once: for the first invocation after it; {@link LogLines#NO_INIT} for every other. */
    @HotPath
    long takeInitNs() {
        long taken = initNs;
        initNs = LogLines.NO_INIT;
        return taken;
    }

    /** Counters as of the dispatch of an invocation whose record is wanted. */
    @HotPath
    SandboxStats statsBefore() {
        return before;
    }

    /** Reads the counters into {@code stats}; false where the sandbox is gone. */
    @HotPath
    boolean readStats(SandboxStats stats) {
        Sandbox current = sandbox;
        if (current == null) {
            return false;
        }
        current.readStats(stats);
        return true;
    }

    static boolean serves(@Nullable SandboxEnvironment environment, Invocation invocation) {
        return environment != null && environment.environmentId == invocation.environmentId();
    }
}
