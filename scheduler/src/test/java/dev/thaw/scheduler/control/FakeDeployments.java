package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRoutes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Deployments that are only written down. */
final class FakeDeployments implements Deployments {
    record Deployed(FunctionConfig config, String version) {}

    final List<Deployed> deployed = new ArrayList<>();
    final Map<String, FunctionRoutes> routes = new ConcurrentHashMap<>();
    /** States by name and version. */
    final Map<String, String> withheld = new ConcurrentHashMap<>();

    final Set<String> loopsAllowed = ConcurrentHashMap.newKeySet();
    final Map<Integer, Runnable> retired = new LinkedHashMap<>();
    final Map<String, Integer> reserved = new LinkedHashMap<>();
    final Map<Integer, Integer> provisioned = new LinkedHashMap<>();
    /** What the host cannot run. */
    volatile @Nullable String unusableRuntime;

    final Set<Integer> fromSnapshot = ConcurrentHashMap.newKeySet();
    volatile @Nullable String snapshotProblem;
    volatile @Nullable SnapshotRefused snapshotRefused;
    volatile @Nullable String preparationProblem;
    /** Preparations wait for it. */
    volatile @Nullable CountDownLatch preparing;

    @Override
    public void prepare(FunctionConfig config) throws IOException {
        CountDownLatch latch = preparing;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (preparationProblem != null) {
            String where = config.codeUri() + " " + config.layers();
            throw new IOException(preparationProblem.replace("WHERE", where));
        }
    }

    @Override
    public int deploy(FunctionConfig config, String version) {
        if (config.runtime().equals(unusableRuntime)) {
            throw ServiceFault.invalidParameter("Runtime " + config.runtime() + " is not on this host");
        }
        deployed.add(new Deployed(config, version));
        return deployed.size() - 1;
    }

    @Override
    public @Nullable String snapshotProblem() {
        return snapshotProblem;
    }

    @Override
    public int deployFromSnapshot(FunctionConfig config, String version) throws SnapshotRefused, InterruptedException {
        CountDownLatch latch = preparing;
        if (latch != null) {
            latch.await();
        }
        SnapshotRefused refused = snapshotRefused;
        if (refused != null) {
            throw refused;
        }
        int functionId = deploy(config, version);
        fromSnapshot.add(functionId);
        return functionId;
    }

    @Override
    public void route(String name, FunctionRoutes to) {
        routes.put(name, to);
    }

    @Override
    public void withhold(String name, String version, @Nullable String state) {
        if (state == null) {
            withheld.remove(name + ":" + version);
        } else {
            withheld.put(name + ":" + version, state);
        }
    }

    @Override
    public void allowLoops(String name, boolean allowed) {
        if (allowed) {
            loopsAllowed.add(name);
        } else {
            loopsAllowed.remove(name);
        }
    }

    @Override
    public void unroute(String name) {
        routes.remove(name);
    }

    @Override
    public void retire(int functionId, Runnable gone) {
        retired.put(functionId, gone);
    }

    @Override
    public void reserve(String name, int reservedConcurrency) {
        reserved.put(name, reservedConcurrency);
    }

    @Override
    public void provision(int functionId, int environments) {
        provisioned.put(functionId, environments);
    }

    @Override
    public Provisioned provisioned(int functionId) {
        int requested = provisioned.getOrDefault(functionId, 0);
        return new Provisioned(requested, requested, requested, false);
    }

    /** What a name's {@code $LATEST} leads to. */
    Deployed latest(String name) {
        return deployed.get(routesOf(name).latest());
    }

    FunctionRoutes routesOf(String name) {
        return Objects.requireNonNull(routes.get(name));
    }

    /** The last environments of every retired deployment end. */
    void endRetired() {
        retired.values().forEach(Runnable::run);
    }
}
