package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.scheduler.core.HotPath;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of an environment's sandbox: which command may be given, which one waits for its answer. Every life that
 * {@link #create} began ends with one {@link Listener#onGone}, whatever the sandbox does: a command that fails, or that
 * nobody answers within {@link #ANSWER_BOUND_SEC}, costs the sandbox; one that cannot even be destroyed is given up.
 *
 * <p>Threading: commands and the listener on the event loop; sandbox events on any thread.
 */
final class SandboxControl implements SandboxEvents {
    /** How long create, reset and destroy may take each: long enough for a thousand at once to queue for one thread. */
    static final long ANSWER_BOUND_SEC = 60;

    /** As long as an init. */
    private static final long HELD_BOOST_SEC = 10;

    /** What happens to the sandbox, in order. */
    interface Listener {
        void onCreated(Sandbox sandbox);

        /** The runtime ended by itself. */
        void onExited(ExitStatus status);

        /** An external extension ended by itself; which one, as the sandbox counts them. */
        void onExtensionExited(int index, ExitStatus status);

        void onReset(Sandbox sandbox);

        /** It is being destroyed, because it failed; nothing of it counts any more. */
        void onFailing();

        /** Nothing follows. */
        void onGone();
    }

    private enum State {
        CREATING("create"),
        LIVE(""),
        /** Becomes a snapshot, and does nothing else any more. */
        SNAPSHOT("snapshot"),
        RESETTING("reset"),
        DESTROYING("destroy"),
        GONE("");

        /** The command that leads here and waits for its answer. */
        private final String command;

        State(String command) {
            this.command = command;
        }
    }

    private final BridgeContext context;
    private final EventLoop eventLoop;
    private final EnvironmentLog log;
    private final Listener listener;
    private final Runnable freezeTask = this::freezeNow;
    private State state = State.CREATING;
    private @Nullable ScheduledFuture<?> bound;
    private boolean boostHeld;

    private Consumer<@Nullable String> onSnapshot = _ -> {};

    private volatile @Nullable Sandbox sandbox;

    SandboxControl(BridgeContext context, EventLoop eventLoop, EnvironmentLog log, Listener listener) {
        this.context = context;
        this.eventLoop = eventLoop;
        this.log = log;
        this.listener = listener;
    }

    /** Null before it is created and after it is gone. Safe on any thread. */
    @Nullable
    Sandbox sandbox() {
        return sandbox;
    }

    /** It takes commands: it exists and is neither being reset nor destroyed. */
    boolean isLive() {
        return state == State.LIVE;
    }

    // --- commands

    void create(SandboxSpec spec) {
        expectAnswer(State.CREATING);
        try {
            context.backend().create(spec, this);
        } catch (RuntimeException failed) {
            giveUp("sandbox could not be created: " + failed.getMessage());
        }
    }

    void start(boolean boosted) {
        Sandbox current = sandbox;
        if (current != null) {
            attempt("start", () -> current.start(boosted));
        }
    }

    /** Where external extensions had to be there first. */
    void startRuntime() {
        Sandbox current = sandbox;
        if (current != null && isLive()) {
            attempt("start of the runtime", current::startRuntime);
        }
    }

    /**
     * Init is over. In an emulated machine that goes on from a snapshot nothing is translated any more, and translating
     * the function's code is no work of the function's: there the boost lasts until the first answer, and no longer than
     * an init's may.
     */
    void endBoost(boolean restored) {
        Sandbox current = sandbox;
        boostHeld = restored && current != null && current.emulated();
        if (boostHeld) {
            ScheduledFuture<?> _ = eventLoop.schedule(this::slowEndHeldBoost, HELD_BOOST_SEC, TimeUnit.SECONDS);
        } else {
            slowEndBoost();
        }
    }

    /** The first answer, or a later one. */
    @HotPath
    void onAnswered() {
        if (boostHeld) {
            slowEndHeldBoost();
        }
    }

    private void slowEndHeldBoost() {
        if (boostHeld) {
            boostHeld = false;
            slowEndBoost();
        }
    }

    private void slowEndBoost() {
        Sandbox current = sandbox;
        if (current != null) {
            attempt("end of the boost", current::endBoost);
        }
    }

    void freeze() {
        if (isLive()) {
            command("freeze", freezeTask, this::fail);
        }
    }

    private void freezeNow() {
        Sandbox current = sandbox;
        if (current != null) {
            current.freeze();
        }
    }

    /** Has {@code then} run on the thread of control, once the processes may run again. */
    void thaw(Runnable then) {
        Sandbox current = sandbox;
        if (current != null && isLive()) {
            command(
                    "thaw",
                    () -> {
                        current.thaw();
                        then.run();
                    },
                    this::fail);
        }
    }

    /** {@code done} hears why there is none, or null. */
    void snapshot(Path folder, Consumer<@Nullable String> done) {
        Sandbox current = sandbox;
        if (current != null && isLive()) {
            onSnapshot = done;
            expectAnswer(State.SNAPSHOT);
            command(State.SNAPSHOT.command, () -> current.snapshot(folder), this::fail);
        }
    }

    void reset() {
        Sandbox current = sandbox;
        if (current != null && isLive()) {
            expectAnswer(State.RESETTING);
            command(State.RESETTING.command, current::reset, this::fail);
        }
    }

    /** At any time. One that is still being created is destroyed then. */
    void destroy() {
        if (state != State.DESTROYING && state != State.GONE) {
            expectAnswer(State.DESTROYING);
            destroyNow();
        }
    }

    private void destroyNow() {
        Sandbox current = sandbox;
        if (current != null) {
            command(State.DESTROYING.command, current::destroy, this::giveUp);
        }
    }

    /** Goes to the one thread that may wait for the kernel. */
    private void command(String name, Runnable command, Consumer<String> onFailed) {
        context.control().execute(() -> {
            try {
                command.run();
            } catch (RuntimeException failed) {
                eventLoop.execute(() -> onFailed.accept(failure(name, failed)));
            }
        });
    }

    private static String failure(String name, RuntimeException failed) {
        return name + " of the sandbox failed: " + failed.getMessage();
    }

    // --- bounds

    private void expectAnswer(State next) {
        answered();
        state = next;
        bound = eventLoop.schedule(this::onUnanswered, ANSWER_BOUND_SEC, TimeUnit.SECONDS);
    }

    private void answered() {
        ScheduledFuture<?> pending = bound;
        bound = null;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void onUnanswered() {
        String why = state.command + " of the sandbox was not answered within " + ANSWER_BOUND_SEC + " s";
        if (state == State.RESETTING || state == State.SNAPSHOT) {
            fail(why);
        } else {
            giveUp(why);
        }
    }

    /** The sandbox can no longer be trusted. */
    private void fail(String why) {
        if (state != State.DESTROYING && state != State.GONE) {
            context.logs().note(log, why);
            listener.onFailing();
            destroy();
        }
    }

    /** Nothing more can be done about it. Should it answer one day, it is destroyed, and nobody is told. */
    private void giveUp(String why) {
        if (state != State.GONE) {
            context.logs().note(log, why);
            end();
        }
    }

    private void end() {
        answered();
        state = State.GONE;
        sandbox = null;
        listener.onGone();
    }

    /** What an answer leads to may fail as well: a socket that cannot be served, a quota that cannot be written. */
    private void attempt(String name, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failed) {
            fail(failure(name, failed));
        }
    }

    // --- events

    @Override
    public void onCreated(Sandbox created) {
        eventLoop.execute(() -> {
            if (state == State.GONE) {
                command("late destroy", created::destroy, this::giveUp);
                return;
            }
            sandbox = created;
            if (state == State.DESTROYING) {
                expectAnswer(State.DESTROYING);
                destroyNow();
            } else {
                answered();
                state = State.LIVE;
                attempt(State.CREATING.command, () -> listener.onCreated(created));
            }
        });
    }

    @Override
    public void onCreateFailed(String reason) {
        eventLoop.execute(() -> giveUp("sandbox could not be created: " + reason));
    }

    @Override
    public void onExited(Sandbox exited, ExitStatus status) {
        eventLoop.execute(() -> {
            if (isLive()) {
                listener.onExited(status);
            }
        });
    }

    @Override
    public void onExtensionExited(Sandbox exited, int index, ExitStatus status) {
        eventLoop.execute(() -> {
            if (isLive()) {
                listener.onExtensionExited(index, status);
            }
        });
    }

    @Override
    public void onReset(Sandbox done) {
        eventLoop.execute(() -> {
            if (state == State.RESETTING) {
                answered();
                state = State.LIVE;
                attempt(State.RESETTING.command, () -> listener.onReset(done));
            }
        });
    }

    @Override
    public void onSnapshotTaken(Sandbox taken) {
        onSnapshot(null);
    }

    @Override
    public void onSnapshotFailed(Sandbox failed, String reason) {
        onSnapshot(reason);
    }

    private void onSnapshot(@Nullable String failure) {
        eventLoop.execute(() -> {
            if (state == State.SNAPSHOT) {
                answered();
                onSnapshot.accept(failure);
            }
        });
    }

    @Override
    public void onDestroyed(Sandbox destroyed) {
        eventLoop.execute(() -> {
            if (state != State.GONE) {
                end();
            }
        });
    }
}
