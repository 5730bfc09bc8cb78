package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.microvm.images.GuestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Machines that have booted ahead of the functions that they will run: so many of each kind that is wanted, of the kinds
 * that were wanted last. Each costs its guest's memory while it waits, and no CPU time: it is frozen.
 *
 * <p>Threading: safe on any thread.
 */
final class PreBootedPool {
    private static final int KINDS_MAX = 4;
    /** The function that took one has the host to itself so long. */
    private static final int REFILL_DELAY_MS = 1_000;

    private static final int BOOT_BOUND_MS = 55_000;

    private final MicroVmBackend backend;
    private final int size;
    /** By when they were wanted last. */
    private final Map<Kind, List<PreBooted>> kinds = new LinkedHashMap<>(16, 0.75f, true);

    /** Of those who wait for the next one that is ready. */
    private CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

    private final List<Future<?>> timers = new ArrayList<>();
    private long started;
    private boolean closed;

    /** What a machine boots with, whatever its function is: only machines of one kind stand for one another. */
    record Kind(VmPlan plan, GuestFiles.Boot boot, Path root, int memoryMib) {}

    PreBootedPool(MicroVmBackend backend, int size) {
        this.backend = backend;
        this.size = size;
    }

    /** Machines of this kind will be wanted, from now on. */
    void expect(Kind kind) {
        List<PreBooted> dropped = List.of();
        synchronized (this) {
            if (size == 0 || closed) {
                return;
            }
            kinds.computeIfAbsent(kind, _ -> new ArrayList<>());
            if (kinds.size() > KINDS_MAX) {
                Iterator<List<PreBooted>> oldest = kinds.values().iterator();
                dropped = oldest.next();
                oldest.remove();
            }
        }
        dropped.forEach(PreBooted::destroy);
        backend.spawner().execute(() -> fill(kind));
    }

    /** One that has booted, with the function's image on its disk; null where there is none, or the image is too large. */
    @Nullable
    PreBooted claim(Kind kind, Path image) throws IOException {
        if (size == 0 || Files.size(image) > PreBooted.DISK_BYTES) {
            return null;
        }
        PreBooted claimed = take(kind);
        if (claimed != null) {
            write(image, claimed);
        }
        return claimed;
    }

    private static void write(Path image, PreBooted claimed) throws IOException {
        try {
            claimed.write(image);
        } catch (IOException | RuntimeException failure) {
            claimed.destroy();
            throw failure;
        }
    }

    private synchronized @Nullable PreBooted take(Kind kind) {
        List<PreBooted> there = kinds.get(kind);
        PreBooted ready = there == null
                ? null
                : there.stream().filter(PreBooted::isReady).findFirst().orElse(null);
        if (there != null && ready != null) {
            there.remove(ready);
            later(REFILL_DELAY_MS, () -> backend.spawner().execute(() -> fill(kind)));
        }
        return ready;
    }

    /** On the spawning thread. */
    private void fill(Kind kind) {
        for (String name = nextName(kind); name != null; name = nextName(kind)) {
            try {
                PreBooted booting = PreBooted.launch(backend, name, kind, place(kind, name));
                backend.register(booting);
                if (!add(kind, booting)) {
                    booting.destroy();
                    return;
                }
                later(BOOT_BOUND_MS, () -> giveUp(kind, booting));
            } catch (IOException | RuntimeException failure) {
                System.err.println("microVM ahead of its function: " + failure.getMessage());
                return;
            }
        }
    }

    private PreBooted.Place place(Kind kind, String name) {
        return new PreBooted.Place() {
            @Override
            public void onReady() {
                tellReady();
            }

            @Override
            public void onGone() {
                forget(kind, name);
            }
        };
    }

    private synchronized void later(int delayMs, Runnable task) {
        timers.removeIf(Future::isDone);
        if (!closed) {
            timers.add(backend.after(delayMs, task));
        }
    }

    /** Null where there are as many as there are to be. */
    private synchronized @Nullable String nextName(Kind kind) {
        List<PreBooted> there = kinds.get(kind);
        return closed || there == null || there.size() >= size ? null : "pre-booted-" + ++started;
    }

    private synchronized boolean add(Kind kind, PreBooted booting) {
        List<PreBooted> there = kinds.get(kind);
        if (closed || there == null) {
            return false;
        }
        there.add(booting);
        tellReady();
        return true;
    }

    private synchronized void forget(Kind kind, String name) {
        List<PreBooted> there = kinds.get(kind);
        if (there != null) {
            there.removeIf(each -> each.name().equals(name));
        }
    }

    private void giveUp(Kind kind, PreBooted booting) {
        boolean hangs;
        synchronized (this) {
            List<PreBooted> there = kinds.get(kind);
            hangs = there != null && there.contains(booting) && !booting.isReady();
        }
        if (hangs) {
            forget(kind, booting.name());
            booting.destroy();
        }
    }

    private synchronized void tellReady() {
        if (isOneReady()) {
            ready.complete(null);
            ready = new CompletableFuture<>();
        }
    }

    private boolean isOneReady() {
        return kinds.values().stream().flatMap(List::stream).anyMatch(PreBooted::isReady);
    }

    /** Done once a machine stands ready for a function that nobody has asked for yet. */
    synchronized CompletableFuture<@Nullable Void> ready() {
        return isOneReady() ? CompletableFuture.completedFuture(null) : ready;
    }

    void close() {
        List<PreBooted> left;
        synchronized (this) {
            closed = true;
            left = kinds.values().stream().flatMap(List::stream).toList();
            kinds.clear();
            timers.forEach(timer -> timer.cancel(false));
        }
        left.forEach(PreBooted::destroy);
    }
}
