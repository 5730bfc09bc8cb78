package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The function, version or alias that a request is about, however the client spells it (contract.md section 1.1, wire.md
 * "Names"): a qualifier inside the name and one beside it must agree.
 *
 * @param qualifier null where there is none
 */
record FunctionTarget(String name, @Nullable String qualifier) {
    private static final int MAX_LENGTH = 140;
    private static final int MAX_QUALIFIER_LENGTH = 128;

    private static final Pattern QUALIFIER = Pattern.compile("\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+");

    /** Of an operation that may be asked of a version or an alias. */
    static FunctionTarget namespaced(OperationInput input) {
        return parse(input, new Checks(), FunctionReference.NAMESPACED, Integer.MAX_VALUE);
    }

    /** Of an operation that changes something. */
    static FunctionTarget of(OperationInput input) {
        return of(input, new Checks());
    }

    /** Refuses with what other constraints are broken. */
    static FunctionTarget of(OperationInput input, Checks checks) {
        return parse(input, checks, FunctionReference.CHANGED, MAX_LENGTH);
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
        return parse(String.valueOf(text), null, checks, FunctionReference.CHANGED, MAX_LENGTH);
    }

    private static FunctionTarget parse(
            String text, @Nullable String qualifier, Checks checks, Pattern pattern, int maxLength) {
        checks.length(text, "functionName", 1, maxLength);
        checks.pattern(text, "functionName", pattern);
        checks.refuse();
        FunctionReference reference = FunctionReference.parse(text);
        if (reference == null) {
            throw new IllegalStateException("checked above: " + text);
        }
        String inside = reference.qualifier();
        if (inside != null && qualifier != null && !inside.equals(qualifier)) {
            throw ServiceFault.invalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier.");
        }
        checkPlace(reference, text);
        return new FunctionTarget(reference.name(), inside != null ? inside : qualifier);
    }

    private static void checkPlace(FunctionReference reference, String text) {
        String other = reference.otherRegion();
        if (other != null) {
            throw ServiceFault.notFound("Functions from '" + other + "' are not reachable in this region ('"
                    + FunctionReference.REGION + "')");
        }
        if (reference.isOfOtherAccount()) {
            // The service's own words are not on record.
            throw new ServiceFault(403, "AccessDeniedException", "Functions of other accounts cannot be reached here");
        }
        if (reference.isOfOtherPartition()) {
            throw ServiceFault.notFound("Function not found: " + text);
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
