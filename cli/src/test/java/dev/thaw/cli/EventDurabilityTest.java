package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed again and again while it accepts asynchronous events loses none of them. */
@Tag("slow")
final class EventDurabilityTest {
    private static final int EVENTS = 20_000;
    private static final int KILLS = 5;
    private static final int CLIENTS = 32;
    private static final long BOUND_SEC = 60;
    /** For so long nothing has ended: nothing will. */
    private static final long IDLE_SEC = 10;

    private static final long SEED = Long.getLong("thaw.test.seed", 20_261);

    @TempDir
    private Path folder;

    /** Acceptances that were waited for. */
    private int awaited;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    /** One for each acceptance that nobody has waited for yet. */
    private final Semaphore acceptances = new Semaphore(0);
    /** Guards the two that follow; told of each change of them. */
    private final Object changes = new Object();

    private Launched server = new Launched(0, URI.create("http://127.0.0.1:1"));
    private boolean enough;

    /** A port may come again. */
    private record Launched(int number, URI uri) {}

    @Test
    void shouldRunEveryAcceptedEventThoughTheServerIsKilledFiveTimes() throws Exception {
        Host.requireSandboxes();
        long startNs = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        Child child = launch();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofVirtual().start(this::sendEvents));
            }
            SplittableRandom random = new SplittableRandom(SEED);
            for (int kill = 0; kill < KILLS; kill++) {
                awaitAccepted(random.nextInt(2 * EVENTS / (KILLS + 1)));
                child.signal("KILL");
                child.end();
                child = launch();
            }
            awaitAccepted(Math.max(0, EVENTS - awaited));
            stop();
            for (Thread client : clients) {
                client.join();
            }
            long acceptedNs = System.nanoTime();
            Set<String> ended = awaitEnds();
            report(ended, acceptedNs - startNs, System.nanoTime() - acceptedNs);
            assertThat(ended).containsAll(accepted);
        } finally {
            stop();
            child.close();
        }
    }

    private Child launch() throws IOException {
        Child child = Child.launch(
                EventServer.class,
                folder.resolve("state").toString(),
                records().toString(),
                folder.resolve("logs").toString());
        URI uri = URI.create(child.awaitUrl());
        synchronized (changes) {
            server = new Launched(server.number + 1, uri);
            changes.notifyAll();
        }
        return child;
    }

    private void stop() {
        synchronized (changes) {
            enough = true;
            changes.notifyAll();
        }
    }

    /** The server that has taken the place of this one; null once enough was sent. */
    private @Nullable Launched serverAfter(@Nullable Launched gone) {
        synchronized (changes) {
            while (!enough && server.equals(gone)) {
                try {
                    changes.wait();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return enough ? null : server;
        }
    }

    private boolean isEnough() {
        synchronized (changes) {
            return enough;
        }
    }

    private Path records() {
        return folder.resolve("records");
    }

    private void sendEvents() {
        for (Launched to = serverAfter(null); to != null; to = serverAfter(to)) {
            try (EventClient client = new EventClient(to.uri)) {
                while (!isEnough()) {
                    accepted.add(client.send());
                    acceptances.release();
                }
            } catch (IOException killed) {
                // the next server goes on
            }
        }
    }

    private void awaitAccepted(int more) throws InterruptedException {
        assertThat(acceptances.tryAcquire(more, BOUND_SEC, TimeUnit.SECONDS))
                .as("%d more events are accepted within %d s", more, BOUND_SEC)
                .isTrue();
        awaited += more;
    }

    /** Request ids of events that have ended, once all that were accepted have, or none has for a while. */
    private Set<String> awaitEnds() throws IOException, InterruptedException {
        try (WatchService ends = FileSystems.getDefault().newWatchService()) {
            WatchKey _ = records().register(ends, StandardWatchEventKinds.ENTRY_CREATE);
            Set<String> missing = new HashSet<>(accepted);
            missing.removeAll(ended());
            while (!missing.isEmpty()) {
                WatchKey written = ends.poll(IDLE_SEC, TimeUnit.SECONDS);
                if (written == null) {
                    break;
                }
                for (WatchEvent<?> each : written.pollEvents()) {
                    if (each.context() instanceof Path file) {
                        missing.remove(idOf(file));
                    } else {
                        missing.removeAll(ended()); // more at once than the kernel tells
                    }
                }
                written.reset();
            }
        }
        return ended();
    }

    private Set<String> ended() throws IOException {
        Set<String> ids = new HashSet<>();
        try (Stream<Path> files = Files.list(records())) {
            files.filter(file -> file.toString().endsWith(".json")).forEach(file -> ids.add(idOf(file)));
        }
        return ids;
    }

    private static String idOf(Path record) {
        return record.getFileName().toString().replace(".json", "");
    }

    /** Events that may have run more than once are marked as such in their records. */
    private void report(Set<String> ended, long acceptNs, long restNs) throws IOException {
        int marked = 0;
        for (String id : ended) {
            if (!Files.readString(records().resolve(id + ".json")).contains("\"approximateInvokeCount\":1}")) {
                marked++;
            }
        }
        Set<String> lost = new HashSet<>(accepted);
        lost.removeAll(ended);
        System.out.println("durability: accepted " + accepted.size() + ", killed " + KILLS + " times, run "
                + ended.size() + ", of these started again after a kill " + marked + ", lost " + lost.size()
                + "; accepted within " + acceptNs / 1_000_000 + " ms, the last run " + restNs / 1_000_000
                + " ms later (seed " + SEED + ")");
    }
}
