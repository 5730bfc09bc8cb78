package dev.thaw.results.pauses;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Notes when this process stood still to collect garbage. The JVM tells of each collection once it is over, in whole
 * milliseconds, on a thread of its own: nothing is asked, nothing is paid between collections. Of collectors that work
 * beside the program, only the beans that name their pauses count.
 *
 * <p>Threading: the JVM's notifications come on its own thread.
 */
public final class CollectionWatch implements AutoCloseable {
    private static final long NS_PER_MS = 1_000_000L;
    private static final String CYCLES = "Cycles";
    private static final String CONCURRENT = "Concurrent";

    private final Consumer<Pause> log;
    private final LongSupplier nanoClock;
    private final LongSupplier epochMsClock;
    private final List<NotificationEmitter> collectors;
    private final NotificationListener listener = this::onNotification;

    /** Watches until it is closed; times are of {@code nanoClock}, the JVM's dates are read by {@code epochMsClock}. */
    public CollectionWatch(Consumer<Pause> log, LongSupplier nanoClock, LongSupplier epochMsClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.epochMsClock = epochMsClock;
        collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(CollectionWatch::isPausing)
                .filter(NotificationEmitter.class::isInstance)
                .map(NotificationEmitter.class::cast)
                .toList();
        collectors.forEach(each -> each.addNotificationListener(listener, null, null));
    }

    private static boolean isPausing(GarbageCollectorMXBean collector) {
        return !collector.getName().contains(CYCLES) && !collector.getName().contains(CONCURRENT);
    }

    private void onNotification(Notification notification, Object handback) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            long durationMs =
                    GarbageCollectionNotificationInfo.from(data).getGcInfo().getDuration();
            onCollection(notification.getTimeStamp(), durationMs);
        }
    }

    /**
     * The notification is dated when the collection ends, by the wall clock; the times that it tells of the collection
     * itself have another zero than the JVM's uptime. One of less than a millisecond is told as 0 ms: noted, without length.
     */
    void onCollection(long endEpochMs, long durationMs) {
        long agoMs = Math.max(0, epochMsClock.getAsLong() - endEpochMs);
        long toNs = nanoClock.getAsLong() - agoMs * NS_PER_MS;
        log.accept(new Pause(Pause.Kind.COLLECTION, toNs - durationMs * NS_PER_MS, toNs));
    }

    @Override
    public void close() {
        for (NotificationEmitter collector : collectors) {
            try {
                collector.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                // It listens no more: that is what was asked for.
            }
        }
    }
}
