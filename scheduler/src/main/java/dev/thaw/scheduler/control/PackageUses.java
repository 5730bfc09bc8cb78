package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Who needs which packages: versions and layers, once they are durable, and deployments until their last environment has
 * ended. Counted as it changes: with many versions nothing looks through them all.
 *
 * <p>Threading: changed by the control plane's thread; {@link #needs} is safe on any.
 */
final class PackageUses {
    /** By user: a deployment's id, or the kind and key of a document. */
    private final Map<Object, Set<String>> byUser = new HashMap<>();

    private final Map<String, Integer> users = new ConcurrentHashMap<>();

    /** Every document of the table is a user of these packages. */
    <T> void follow(String kind, Table<T> table, Function<T, Set<String>> packages) {
        table.follow((key, document) ->
                put(kind + "/" + key, document == null ? Set.of() : Set.copyOf(packages.apply(document))));
    }

    /** From now on the user needs these and no others; returns those that it needed. */
    Set<String> put(Object user, Set<String> packages) {
        Set<String> before = packages.isEmpty() ? byUser.remove(user) : byUser.put(user, packages);
        packages.forEach(sha256 -> users.merge(sha256, 1, Integer::sum));
        if (before == null) {
            return Set.of();
        }
        before.forEach(sha256 -> users.computeIfPresent(sha256, (_, count) -> count == 1 ? null : count - 1));
        return before;
    }

    /** Somebody needs the package. */
    boolean needs(String sha256) {
        return users.containsKey(sha256);
    }

    /** Every package that somebody needs. */
    Set<String> all() {
        return Set.copyOf(users.keySet());
    }
}
