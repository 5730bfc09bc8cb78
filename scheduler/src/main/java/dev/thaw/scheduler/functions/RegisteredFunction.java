package dev.thaw.scheduler.functions;

/**
 * A function that can be invoked.
 *
 * @param functionId dense, the scheduler's own
 * @param arn unqualified
 */
public record RegisteredFunction(int functionId, FunctionConfig config, String arn) {
    /** The only version so far. */
    public static final String LATEST = "$LATEST";

    public String name() {
        return config.name();
    }
}
