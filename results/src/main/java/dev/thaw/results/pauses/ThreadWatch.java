package dev.thaw.results.pauses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Watches threads of this process, by their names, for times without a processor. Looks for new ones now and then.
 *
 * <p>Threading: one thread.
 */
final class ThreadWatch implements AutoCloseable {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final int LOOKS_BETWEEN_SEARCHES = 100;

    private final Predicate<String> isWatched;
    private final PauseLog log;
    private final Map<Path, CpuWaitWatch> watches = new HashMap<>();
    private int looks;

    ThreadWatch(Predicate<String> isWatched, PauseLog log) {
        this.isWatched = isWatched;
        this.log = log;
    }

    void look(long nowNs) {
        if (looks++ % LOOKS_BETWEEN_SEARCHES == 0) {
            search(nowNs);
        }
        for (Iterator<CpuWaitWatch> rest = watches.values().iterator(); rest.hasNext(); ) {
            CpuWaitWatch next = rest.next();
            if (!next.look(nowNs)) {
                next.close();
                rest.remove();
            }
        }
    }

    private void search(long nowNs) {
        for (Path thread : threads()) {
            if (!watches.containsKey(thread) && isWatched.test(name(thread))) {
                RunDelay delay = RunDelay.open(thread.resolve("schedstat"));
                if (delay != null) {
                    log.tellCpuWaits();
                    watches.put(thread, new CpuWaitWatch(delay, log::addCpuWait, nowNs));
                }
            }
        }
    }

    /** None where this system has no such folder. */
    private static List<Path> threads() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    @Override
    public void close() {
        watches.values().forEach(CpuWaitWatch::close);
        watches.clear();
    }
}
