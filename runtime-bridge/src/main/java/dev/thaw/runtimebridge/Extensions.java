package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of one run: external ones, whose processes were started before the runtime, and internal ones, which
 * the runtime's own process registers (contract.md sections 4 and 18, wire.md W2). Serves their calls, keeps who is at
 * work, tells its listener what follows from that. Knows nothing of processes but how they ended.
 *
 * <p>Threading: one event loop.
 */
final class Extensions {
    /** Most extensions of a function, both kinds together. */
    static final int LIMIT = 10;

    /** Longest registration or subscription that is read; a longer one is none. */
    static final int BODY_LIMIT_BYTES = 64 << 10;

    private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** What follows from the calls of extensions, in order. */
    interface Listener {
        /** Every external extension has registered: the runtime may start. */
        void onExtensionsRegistered();

        /** The last extension that was at work has asked for its next event. */
        void onExtensionsReady();

        /** One reported that it failed, or ended, having registered for {@code events}. Nothing else is told afterwards. */
        void onExtensionFailed(String name, List<String> events, RuntimeFailure why);
    }

    /** Takes what extensions ask for of telemetry. */
    @FunctionalInterface
    interface Telemetry {
        /** {@code body} is null where it was too long. Returns why not, or null. */
        @Nullable
        RuntimeRefusal subscribe(String extension, TelemetryApi api, byte @Nullable [] body);
    }

    /** Told of each extension. */
    @FunctionalInterface
    interface Visitor {
        void visit(String name, String state, List<String> events);
    }

    private final Listener listener;
    private final Telemetry telemetry;
    private final DeployedFunction function;
    /** Names of the external ones, by their index; null once its process has ended. */
    private final @Nullable String[] processes;

    private final List<Extension> registered = new ArrayList<>();
    private int externalRegistered;
    private boolean registrationClosed;
    /** Nothing is told any more, and no invocation comes. */
    private boolean ended;

    Extensions(Listener listener, Telemetry telemetry, DeployedFunction function, List<String> external) {
        this.listener = listener;
        this.telemetry = telemetry;
        this.function = function;
        this.processes = external.toArray(new String[0]);
    }

    /** Those that had registered before the snapshot that this run goes on from. */
    void restore(List<Snapshot.Registration> before) {
        for (Snapshot.Registration registration : before) {
            registered.add(new Extension(registration));
            externalRegistered += isExternal(registration.name()) ? 1 : 0;
        }
        registrationClosed = true;
    }

    List<Snapshot.Registration> registrations() {
        return registered.stream().map(Extension::registration).toList();
    }

    /** Whether there is any, or may be one soon. */
    boolean exist() {
        return processes.length > 0 || !registered.isEmpty();
    }

    boolean hasExternal() {
        return processes.length > 0;
    }

    /** Whether one is told of invocations. */
    boolean hearInvoke() {
        for (Extension extension : registered) {
            if (extension.wantsInvoke) {
                return true;
            }
        }
        return false;
    }

    /** Whether all have registered and none is at work. */
    boolean areReady() {
        for (Extension extension : registered) {
            if (!extension.isReady()) {
                return false;
            }
        }
        return externalRegistered == processes.length;
    }

    /** Whether nothing of the external ones runs any more. */
    boolean haveEnded() {
        for (String running : processes) {
            if (running != null) {
                return false;
            }
        }
        return true;
    }

    /** The runtime asked for its first event. */
    void closeRegistration() {
        registrationClosed = true;
    }

    /** Tells the subscribers of an invocation that is about to reach the runtime. */
    void dispatch(RuntimeApiEvent event) {
        if (ended || !hearInvoke()) {
            return;
        }
        String message = ExtensionMessages.invoke(event);
        for (Extension extension : List.copyOf(registered)) {
            if (extension.wantsInvoke) {
                extension.give(message);
            }
        }
    }

    /** Tells the subscribers; returns false where there are none. Each gets it with its next call, at the latest. */
    boolean shutDown(ShutdownReason reason, long deadlineEpochMs) {
        end();
        boolean any = false;
        String message = ExtensionMessages.shutdown(reason, deadlineEpochMs);
        for (Extension extension : List.copyOf(registered)) {
            if (extension.wantsShutdown) {
                any = true;
                extension.give(message);
            }
        }
        return any;
    }

    /** The run is over, for whatever reason: nothing that they do counts any more. */
    void end() {
        ended = true;
    }

    /** The process of the external extension {@code index} ended. */
    void onExited(int index, ExitStatus status) {
        String name = processes[index];
        processes[index] = null;
        if (!ended && name != null) {
            listener.onExtensionFailed(name, eventsOf(name), RuntimeFailure.extensionExited(status));
        }
    }

    // --- calls

    static int bodyLimitBytes(RuntimeApiRequest request) {
        return switch (request.call) {
            case EXTENSION_REGISTER, TELEMETRY_SUBSCRIBE, LOGS_SUBSCRIBE -> BODY_LIMIT_BYTES;
            default -> 0;
        };
    }

    /** Carries out a complete call: answers on {@code connection} and returns null, or returns why not. */
    @Nullable
    RuntimeRefusal onRequest(RuntimeApiConnection connection, RuntimeApiRequest request) {
        return switch (request.call) {
            case EXTENSION_REGISTER -> onRegister(connection, request);
            case TELEMETRY_SUBSCRIBE -> onSubscribe(connection, request, TelemetryApi.TELEMETRY);
            case LOGS_SUBSCRIBE -> onSubscribe(connection, request, TelemetryApi.LOGS);
            case EXTENSION_NEXT -> onNext(connection, request);
            case EXTENSION_INIT_ERROR, EXTENSION_EXIT_ERROR -> onError(connection, request);
            case NEXT, RESPONSE, ERROR, INIT_ERROR, RESTORE_NEXT, RESTORE_ERROR, PING, WRONG_METHOD, UNKNOWN ->
                RuntimeRefusal.NOT_FOUND;
        };
    }

