package dev.thaw.scheduler.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function as a client spells it: {@code name}, {@code name:qualifier}, a partial ARN
 * ({@code 123456789012:function:name}) or a full one, each with or without a qualifier (contract.md section 1.1, wire.md
 * W4).
 *
 * @param prefix of the ARN up to and with {@code function:}; empty for a plain name
 * @param qualifier version or alias, or null
 */
public record FunctionReference(
        String prefix, String name, @Nullable String qualifier) {
    /** The service's pattern, shown to clients that break it. */
    public static final String PATTERN =
            "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

    /** The only one there is. */
    public static final String REGION = FunctionRegistry.ARN_PREFIX.split(":", -1)[3];

    private static final Pattern REGION_IN_PREFIX = Pattern.compile("(?:^|:)([a-z]{2}(?:-[a-z]+)+-\\d):");

    private static final Pattern COMPILED = Pattern.compile(
            "(?<prefix>(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:[a-z]{2}(?:-gov)?-[a-z]+-\\d:)?(?:\\d{12}:)?(?:function:)?)"
                    + "(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9-_]+))?");
    private static final int MAX_LENGTH = 170;
    private static final int MAX_NAME_LENGTH = 64;

    /** Null where the text breaks {@link #PATTERN} or the length limits (contract.md section 18). */
    public static @Nullable FunctionReference parse(String text) {
        Matcher matcher = COMPILED.matcher(text);
        if (text.length() > MAX_LENGTH || !matcher.matches()) {
            return null;
        }
        String name = matcher.group("name");
        return name.length() > MAX_NAME_LENGTH
                ? null
                : new FunctionReference(matcher.group("prefix"), name, matcher.group("qualifier"));
    }

    /** The same function at another version or alias. */
    public FunctionReference qualifiedBy(String otherQualifier) {
        return new FunctionReference(prefix, name, otherQualifier);
    }

    /** The region that the prefix names, where that is not this one; else null. */
    public @Nullable String otherRegion() {
        Matcher region = REGION_IN_PREFIX.matcher(prefix);
        return region.find() && !region.group(1).equals(REGION) ? region.group(1) : null;
    }

    /** The prefix, where there is one, names this region and account. */
    boolean isHere() {
        return FunctionRegistry.ARN_PREFIX.endsWith(prefix);
    }

    /** Full ARN as the service shows it where nothing is found: always qualified (wire.md W5). */
    public String qualifiedArn() {
        String base = prefix.startsWith("arn:") ? prefix : FunctionRegistry.ARN_PREFIX;
        return base + name + ":" + (qualifier == null ? RegisteredFunction.LATEST : qualifier);
    }
}
