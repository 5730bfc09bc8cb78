package dev.thaw.sandbox.microvm.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of machines by the folders that they lie in. Each has a key of its own, which is in this process' memory and
 * nowhere else: with the process they become unreadable. What was opened last stays open, so that the machines that go on
 * from one snapshot share its memory.
 *
 * <p>Threading: safe on any thread.
 */
public final class SnapshotStore implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final int OPEN_MAX = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<Path, byte[]> keys = new HashMap<>();
    /** By when they were used last. */
    private final Map<Path, MachineSnapshot> open = new LinkedHashMap<>(16, 0.75f, true);

    /** Copies of a snapshot's memory and of its devices' state, as the caller's descriptors. */
    public record Parts(int memoryFd, int stateFd) {}

    /** Writes one into an empty folder. {@code machine} says what can go on from it; the descriptors stay the caller's. */
    public void write(Path folder, String machine, int memoryFd, long memoryBytes, int stateFd) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        MachineSnapshot.write(folder, key, machine, memoryFd, memoryBytes, stateFd);
        synchronized (this) {
            keys.put(folder, key);
        }
    }

    /** One for machines of exactly this kind to go on from. Takes as long as its memory takes to be read, the first time. */
    public synchronized Parts open(Path folder, String machine) throws IOException {
        boolean _ = forgetGone();
        MachineSnapshot snapshot = open.get(folder);
        if (snapshot == null) {
            byte @Nullable [] key = keys.get(folder);
            if (key == null) {
                throw new IOException("there is no snapshot of this process in " + folder);
            }
            snapshot = MachineSnapshot.open(folder, key);
            open.put(folder, snapshot);
            closeOldest();
        }
        snapshot.requireMachine(machine);
        return new Parts(snapshot.memoryFd(), snapshot.stateFd());
    }

    private void closeOldest() {
        if (open.size() > OPEN_MAX) {
            Iterator<MachineSnapshot> oldest = open.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
    }

    /** Lets go of those whose folders were deleted. True where none is left. */
    public synchronized boolean forgetGone() {
        keys.entrySet().removeIf(entry -> {
            boolean gone = !Files.isDirectory(entry.getKey());
            if (gone) {
                Arrays.fill(entry.getValue(), (byte) 0);
                close(open.remove(entry.getKey()));
            }
            return gone;
        });
        return keys.isEmpty();
    }

    private static void close(@Nullable MachineSnapshot snapshot) {
        if (snapshot != null) {
            snapshot.close();
        }
    }

    @Override
    public synchronized void close() {
        keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        keys.clear();
        open.values().forEach(MachineSnapshot::close);
        open.clear();
    }
}