    private @Nullable RuntimeRefusal onRegister(RuntimeApiConnection connection, RuntimeApiRequest request) {
        String name = request.extensionName;
        ByteBuf body = request.takeBody();
        List<String> events = request.oversized ? null : ExtensionMessages.events(body);
        if (body != null) {
            body.release();
        }
        if (name == null || name.isEmpty()) {
            return ExtensionRefusals.INVALID_NAME;
        }
        if (events == null) {
            return ExtensionRefusals.INVALID_FORMAT;
        }
        boolean external = isExternal(name);
        RuntimeRefusal refused = refuse(name, external, events);
        if (refused == null) {
            register(
                    connection,
                    new Extension(name, events.contains(Extension.INVOKE), events.contains(Extension.SHUTDOWN)),
                    request);
            onExternalRegistered(external);
        }
        return refused;
    }

    private @Nullable RuntimeRefusal refuse(String name, boolean external, List<String> events) {
        for (String event : events) {
            if (!event.equals(Extension.INVOKE) && !(external && event.equals(Extension.SHUTDOWN))) {
                return ExtensionRefusals.eventType(event, external);
            }
        }
        if (registrationClosed || ended) {
            return ExtensionRefusals.REGISTRATION_CLOSED;
        }
        for (Extension extension : registered) {
            if (extension.name.equals(name)) {
                return ExtensionRefusals.state(name, extension.state.key, Extension.State.REGISTERED.key);
            }
        }
        return registered.size() == LIMIT ? ExtensionRefusals.TOO_MANY : null;
    }

    private void register(RuntimeApiConnection connection, Extension extension, RuntimeApiRequest request) {
        registered.add(extension);
        String feature = request.extensionFeature;
        boolean withAccount = feature != null && feature.contains("accountId");
        connection.answerRegistered(extension.id, ExtensionMessages.registered(function, withAccount));
    }

    private void onExternalRegistered(boolean external) {
        if (external && ++externalRegistered == processes.length) {
            listener.onExtensionsRegistered();
        }
    }

    private boolean isExternal(String name) {
        for (String external : processes) {
            if (name.equals(external)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable RuntimeRefusal onNext(RuntimeApiConnection connection, RuntimeApiRequest request) {
        Extension extension = find(request.extensionId);
        if (extension == null) {
            return refuseId(request.extensionId);
        }
        boolean waits = extension.waiting != null;
        if (extension.state == Extension.State.FAILED || waits) {
            return ExtensionRefusals.state(extension.name, extension.state.key, Extension.State.READY.key);
        }
        boolean wasReady = extension.isReady();
        extension.ask(connection);
        if (!wasReady && extension.isReady() && !ended && areReady()) {
            listener.onExtensionsReady();
        }
        return null;
    }

    private @Nullable RuntimeRefusal onError(RuntimeApiConnection connection, RuntimeApiRequest request) {
        Extension extension = find(request.extensionId);
        if (extension == null) {
            return refuseId(request.extensionId);
        }
        String type = request.extensionErrorType;
        if (type == null || type.isEmpty()) {
            return ExtensionRefusals.MISSING_ERROR_TYPE;
        }
        boolean atInit = request.call == RuntimeApiCall.EXTENSION_INIT_ERROR;
        boolean allowed =
                atInit ? extension.state == Extension.State.REGISTERED : extension.state != Extension.State.FAILED;
        if (!allowed) {
            return ExtensionRefusals.state(extension.name, extension.state.key, atInit ? "InitError" : "ExitError");
        }
        extension.state = Extension.State.FAILED;
        connection.accept();
        if (!ended) {
            listener.onExtensionFailed(
                    extension.name, extension.events(), RuntimeFailure.extensionReported(atInit, type));
        }
        return null;
    }

    private @Nullable RuntimeRefusal onSubscribe(
            RuntimeApiConnection connection, RuntimeApiRequest request, TelemetryApi api) {
        Extension extension = find(request.extensionId);
        if (extension == null) {
            return refuseId(request.extensionId);
        }
        ByteBuf body = request.takeBody();
        byte[] bytes = body == null ? new byte[0] : ByteBufUtil.getBytes(body);
        if (body != null) {
            body.release();
        }
        RuntimeRefusal refused = telemetry.subscribe(extension.name, api, request.oversized ? null : bytes);
        if (refused == null) {
            connection.answerText("\"OK\"");
        }
        return refused;
    }

    void forEach(Visitor visitor) {
        for (Extension extension : registered) {
            visitor.visit(extension.name, extension.state.key, extension.events());
        }
    }

    private List<String> eventsOf(String name) {
        for (Extension extension : registered) {
            if (extension.name.equals(name)) {
                return extension.events();
            }
        }
        return List.of();
    }

    private @Nullable Extension find(@Nullable String id) {
        for (Extension extension : registered) {
            if (extension.id.equalsIgnoreCase(id)) {
                return extension;
            }
        }
        return null;
    }

    private static RuntimeRefusal refuseId(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            return ExtensionRefusals.MISSING_ID;
        }
        return ID.matcher(id).matches() ? ExtensionRefusals.UNKNOWN_ID : ExtensionRefusals.INVALID_ID;
    }

    /** The connection is gone, with whatever it was waiting for. */
    void onClosed(RuntimeApiConnection connection) {
        for (Extension extension : registered) {
            if (extension.waiting == connection) {
                extension.waiting = null;
            }
        }
    }
}
