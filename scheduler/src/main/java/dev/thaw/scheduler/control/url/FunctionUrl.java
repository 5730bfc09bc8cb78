package dev.thaw.scheduler.control.url;

import org.jspecify.annotations.Nullable;

/**
 * The configuration of a URL that leads to a function or an alias of it (contract.md section 1.13).
 *
 * @param id first label of its host name, unique
 * @param function name
 * @param qualifier alias, or {@code $LATEST}
 * @param authType {@code NONE} or {@code AWS_IAM}
 * @param invokeMode {@code BUFFERED} or {@code RESPONSE_STREAM}
 */
public record FunctionUrl(
        String id,
        String function,
        String qualifier,
        String authType,
        @Nullable Cors cors,
        String invokeMode,
        long createdEpochMs,
        long modifiedEpochMs) {
    public static final String BUFFERED = "BUFFERED";
    public static final String RESPONSE_STREAM = "RESPONSE_STREAM";
    public static final String NONE = "NONE";
    public static final String AWS_IAM = "AWS_IAM";
}
