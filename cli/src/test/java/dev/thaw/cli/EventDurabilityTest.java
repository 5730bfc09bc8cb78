package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed again and again while it accepts asynchronous events loses none of them. */
@Tag("slow")
final class EventDurabilityTest {
    private static final int EVENTS = 20_000;
    private static final int KILLS = 5;
    private static final int CLIENTS = 32;
    private static final long SEED = Long.getLong("thaw.test.seed", 20_261);

    @TempDir
    private Path folder;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private volatile URI server = URI.create("http://127.0.0.1:1");
    private volatile boolean enough;

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
                int from = EVENTS / (KILLS + 1) * kill;
                awaitAccepted(from + random.nextInt(EVENTS / (KILLS + 1)));
                child.signal("KILL");
                child.end();
                child = launch();
            }
            awaitAccepted(EVENTS);
            enough = true;
            for (Thread client : clients) {
                client.join();
            }
            long acceptedNs = System.nanoTime();
            Set<String> ended = awaitEnds();
            report(ended, acceptedNs - startNs, System.nanoTime() - acceptedNs);
            assertThat(ended).containsAll(accepted);
        } finally {
            enough = true;
            child.close();
        }
    }

    private Child launch() throws IOException {
        Child child = Child.launch(
                EventServer.class,
                folder.resolve("state").toString(),
                records().toString(),
                folder.resolve("logs").toString());
        server = URI.create(child.awaitLine("listening on ").substring("listening on ".length()));
        return child;
    }

    private Path records() {
        return folder.resolve("records");
    }

    private void sendEvents() {
        while (!enough) {
            try (EventClient client = new EventClient(server)) {
                while (!enough) {
                    accepted.add(client.send());
                }
            } catch (IOException killed) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private void awaitAccepted(int count) {
        Await.until(count + " events are accepted", () -> accepted.size() >= count);
    }

    /** Request ids of events that have ended, once all that were accepted have, or none has for a while. */
    private Set<String> awaitEnds() throws IOException {
        Set<String> ended = ended();
        for (int idle = 0; idle < 50 && !ended.containsAll(accepted); idle++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            Set<String> now = ended();
            idle = now.size() > ended.size() ? 0 : idle;
            ended = now;
        }
        return ended;
    }

    private Set<String> ended() throws IOException {
        Set<String> ids = new HashSet<>();
        try (Stream<Path> files = Files.list(records())) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .forEach(name -> ids.add(name.substring(0, name.length() - ".json".length())));
        }
        return ids;
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
