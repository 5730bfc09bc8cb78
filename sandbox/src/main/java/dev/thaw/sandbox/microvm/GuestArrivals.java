package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.kernel.ReadySet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Guests that are to connect to this host by themselves, and the sockets where.
 *
 * <p>Threading: the thread of {@link GuestChannels}.
 */
final class GuestArrivals implements AutoCloseable {
    private record Arrival(GuestChannel guest, int listeningFd, GuestEvents events) {}

    private final GuestChannels channels;
    private final ReadySet ready;
    private final long firstKey;
    private final List<@Nullable Arrival> awaited = new ArrayList<>();

    /** Its keys go down from {@code firstKey}. */
    GuestArrivals(GuestChannels channels, ReadySet ready, long firstKey) {
        this.channels = channels;
        this.ready = ready;
        this.firstKey = firstKey;
    }

    void await(GuestChannel guest, int listeningFd, GuestEvents events) {
        if (!guest.isOpen()) {
            Kernel.close(listeningFd);
            return;
        }
        int slot = awaited.indexOf(null);
        if (slot < 0) {
            slot = awaited.size();
            awaited.add(null);
        }
        awaited.set(slot, new Arrival(guest, listeningFd, events));
        Kernel.check(ready.add(listeningFd, ReadySet.IN, firstKey - slot), "epoll_ctl");
    }

    void onReady(long key) {
        int slot = (int) (firstKey - key);
        Arrival arrival = awaited.get(slot);
        if (arrival == null) {
            return; // forgotten by an event before this one
        }
        long fd = LocalSocket.accept(arrival.listeningFd);
        if (fd < 0) {
            return; // whoever it was is gone
        }
        remove(slot, arrival);
        channels.join((int) fd, arrival.guest, arrival.events);
    }

    private void remove(int slot, Arrival arrival) {
        awaited.set(slot, null);
        Kernel.close(arrival.listeningFd);
    }

    /** Whoever connects for this guest from now on finds nobody. */
    void forget(GuestChannel guest) {
        for (int slot = 0; slot < awaited.size(); slot++) {
            Arrival arrival = awaited.get(slot);
            if (arrival != null && arrival.guest == guest) {
                remove(slot, arrival);
            }
        }
    }

    @Override
    public void close() {
        for (int slot = 0; slot < awaited.size(); slot++) {
            Arrival arrival = awaited.get(slot);
            if (arrival != null) {
                remove(slot, arrival);
            }
        }
    }
}
