package dev.thaw.scheduler.events;

import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Delivers to every kind of target, each delivery on a thread of its own while it lasts.
 *
 * <p>Threading: safe on any thread; how many are under way is for the caller to bound.
 */
final class Targets implements TargetSender, AutoCloseable {
    static final String NOT_ALLOWED = "folders must lie in the one that the server was started with (--target-root)";
    private static final Sent DONE = new Sent.Done();

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("thaw-target-", 0).factory());
    private final HttpTargets http;
    private final RootFolder folders;

    Targets(TargetEndpoints endpoints) {
        http = new HttpTargets(endpoints);
        folders = endpoints.folders();
    }

    @Override
    public void send(Delivery delivery, Consumer<Sent> result) {
        try {
            threads.execute(() -> result.accept(attempt(delivery)));
        } catch (RejectedExecutionException e) {
            result.accept(new Sent.Failed("the server ends", false));
        }
    }

    private Sent attempt(Delivery delivery) {
        try {
            switch (Target.of(delivery.target())) {
                case Target.Folder folder -> FolderTarget.write(allowed(folder), delivery);
                case Target.Queue queue -> http.sendMessage(queue, delivery);
                case Target.Topic topic -> http.publish(topic, delivery);
                case Target.Bus bus -> http.putEvents(bus, delivery);
                case Target.Unusable unusable -> throw new LastingFailure(unusable.problem());
                case Target.Function function -> throw new LastingFailure("a function is not reached from here");
            }
            return DONE;
        } catch (LastingFailure e) {
            return new Sent.Failed(String.valueOf(e.getMessage()), true);
        } catch (IOException e) {
            return new Sent.Failed(e.getClass().getSimpleName() + ": " + e.getMessage(), false);
        } catch (RuntimeException e) {
            return new Sent.Failed("internal fault: " + e, false);
        } catch (InterruptedException e) {
            return new Sent.Failed("the server ends", false);
        }
    }

    /** Asked each time: what leads where may have changed since it was configured. */
    private Path allowed(Target.Folder folder) throws LastingFailure {
        Path path = folders.find(folder.path().toString());
        if (path == null) {
            throw new LastingFailure(NOT_ALLOWED);
        }
        return path;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.close();
    }

    /** A delivery that no further attempt can help. */
    static final class LastingFailure extends IOException {
        private static final long serialVersionUID = 1L;

        LastingFailure(String problem) {
            super(problem);
        }
    }
}
