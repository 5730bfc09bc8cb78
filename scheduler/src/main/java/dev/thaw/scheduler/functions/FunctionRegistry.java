package dev.thaw.scheduler.functions;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every function that was deployed, by id, and the routes to those that can be invoked, by name. Ids are only ever added;
 * of a function that is gone only name and version are kept. The routes of a name change all at once.
 *
 * <p>Threading: safe on any thread; reading takes no lock.
 */
public final class FunctionRegistry {
    /** Unqualified ARNs start with this; the region and account are fixed here. */
    public static final String ARN_PREFIX = "arn:aws:lambda:us-east-1:000000000000:function:";

    /** State of a version whose snapshot is being made. */
    public static final String SNAPSHOT_PENDING = "SnapshotPending";

    private final Map<String, NamedRoutes> byName = new ConcurrentHashMap<>();
    /** States of versions that are there and cannot be invoked, by name and version; of no account once one can. */
    private final Map<String, String> withheld = new ConcurrentHashMap<>();

    /** Longer than there are functions; written anew after each change, so that readers see what it holds. */
    private volatile @Nullable RegisteredFunction[] byId = new @Nullable RegisteredFunction[16];

    private final RecursiveLoops loops = new RecursiveLoops();

    private volatile int count;

    /** The ARN that a function of this name has or would have. */
    public static String arnOf(String name) {
        return ARN_PREFIX + name;
    }

    /** Adds a version under the next dense id. Nothing leads there before {@link #route} says so. */
    public synchronized RegisteredFunction add(FunctionConfig config, String version) {
        RegisteredFunction function = new RegisteredFunction(count, config, version);
        @Nullable RegisteredFunction[] known = byId;
        put(count < known.length ? known : Arrays.copyOf(known, 2 * count), function);
        count = function.functionId() + 1;
        return function;
    }

    /** Nothing of the function runs any more: its configuration, secrets included, is not kept. */
    public synchronized void forget(int functionId) {
        RegisteredFunction function = byId(functionId);
        FunctionConfig stub = function.config().withoutCode();
        put(byId, new RegisteredFunction(functionId, stub, function.version()));
    }

    private void put(@Nullable RegisteredFunction[] functions, RegisteredFunction function) {
        functions[function.functionId()] = function;
        byId = functions;
    }

    /** Invocations that are resolved from now on go by these routes. */
    public void route(String name, FunctionRoutes routes) {
        byName.put(name, NamedRoutes.of(name, routes, this));
    }

    /** No invocation finds the name any more. */
    public void unroute(String name) {
        byName.remove(name);
    }

    /**
     * Says in which state a version is while no route leads to it.
     *
     * @param state null where there is no such version any more
     */
    public void withhold(String name, String version, @Nullable String state) {
        if (state == null) {
            withheld.remove(name + ":" + version);
        } else {
            withheld.put(name + ":" + version, state);
        }
    }

    /** The state of a version that {@link #resolve} does not find; null where it is not there. */
    public @Nullable String withheld(FunctionReference reference) {
        String qualifier = reference.qualifier();
        String version = qualifier == null ? RegisteredFunction.LATEST : qualifier;
        return reference.isHere() ? withheld.get(reference.name() + ":" + version) : null;
    }

    /** {@code $LATEST} of every name that can be invoked, in the order of their ids. */
    public List<RegisteredFunction> all() {
        return byName.values().stream()
                .map(routes -> routes.plain.primary())
                .sorted(Comparator.comparingInt(RegisteredFunction::functionId))
                .toList();
    }

    /** Functions that were ever deployed. */
    public int count() {
        return count;
    }

    public RegisteredFunction byId(int functionId) {
        return Objects.requireNonNull(byId[functionId]);
    }

    /** Which chains of invocations go on, and which end. */
    public RecursiveLoops loops() {
        return loops;
    }

    /** By plain name, the hot path; null where there is none. */
    public @Nullable InvocationRoute byName(String name) {
        NamedRoutes routes = byName.get(name);
        return routes == null ? null : routes.plain;
    }

    /** By any documented spelling; null where there is no such function, version or alias. */
    public @Nullable InvocationRoute resolve(FunctionReference reference) {
        NamedRoutes routes = reference.isHere() ? byName.get(reference.name()) : null;
        return routes == null ? null : routes.of(reference.qualifier());
    }

    /** The name that can be invoked where there is exactly one; else null. */
    public @Nullable String onlyName() {
        List<RegisteredFunction> all = byName.size() == 1 ? all() : List.of();
        return all.size() == 1 ? all.getFirst().name() : null;
    }
}
