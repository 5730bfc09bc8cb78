package dev.thaw.cli;

import dev.thaw.scheduler.core.ProvisionedConcurrency;
import dev.thaw.scheduler.core.ProvisionedScaling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;

/**
 * Looks at each function with a rule once a second and provisions as the rule says. What it cannot do it says once, one
 * line, and tries on.
 *
 * <p>Threading: owns {@code thaw-autoscale}.
 */
final class AutoScaling implements AutoCloseable {
    private final Map<AutoScaleRule, ProvisionedScaling> rules = new HashMap<>();
    private final LiveDeployments deployments;
    private final Provisioner provisioner;
    private final EpochClock clock;
    private final Map<String, String> told = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("thaw-autoscale").daemon(true).factory());

    AutoScaling(List<AutoScaleRule> rules, LiveDeployments deployments, Provisioner provisioner, EpochClock clock) {
        rules.forEach(rule -> this.rules.put(rule, rule.scaling()));
        this.deployments = deployments;
        this.provisioner = provisioner;
        this.clock = clock;
    }

    /** Has environments initialised ahead for what a rule names. */
    @FunctionalInterface
    interface Provisioner {
        void provision(String function, int functionId, int environments);
    }

    /** A function, version or alias may come later than its rule. */
    AutoScaling start() {
        Future<?> _ = thread.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
        return this;
    }

    private void look() {
        rules.forEach((rule, scaling) -> {
            try {
                look(rule.function(), scaling);
                told.remove(rule.function());
            } catch (RuntimeException refused) {
                String problem = String.valueOf(refused.getMessage());
                if (!problem.equals(told.put(rule.function(), problem))) {
                    System.err.println("thaw: --autoscale of " + rule.function() + ": " + problem);
                }
            }
        });
    }

    private void look(String function, ProvisionedScaling scaling) {
        int functionId = deployments.find(function);
        if (functionId == LiveDeployments.NONE) {
            throw new IllegalArgumentException("there is no such function, version or alias yet");
        }
        ProvisionedConcurrency state = deployments.concurrency(functionId);
        int wanted = scaling.look(state, clock.time());
        if (wanted != ProvisionedScaling.NO_CHANGE) {
            provisioner.provision(function, functionId, wanted);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
