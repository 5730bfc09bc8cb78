package dev.thaw.scheduler.control.url;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The function URLs as they were last made durable: what is served.
 *
 * <p>Threading: safe on any thread; reading takes no lock. One thread at a time changes them.
 */
public final class FunctionUrls {
    private final Map<String, FunctionUrl> byKey = new ConcurrentHashMap<>();
    private final Map<String, FunctionUrl> byId = new ConcurrentHashMap<>();
    private volatile boolean used;

    /** {@code key}: {@code name:qualifier}; null removes. */
    public void put(String key, @Nullable FunctionUrl url) {
        FunctionUrl old = url == null ? byKey.remove(key) : byKey.put(key, url);
        if (old != null && (url == null || !url.id().equals(old.id()))) {
            byId.remove(old.id());
        }
        if (url != null) {
            byId.put(url.id(), url);
            used = true;
        }
    }

    /** There never was one: no request needs to be looked at. The name of a deleted one stays what it was. */
    public boolean isUnused() {
        return !used;
    }

    /** The URL of this id, or null. */
    public @Nullable FunctionUrl byId(String id) {
        return byId.get(id);
    }
}
