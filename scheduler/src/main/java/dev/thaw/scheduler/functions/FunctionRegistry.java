package dev.thaw.scheduler.functions;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every function that can be invoked, by name and by id. Functions are only ever added.
 *
 * <p>Threading: safe on any thread; reading takes no lock.
 */
public final class FunctionRegistry {
    /** Unqualified ARNs start with this; the region and account are fixed here. */
    public static final String ARN_PREFIX = "arn:aws:lambda:us-east-1:000000000000:function:";

    private final Map<String, RegisteredFunction> byName = new ConcurrentHashMap<>();
    private volatile RegisteredFunction[] byId = {};

    /** The ARN that a function of this name has or would have. */
    public static String arnOf(String name) {
        return ARN_PREFIX + name;
    }

    /** Adds a function under the next dense id. Refuses a name that is taken. */
    public synchronized RegisteredFunction add(FunctionConfig config) {
        if (byName.containsKey(config.name())) {
            throw new IllegalArgumentException("name: " + config.name() + ", must be new, it is registered");
        }
        RegisteredFunction function = new RegisteredFunction(byId.length, config, arnOf(config.name()));
        RegisteredFunction[] more = Arrays.copyOf(byId, byId.length + 1);
        more[function.functionId()] = function;
        byId = more;
        byName.put(config.name(), function);
        return function;
    }

    public int size() {
        return byId.length;
    }

    /** In the order of their ids. */
    public List<RegisteredFunction> all() {
        return List.of(byId);
    }

    public RegisteredFunction byId(int functionId) {
        return byId[functionId];
    }

    /** By plain name, the hot path; null where there is none. */
    public @Nullable RegisteredFunction byName(String name) {
        return byName.get(name);
    }

    /** By any documented spelling; null where there is no such function or version. */
    public @Nullable RegisteredFunction resolve(FunctionReference reference) {
        return reference.isHere() && reference.isLatest() ? byName.get(reference.name()) : null;
    }
}
