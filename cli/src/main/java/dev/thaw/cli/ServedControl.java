package dev.thaw.cli;

import dev.thaw.scheduler.control.ControlPlane;
import dev.thaw.scheduler.control.ControlState;
import dev.thaw.scheduler.control.ControlThread;
import dev.thaw.scheduler.control.Deployments;
import dev.thaw.scheduler.control.FunctionUrlOperations;
import dev.thaw.scheduler.control.PermissionOperations;
import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.control.state.StateFolder;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.frontend.Management;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;

/**
 * The control plane of a server: its state in a folder, its operations on their thread.
 *
 * <p>Threading: opened and closed by one thread; {@link #management} is safe on any.
 */
final class ServedControl implements AutoCloseable {
    private final StateStore store;
    private final ControlPlane plane;

    private ServedControl(StateStore store, ControlPlane plane) {
        this.store = store;
        this.plane = plane;
    }

    /**
     * Opens the state and brings to run what an earlier server has left in it.
     *
     * @param url of this server; asked once it listens
     */
    static ServedControl open(
            Path stateDirectory,
            Deployments deployments,
            int accountConcurrency,
            Supplier<String> url,
            EpochClock clock,
            ErrorHandler errorHandler)
            throws IOException {
        StateStore store = StateStore.open(stateDirectory);
        ControlThread thread = new ControlThread(ControlThread.DEFAULT_QUEUE_LENGTH, errorHandler);
        try {
            ControlState state = new ControlState(new ControlState.Ports(
                    store,
                    new CodeStore(stateDirectory.resolve(StateFolder.CODE)),
                    null,
                    deployments,
                    thread,
                    sha -> url.get() + "/_thaw/code?sha256=" + URLEncoder.encode(sha, StandardCharsets.UTF_8),
                    accountConcurrency,
                    clock,
                    errorHandler));
            PermissionOperations permissions = new PermissionOperations(
                    state.catalog(), store, () -> UUID.randomUUID().toString());
            FunctionUrlOperations urls = new FunctionUrlOperations(
                    state.catalog(), store, id -> addressOf(url.get(), id), ServedControl::newUrlId, clock);
            for (String problem : state.start(List.of()).values()) {
                System.err.println("thaw: " + problem);
            }
            return new ServedControl(
                    store,
                    new ControlPlane(
                            thread,
                            List.of(state.handlers(), permissions.handlers(), urls.handlers()),
                            state.transaction(),
                            errorHandler));
        } catch (IOException | RuntimeException e) {
            thread.close();
            store.close();
            throw e;
        }
    }

    /** A host name of its own for each id, which leads to this host wherever {@code localhost}'s names do. */
    private static String addressOf(String url, String id) {
        int port = url.lastIndexOf(':');
        return "http://" + id + ".lambda-url.us-east-1.localhost" + url.substring(port) + "/";
    }

    private static String newUrlId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    Management management() {
        return plane::call;
    }

    /** Answers the calls that it took, then closes the state. */
    @Override
    public void close() {
        plane.close();
        store.close();
    }
}
