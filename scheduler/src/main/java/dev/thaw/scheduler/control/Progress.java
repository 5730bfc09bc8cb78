package dev.thaw.scheduler.control;

import org.jspecify.annotations.Nullable;

/**
 * How far a version's life and its last update have come ({@code State} and {@code LastUpdateStatus}).
 *
 * @param reasonCode with the reason, of what is not as it should be
 * @param updateStatus null until the first creation has ended
 */
record Progress(
        String state,
        @Nullable String reason,
        @Nullable String reasonCode,
        @Nullable String updateStatus,
        @Nullable String updateReason,
        @Nullable String updateReasonCode) {
    private static final String CREATING_REASON = "The function is being created.";
    private static final String CREATING_CODE = "Creating";

    static final Progress CREATING = new Progress("Pending", CREATING_REASON, CREATING_CODE, null, null, null);
    static final Progress ACTIVE = new Progress("Active", null, null, "Successful", null, null);
    static final Progress UPDATING = new Progress("Active", null, null, "InProgress", CREATING_REASON, CREATING_CODE);

    /** It was never ready. */
    static Progress failed(String reason) {
        return failed(reason, "InternalError");
    }

    static Progress failed(String reason, String reasonCode) {
        return new Progress("Failed", reason, reasonCode, "Failed", reason, reasonCode);
    }

    /** What was there before the update goes on. */
    static Progress updateFailed(String reason) {
        return new Progress("Active", null, null, "Failed", reason, "InternalError");
    }

    boolean isPending() {
        return state.equals("Pending");
    }

    boolean isFailed() {
        return state.equals("Failed");
    }

    boolean isUpdating() {
        return "InProgress".equals(updateStatus);
    }
}
