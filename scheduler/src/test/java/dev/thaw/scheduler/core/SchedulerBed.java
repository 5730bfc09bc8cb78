package dev.thaw.scheduler.core;

import dev.thaw.scheduler.policy.PolicyCatalogue;
import dev.thaw.scheduler.policy.UnlimitedScaling;
import java.util.List;

/**
 * A scheduler on a test bed: its ports are a {@link CommandLog}, its clock is a field in ms. Environments are named as
 * in the log, {@code "1.0"} being the first generation of slot 0.
 */
final class SchedulerBed {
    static final long NS_PER_MS = 1_000_000;
    static final int ACCOUNT = 10;

    final CommandLog log = new CommandLog();
    final Scheduler scheduler;
    long atMs;
    private long nextInvocation;

    SchedulerBed(SchedulerConfig config, Policies policies) {
        scheduler = new Scheduler(config, policies, log, log);
    }

    SchedulerBed(SchedulerConfig config, ScalingPolicy scaling) {
        this(config, policies(config, scaling));
    }

    private static Policies policies(SchedulerConfig config, ScalingPolicy scaling) {
        Policies standard = PolicyCatalogue.standard(config.keepAliveNs());
        return new Policies(standard.placement(), standard.keepAlive(), standard.queueing(), scaling);
    }

    /** Keep-alive 600 s, init limit 10 s, freeze after 100 ms, wait for room 1 s. */
    static SchedulerConfig config() {
        return new SchedulerConfig(
                ACCOUNT, 600_000 * NS_PER_MS, 10_000 * NS_PER_MS, 100 * NS_PER_MS, 1_000 * NS_PER_MS, 100);
    }

    /** One host with room for {@code environments} of 1 GiB, and {@code functions} functions of 1 GiB and 3 s. */
    static SchedulerBed with(int environments, int functions) {
        return with(config(), environments, functions);
    }

    static SchedulerBed with(SchedulerConfig config, int environments, int functions) {
        return with(config, new UnlimitedScaling(), environments, functions);
    }

    static SchedulerBed with(SchedulerConfig config, ScalingPolicy scaling, int environments, int functions) {
        return new SchedulerBed(config, scaling).sized(environments, functions);
    }

    /** With another keep-alive. */
    static SchedulerBed keeping(KeepAlivePolicy keepAlive, int environments, int functions) {
        Policies standard = PolicyCatalogue.standard(0);
        Policies policies = new Policies(standard.placement(), keepAlive, standard.queueing(), standard.scaling());
        return new SchedulerBed(config(), policies).sized(environments, functions);
    }

    /** With another order of the line for room. */
    static SchedulerBed queueing(QueueingPolicy queueing, int environments, int functions) {
        Policies standard = PolicyCatalogue.standard(config().keepAliveNs());
        Policies policies = new Policies(standard.placement(), standard.keepAlive(), queueing, standard.scaling());
        return new SchedulerBed(config(), policies).sized(environments, functions);
    }

    private SchedulerBed sized(int environments, int functions) {
        scheduler.addHost(new HostSpec("h0", environments * 1_024, 100_000));
        for (int function = 0; function < functions; function++) {
            scheduler.addFunction(function("f" + function));
        }
        return this;
    }

    static FunctionSpec function(String name) {
        return new FunctionSpec(name, 1_024, 3_000 * NS_PER_MS);
    }

    int add(String name, int reservedConcurrency) {
        scheduler.reserve(name, reservedConcurrency);
        return scheduler.addFunction(function(name));
    }

    static long id(String environment) {
        String[] parts = environment.split("\\.", -1);
        return Long.parseLong(parts[0]) << 32 | Long.parseLong(parts[1]);
    }

    long now() {
        return atMs * NS_PER_MS;
    }

    List<String> commands() {
        return log.take();
    }

    void provision(int functionId, int environments) {
        scheduler.provision(functionId, environments, now());
    }

    Invocation invoke(int functionId) {
        Invocation invocation = new Invocation();
        invocation.start(nextInvocation++, functionId, null, now());
        scheduler.onInvoke(invocation, now());
        return invocation;
    }

    void extensionsStarting(String environment) {
        scheduler.onExtensionsStarting(id(environment), now());
    }

    void extensionsRegistered(String environment) {
        scheduler.onExtensionsRegistered(id(environment), now());
    }

    void created(String environment) {
        scheduler.onSandboxCreated(id(environment), now());
    }

    void connected(String environment) {
        scheduler.onRuntimeConnected(id(environment), now());
    }

    void ready(String environment) {
        scheduler.onReady(id(environment), now());
    }

    void response(String environment) {
        scheduler.onResponse(id(environment), Outcome.RESPONSE, now());
    }

    void initFailed(String environment) {
        scheduler.onInitFailed(id(environment), now());
    }

    void exit(String environment) {
        scheduler.onRuntimeExit(id(environment), now());
    }

    void thawed(String environment) {
        scheduler.onThawed(id(environment), now());
    }

    void reset(String environment) {
        scheduler.onReset(id(environment), now());
    }

    void destroyed(String environment) {
        scheduler.onDestroyed(id(environment), now());
    }

    void init(String environment) {
        created(environment);
        connected(environment);
        ready(environment);
    }

    /** The environment answers its invocation and is ready again. */
    void finish(String environment) {
        response(environment);
        ready(environment);
    }

    /** A cold start of the function from nothing to an idle environment; forgets its commands. */
    void warmUp(int functionId, String environment) {
        invoke(functionId);
        init(environment);
        finish(environment);
        commands();
    }

    /** Moves the clock and polls once. */
    int pollAt(long ms) {
        atMs = ms;
        return scheduler.poll(now());
    }

    long nextDeadlineMs() {
        long deadlineNs = scheduler.nextDeadlineNs();
        return deadlineNs == Scheduler.NO_DEADLINE ? -1 : deadlineNs / NS_PER_MS;
    }
}
