package dev.thaw.scheduler.control.policy;

import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies of all functions, versions and aliases as they were last made durable, by ARN: what decisions are made by.
 *
 * <p>Threading: safe on any thread; reading takes no lock.
 */
public final class PolicyBook {
    private static final String LATEST = ":$LATEST";

    private final Map<String, ResourcePolicy> byArn = new ConcurrentHashMap<>();

    /** {@code key}: {@code name:qualifier}, where {@code $LATEST} stands for the function itself; null removes. */
    public void put(String key, @Nullable ResourcePolicy policy) {
        String named = key.endsWith(LATEST) ? key.substring(0, key.length() - LATEST.length()) : key;
        String arn = FunctionRegistry.arnOf(named);
        if (policy == null) {
            byArn.remove(arn);
        } else {
            byArn.put(arn, policy);
        }
    }

    /** Of exactly this ARN; empty where nothing is granted. */
    public ResourcePolicy of(String arn) {
        return byArn.getOrDefault(arn, ResourcePolicy.EMPTY);
    }
}
