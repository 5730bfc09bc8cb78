package dev.thaw.runtimebridge;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One registered extension: what it wants to hear of, and whether it is at work.
 *
 * <p>Threading: one event loop.
 */
final class Extension {
    static final String INVOKE = "INVOKE";
    static final String SHUTDOWN = "SHUTDOWN";

    /** Names are those that the refusals use. */
    enum State {
        /** Has not asked for an event yet: its init goes on. */
        REGISTERED("Registered"),
        /** Asked for an event. */
        READY("Ready"),
        /** Was given an event and has not asked for the next one. */
        RUNNING("Running"),
        /** Reported that it failed; it is expected to end. */
        FAILED("Failed");

        final String key;

        State(String key) {
            this.key = key;
        }
    }

    final String name;
    final String id;
    final boolean wantsInvoke;
    final boolean wantsShutdown;
    State state = State.REGISTERED;
    /** Waits for an event, or null. */
    @Nullable
    RuntimeApiConnection waiting;
    /** An event that nobody has fetched yet, or null. */
    @Nullable
    String event;

    Extension(String name, boolean wantsInvoke, boolean wantsShutdown) {
        this(new Snapshot.Registration(name, UUID.randomUUID().toString(), wantsInvoke, wantsShutdown));
    }

    /** One that had registered before a snapshot, and is to ask for its next event again. */
    Extension(Snapshot.Registration registration) {
        this(registration.name(), registration.id(), registration.wantsInvoke(), registration.wantsShutdown());
    }

    private Extension(String name, String id, boolean wantsInvoke, boolean wantsShutdown) {
        this.name = name;
        this.id = id;
        this.wantsInvoke = wantsInvoke;
        this.wantsShutdown = wantsShutdown;
    }

    Snapshot.Registration registration() {
        return new Snapshot.Registration(name, id, wantsInvoke, wantsShutdown);
    }

    /** What it wants to hear of, as it named that. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        if (wantsInvoke) {
            events.add(INVOKE);
        }
        if (wantsShutdown) {
            events.add(SHUTDOWN);
        }
        return events;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Has an event delivered: to the connection that waits for it, or to the next one that asks. */
    void give(String next) {
        RuntimeApiConnection connection = waiting;
        waiting = null;
        state = State.RUNNING;
        if (connection == null) {
            event = next;
        } else {
            connection.answerExtensionEvent(next);
        }
    }

    /** It asks for its next event, which may be there already. */
    void ask(RuntimeApiConnection connection) {
        String there = event;
        if (there == null) {
            state = State.READY;
            waiting = connection;
            connection.park();
        } else {
            event = null;
            connection.answerExtensionEvent(there);
        }
    }
}
