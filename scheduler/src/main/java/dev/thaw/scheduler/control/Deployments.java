package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRoutes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The running side of what the control plane decides: code that is ready to run, routes to it, and its limits. A deployed
 * function id stands for one immutable pair of code and configuration: an update deploys anew, routes to it and retires
 * the old one.
 *
 * <p>Threading: the control plane's thread; calls may block.
 */
public interface Deployments {
    /** Says whether a function may go on running in a recursive loop. */
    void allowLoops(String name, boolean allowed);

    /**
     * Does ahead of {@link #deploy} what may take long, such as unpacking a container image. Any thread. Throws
     * {@link ServiceFault} where this host cannot run it, which says why.
     */
    void prepare(FunctionConfig config) throws IOException;

    /**
     * Readies code and configuration so that they can be invoked once a route leads there. Returns the scheduler's
     * function id. Throws {@link ServiceFault} where this host cannot run it, which says why.
     *
     * @param version {@code $LATEST} or a number
     */
    int deploy(FunctionConfig config, String version) throws IOException;

    /** Why versions cannot start from snapshots on this host, in one line; null where they can. */
    @Nullable
    String snapshotProblem();

    /**
     * The same as {@link #deploy}, where environments go on from a snapshot, which is made now and ends with the deployment:
     * initialises an environment and waits for that, for minutes at worst. Any thread.
     */
    int deployFromSnapshot(FunctionConfig config, String version)
            throws IOException, SnapshotRefused, InterruptedException;

    /** Invocations that arrive from now on go by these routes. */
    void route(String name, FunctionRoutes routes);

    /**
     * Where no route leads to a version its invocations are refused with this state; with null, as those of a version that
     * is not there.
     *
     * @param version {@code $LATEST} or a number
     */
    void withhold(String name, String version, @Nullable String state);

    /** There is no such function any more. */
    void unroute(String name);

    /**
     * No route leads there any more: environments end once they have no invocation, and are not made again.
     *
     * @param gone runs on any thread once the last of them has ended: its files may be deleted
     */
    void retire(int functionId, Runnable gone);

    /** Cap and guarantee of all versions of a function together; {@link FunctionConfig#UNRESERVED} for none. */
    void reserve(String name, int reservedConcurrency);

    /** Keeps so many environments initialised for one version; 0 for none. */
    void provision(int functionId, int environments);

    /** How far {@link #provision} has come. */
    Provisioned provisioned(int functionId);

    /**
     * Provisioned concurrency of one version.
     *
     * @param available initialised and ready, or at work
     * @param failed an init of one failed, and is not tried again until asked anew
     */
    record Provisioned(int requested, int allocated, int available, boolean failed) {}
}
