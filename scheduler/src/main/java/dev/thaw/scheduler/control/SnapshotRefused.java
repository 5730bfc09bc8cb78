package dev.thaw.scheduler.control;

/** No snapshot came of a version; the code is that of its {@code StateReasonCode}. */
public final class SnapshotRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reasonCode;

    public SnapshotRefused(String reasonCode, String message) {
        super(message, null, false, false);
        this.reasonCode = reasonCode;
    }

    String reasonCode() {
        return reasonCode;
    }
}
