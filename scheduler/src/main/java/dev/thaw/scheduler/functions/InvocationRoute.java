package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.core.HotPath;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where invocations under one spelling of a function go: to one version, or, under an alias with weights, to one of two
 * (contract.md section 1.12).
 *
 * <p>Threading: immutable; safe on any thread.
 */
public final class InvocationRoute {
    private final String invokedFunctionArn;
    private final RegisteredFunction function;
    private final @Nullable RegisteredFunction additional;
    private final double additionalWeight;

    InvocationRoute(String invokedFunctionArn, RegisteredFunction function) {
        this(invokedFunctionArn, function, null, 0);
    }

    InvocationRoute(
            String invokedFunctionArn,
            RegisteredFunction function,
            @Nullable RegisteredFunction additional,
            double additionalWeight) {
        this.invokedFunctionArn = invokedFunctionArn;
        this.function = function;
        this.additional = additional;
        this.additionalWeight = additionalWeight;
    }

    /** As the client qualified it. */
    @HotPath
    public String invokedFunctionArn() {
        return invokedFunctionArn;
    }

    /** The version that the next invocation runs; each draws anew. */
    @HotPath
    public RegisteredFunction choose(SplittableRandom random) {
        RegisteredFunction other = additional;
        return other == null || random.nextDouble() >= additionalWeight ? function : other;
    }

    /** The version, or of two the one that is not additional. */
    public RegisteredFunction primary() {
        return function;
    }
}
