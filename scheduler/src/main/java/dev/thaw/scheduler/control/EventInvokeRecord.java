package dev.thaw.scheduler.control;

import org.jspecify.annotations.Nullable;

/**
 * What a function, version or alias asks for of its asynchronous invocations (contract.md section 6.2).
 *
 * @param qualifier {@code $LATEST}, a version's number or an alias
 * @param maxRetries null where it says nothing
 * @param maxAgeSec null where it says nothing
 * @param onSuccess ARN, or empty
 * @param onFailure ARN, or empty
 */
record EventInvokeRecord(
        String name,
        String qualifier,
        @Nullable Integer maxRetries,
        @Nullable Integer maxAgeSec,
        String onSuccess,
        String onFailure,
        long lastModifiedEpochMs) {
    String key() {
        return name + ":" + qualifier;
    }
}
