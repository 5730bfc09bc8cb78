package dev.thaw.runtimebridge;

/** No snapshot came of a version: its init failed, or the sandbox could not be made one of. */
public final class SnapshotFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reasonCode;

    SnapshotFailure(String reasonCode, String message) {
        super(message, null, false, false);
        this.reasonCode = reasonCode;
    }

    /** As a version's {@code StateReasonCode} has it. */
    public String reasonCode() {
        return reasonCode;
    }
}
