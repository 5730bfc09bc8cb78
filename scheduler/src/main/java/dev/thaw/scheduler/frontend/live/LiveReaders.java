package dev.thaw.scheduler.frontend.live;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who follows the live page's events: a bounded number.
 *
 * <p>Threading: any thread. Readers are told by whoever publishes, and must not block.
 */
public final class LiveReaders {
    /** So many may read at a time. */
    public static final int MOST = 8;

    private final Set<Reader> all = new LinkedHashSet<>();
    private final int most;
    private final Runnable onChange;
    private boolean ended;

    /** One connection that is told. */
    public interface Reader {
        /** The next event, encoded; shared by all readers. */
        void onEvent(byte[] event);

        /** There will be no other event. */
        void onEnd();
    }

    /** {@code onChange} is called once somebody reads, and once nobody does any more. */
    public LiveReaders(int most, Runnable onChange) {
        this.most = most;
        this.onChange = onChange;
    }

    public int most() {
        return most;
    }

    /** Tells it from now on. False where as many read as may. */
    public boolean add(Reader reader) {
        boolean first;
        synchronized (this) {
            if (ended || all.size() >= most) {
                return false;
            }
            first = all.isEmpty();
            all.add(reader);
        }
        if (first) {
            onChange.run();
        }
        return true;
    }

    /** Tells it nothing more. Does nothing where it is not there. */
    public void remove(Reader reader) {
        boolean last;
        synchronized (this) {
            last = all.remove(reader) && all.isEmpty();
        }
        if (last) {
            onChange.run();
        }
    }

    public synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    /** Tells everybody. */
    public void publish(byte[] event) {
        copy().forEach(reader -> reader.onEvent(event));
    }

    /** Takes nobody any more and tells those that are there. */
    void end() {
        List<Reader> told;
        synchronized (this) {
            ended = true;
            told = List.copyOf(all);
        }
        told.forEach(Reader::onEnd);
    }

    private synchronized List<Reader> copy() {
        return List.copyOf(all);
    }
}
