package dev.thaw.scheduler.live;

import java.util.Arrays;
import java.util.Locale;

/** Which threads a server has. */
public enum ThreadLayout {
    /** A scheduler thread beside the event loops. */
    DEDICATED,
    /** One thread for I/O and scheduler, blocking in epoll until I/O, a message or the core's next deadline. */
    FUSED;

    /** As typed on a command line: {@code dedicated}, {@code fused}. */
    public static ThreadLayout of(String key) {
        for (ThreadLayout layout : values()) {
            if (layout.key().equals(key)) {
                return layout;
            }
        }
        throw new IllegalArgumentException("layout: " + key + ", must be one of "
                + Arrays.stream(values()).map(ThreadLayout::key).toList());
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
