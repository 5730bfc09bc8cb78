package dev.thaw.scheduler.functions;

/**
 * One deployed version of a function: code and configuration that never change.
 *
 * @param functionId dense, the scheduler's own; an update gets another one
 * @param version {@link #LATEST} or a number
 */
public record RegisteredFunction(int functionId, FunctionConfig config, String version) {
    /** The version that is not published yet. */
    public static final String LATEST = "$LATEST";

    /** Whether a qualifier names a version; others name aliases, which are no numbers. */
    public static boolean isVersion(String qualifier) {
        return qualifier.equals(LATEST) || qualifier.chars().allMatch(Character::isDigit);
    }

    public String name() {
        return config.name();
    }

    /** Unqualified. */
    public String arn() {
        return FunctionRegistry.arnOf(name());
    }

    /** Ends with the version. */
    public String qualifiedArn() {
        return arn() + ":" + version;
    }
}
