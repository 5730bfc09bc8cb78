package dev.thaw.scheduler.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function as a client spells it: {@code name}, {@code name:qualifier}, a partial ARN
 * ({@code 123456789012:function:name}) or a full one, each with or without a qualifier (contract.md section 1.1, wire.md
 * W4). Every part of the server reads names by this.
 *
 * @param partition null where none is named
 * @param region null where none is named
 * @param account null where none is named
 * @param qualifier version or alias, or null
 */
public record FunctionReference(
        @Nullable String partition,
        @Nullable String region,
        @Nullable String account,
        String name,
        @Nullable String qualifier) {
    /** The only one there is. */
    public static final String REGION = FunctionRegistry.ARN_PREFIX.split(":", -1)[3];

    private static final String PARTITION = FunctionRegistry.ARN_PREFIX.split(":", -1)[1];

    private static final String ACCOUNT = FunctionRegistry.ARN_PREFIX.split(":", -1)[4];

    private static final String PREFIX =
            "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?";
    /** The service's pattern where a function is invoked or looked at, as it is shown to clients that break it. */
    public static final Pattern NAMESPACED =
            Pattern.compile(PREFIX + "([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?");
    /** The service's pattern where a function is changed. */
    public static final Pattern CHANGED = Pattern.compile(PREFIX + "([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?");

    // Groups of both patterns.
    private static final int PARTITION_GROUP = 2;
    private static final int REGION_GROUP = 3;
    private static final int ACCOUNT_GROUP = 9;
    private static final int NAME_GROUP = 11;
    private static final int QUALIFIER_GROUP = 13;

    /** Null where the text breaks {@link #NAMESPACED}. */
    public static @Nullable FunctionReference parse(String text) {
        Matcher matcher = NAMESPACED.matcher(text);
        return matcher.matches()
                ? new FunctionReference(
                        matcher.group(PARTITION_GROUP),
                        withoutColon(matcher.group(REGION_GROUP)),
                        withoutColon(matcher.group(ACCOUNT_GROUP)),
                        matcher.group(NAME_GROUP),
                        matcher.group(QUALIFIER_GROUP))
                : null;
    }

    /** By name alone: it is here. */
    public static FunctionReference of(String name, @Nullable String qualifier) {
        return new FunctionReference(null, null, null, name, qualifier);
    }

    private static @Nullable String withoutColon(@Nullable String part) {
        return part == null ? null : part.substring(0, part.length() - 1);
    }

    /** The same function at another version or alias. */
    public FunctionReference qualifiedBy(String otherQualifier) {
        return new FunctionReference(partition, region, account, name, otherQualifier);
    }

    /** Another function of that place, at the same version or alias. */
    public FunctionReference named(String otherName) {
        return new FunctionReference(partition, region, account, otherName, qualifier);
    }

    /** The region that is named, where that is not this one; else null. */
    public @Nullable String otherRegion() {
        return region == null || region.equals(REGION) ? null : region;
    }

    /** An account is named, and it is not the one that is served. */
    public boolean isOfOtherAccount() {
        return account != null && !account.equals(ACCOUNT);
    }

    /** A partition is named, and it is not the one that is served. */
    public boolean isOfOtherPartition() {
        return partition != null && !partition.equals(PARTITION);
    }

    /** Where partition, region and account are named, they are those that are served. */
    public boolean isHere() {
        return !isOfOtherPartition() && otherRegion() == null && !isOfOtherAccount();
    }

    /** The ARN here, with the qualifier where there is one. */
    public String arn() {
        String unqualified = FunctionRegistry.arnOf(name);
        return qualifier == null ? unqualified : unqualified + ":" + qualifier;
    }

    /** Full ARN as the service shows it where nothing is found: always qualified (wire.md W5). */
    public String qualifiedArn() {
        return qualifier == null ? arn() + ":" + RegisteredFunction.LATEST : arn();
    }
}
