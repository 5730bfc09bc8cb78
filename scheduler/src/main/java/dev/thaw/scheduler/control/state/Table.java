package dev.thaw.scheduler.control.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Every document of one kind by its key, in memory; changes go to the store's transaction as well and are undone with
 * it.
 *
 * <p>Threading: the control plane's thread.
 */
public final class Table<T> {
    private final String kind;
    private final Codec<T> codec;
    private final StateStore store;
    private final NavigableMap<String, T> documents = new TreeMap<>();
    // What a key had before the transaction that is open.
    private final Map<String, Optional<T>> before = new HashMap<>();
    private final List<BiConsumer<String, @Nullable T>> followers = new ArrayList<>();

    Table(String kind, Codec<T> codec, StateStore store) {
        this.kind = kind;
        this.codec = codec;
        this.store = store;
    }

    void load(String key, String text) {
        documents.put(key, codec.decode(name(key), text));
    }

    public @Nullable T get(String key) {
        return documents.get(key);
    }

    public boolean has(String key) {
        return documents.containsKey(key);
    }

    public void put(String key, T document) {
        store.write(this, kind, key, codec.encode(name(key), document));
        remember(key, documents.put(key, document));
    }

    /** The document that was there, or null. */
    public @Nullable T remove(String key) {
        T old = documents.get(key);
        if (old != null) {
            store.erase(this, kind, key);
            documents.remove(key);
            remember(key, old);
        }
        return old;
    }

    /** In the order of their keys; not to be changed. */
    public NavigableMap<String, T> all() {
        return Collections.unmodifiableNavigableMap(documents);
    }

    /** Those whose key starts with {@code scope:}. */
    public NavigableMap<String, T> of(String scope) {
        // The sign that follows a colon ends what starts with one.
        return Collections.unmodifiableNavigableMap(documents.subMap(scope + ":", true, scope + ";", false));
    }

    /** Tells each document now, and from now on each that is changed or, by null, removed, once that is durable. */
    public void follow(BiConsumer<String, @Nullable T> follower) {
        followers.add(follower);
        documents.forEach(follower);
    }

    private void remember(String key, @Nullable T old) {
        before.putIfAbsent(key, Optional.ofNullable(old));
    }

    void keep() {
        for (BiConsumer<String, @Nullable T> follower : followers) {
            before.keySet().forEach(key -> follower.accept(key, documents.get(key)));
        }
        before.clear();
    }

    void undo() {
        before.forEach((key, old) ->
                old.ifPresentOrElse(document -> documents.put(key, document), () -> documents.remove(key)));
        before.clear();
    }

    private String name(String key) {
        return kind + "/" + key;
    }
}
