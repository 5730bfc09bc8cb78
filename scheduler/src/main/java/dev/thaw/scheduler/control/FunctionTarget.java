package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The function, version or alias that a request is about, however the client spells it (contract.md section 1.1, wire.md
 * "Names"): a qualifier inside the name and one beside it must agree.
 *
 * @param qualifier null where there is none
 */
record FunctionTarget(String name, @Nullable String qualifier) {
    private static final String REGION = "us-east-1";
    private static final int MAX_LENGTH = 140;
    private static final int MAX_QUALIFIER_LENGTH = 128;

    private static final String PREFIX =
            "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?";
    private static final Pattern FUNCTION_NAME =
            Pattern.compile(PREFIX + "([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?");
    private static final Pattern NAMESPACED_NAME =
            Pattern.compile(PREFIX + "([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?");
    private static final Pattern QUALIFIER = Pattern.compile("\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+");

    // Groups of both patterns.
    private static final int REGION_GROUP = 3;
    private static final int ACCOUNT_GROUP = 9;
    private static final int NAME_GROUP = 11;
    private static final int QUALIFIER_GROUP = 13;

    /** Of an operation that may be asked of a version or an alias. */
    static FunctionTarget namespaced(OperationInput input) {
        return parse(input, new Checks(), NAMESPACED_NAME, Integer.MAX_VALUE);
    }

    /** Of an operation that changes something. */
    static FunctionTarget of(OperationInput input) {
        return of(input, new Checks());
    }

    /** Refuses with what other constraints are broken. */
    static FunctionTarget of(OperationInput input, Checks checks) {
        return parse(input, checks, FUNCTION_NAME, MAX_LENGTH);
    }

    private static FunctionTarget parse(OperationInput input, Checks checks, Pattern pattern, int maxLength) {
        String qualifier = input.query("Qualifier");
        checks.length(qualifier, "qualifier", 1, MAX_QUALIFIER_LENGTH);
        if (qualifier != null && qualifier.length() <= MAX_QUALIFIER_LENGTH) {
            checks.pattern(qualifier, "qualifier", QUALIFIER);
        }
        return parse(input.label("FunctionName"), qualifier, checks, pattern, maxLength);
    }

    /** Of the name in a body, which has no qualifier beside it. */
    static FunctionTarget named(@Nullable String text, Checks checks) {
        checks.required(text, "functionName");
        return parse(String.valueOf(text), null, checks, FUNCTION_NAME, MAX_LENGTH);
    }

    private static FunctionTarget parse(
            String text, @Nullable String qualifier, Checks checks, Pattern pattern, int maxLength) {
        checks.length(text, "functionName", 1, maxLength);
        checks.pattern(text, "functionName", pattern);
        checks.refuse();
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("checked above: " + text);
        }
        String inside = matcher.group(QUALIFIER_GROUP);
        if (inside != null && qualifier != null && !inside.equals(qualifier)) {
            throw ServiceFault.invalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier.");
        }
        checkPlace(matcher);
        return new FunctionTarget(matcher.group(NAME_GROUP), inside != null ? inside : qualifier);
    }

    private static void checkPlace(Matcher matcher) {
        String region = matcher.group(REGION_GROUP);
        if (region != null && !region.equals(REGION + ":")) {
            String other = region.substring(0, region.length() - 1);
            throw ServiceFault.notFound(
                    "Functions from '" + other + "' are not reachable in this region ('" + REGION + "')");
        }
        String account = matcher.group(ACCOUNT_GROUP);
        if (account != null && !FunctionRegistry.ARN_PREFIX.contains(":" + account)) {
            // The service's own words are not on record.
            throw new ServiceFault(403, "AccessDeniedException", "Functions of other accounts cannot be reached here");
        }
    }

    /** Refuses where it is of a version or an alias. */
    FunctionTarget unqualified() {
        if (qualifier != null) {
            throw ServiceFault.invalidParameter(
                    "This operation is permitted on Lambda functions only. Aliases and versions"
                            + " do not support this operation. Please specify either a function name or an unqualified function ARN.");
        }
        return this;
    }

    boolean isLatest() {
        return qualifier == null || qualifier.equals(VersionRecord.LATEST);
    }

    boolean isNumber() {
        return qualifier != null && qualifier.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    String arn() {
        return Catalog.arn(name, qualifier);
    }

    /** 404, with the name as it was asked for. */
    ServiceFault notFound() {
        return ServiceFault.notFound("Function not found: " + arn());
    }
}
