package dev.thaw.runtimebridge;

import dev.thaw.results.digest.Sha256;
import java.nio.charset.StandardCharsets;

/** Words the platform's log lines exactly as the service does (contract.md section 2.8). Pure. */
final class LogLines {
    static final long NO_INIT = -1;

    private LogLines() {}

    static void start(StringBuilder out, String requestId, String version) {
        out.append("START RequestId: ")
                .append(requestId)
                .append(" Version: ")
                .append(version)
                .append('\n');
    }

    static void end(StringBuilder out, String requestId) {
        out.append("END RequestId: ").append(requestId).append('\n');
    }

    /** Only for a new environment: neither per invocation nor for a suppressed init (contract.md C20). */
    static void initStart(StringBuilder out, String runtime, String region) {
        start(out, "INIT_START", runtime, region);
    }

    /** In its place where the environment goes on from a snapshot. */
    static void restoreStart(StringBuilder out, String runtime, String region) {
        start(out, "RESTORE_START", runtime, region);
    }

    private static void start(StringBuilder out, String event, String runtime, String region) {
        out.append(event).append(" Runtime Version: ").append(runtimeVersion(runtime));
        out.append("\tRuntime Version ARN: ")
                .append(runtimeVersionArn(runtime, region))
                .append('\n');
    }

    static String runtimeVersion(String runtime) {
        return (runtime.startsWith("provided.") ? runtime.replaceFirst("\\.", ":") : runtime) + ".v1";
    }

    static String runtimeVersionArn(String runtime, String region) {
        return "arn:aws:lambda:" + region + "::runtime:" + Sha256.hex(runtime.getBytes(StandardCharsets.UTF_8));
    }

    /** Only for an init that failed, and for any that a snapshot is made of. */
    static void initReport(StringBuilder out, long initNs, TelemetryEvents.Status status) {
        out.append("INIT_REPORT Init Duration: ");
        millis(out, initNs);
        out.append(" ms\tPhase: init");
        status(out, status);
    }

    private static void status(StringBuilder out, TelemetryEvents.Status status) {
        if (!status.equals(TelemetryEvents.Status.SUCCESS)) {
            out.append("\tStatus: ").append(status.key());
        }
        if (status.errorType() != null) {
            out.append("\tError Type: ").append(status.errorType());
        }
        out.append('\n');
    }

    /** Of a restore from a snapshot, whatever became of it. */
    static void restoreReport(StringBuilder out, long restoreNs, TelemetryEvents.Status status) {
        out.append("RESTORE_REPORT Restore Duration: ");
        millis(out, restoreNs);
        out.append(" ms");
        status(out, status);
    }

    /** What REPORT says of the restore before an environment's first invocation. */
    static void restored(StringBuilder out, long restoreNs, long billedMs) {
        out.append("Restore Duration: ");
        millis(out, restoreNs);
        out.append(" ms\tBilled Restore Duration: ").append(billedMs).append(" ms\t");
    }

    /**
     * The REPORT line. {@code initNs} is {@link #NO_INIT} but for an environment's first invocation after an init in its
     * own phase. {@code peakBytes} is rounded up to MB and never shown above the memory size.
     */
    static void report(
            StringBuilder out,
            String requestId,
            long durationNs,
            long billedMs,
            int memoryMib,
            long peakBytes,
            long initNs) {
        out.append("REPORT RequestId: ").append(requestId).append("\tDuration: ");
        millis(out, durationNs);
        out.append(" ms\tBilled Duration: ").append(billedMs);
        out.append(" ms\tMemory Size: ").append(memoryMib);
        out.append(" MB\tMax Memory Used: ")
                .append(usedMib(peakBytes, memoryMib))
                .append(" MB\t");
        if (initNs != NO_INIT) {
            out.append("Init Duration: ");
            millis(out, initNs);
            out.append(" ms\t");
        }
    }

    static long usedMib(long peakBytes, int memoryMib) {
        return Math.min(memoryMib, (Math.max(0, peakBytes) + (1 << 20) - 1) >> 20);
    }

    /** Two decimals, rounded half up, without a format's cost. */
    static void millis(StringBuilder out, long ns) {
        long hundredths = hundredthsOfMs(ns);
        long fraction = hundredths % 100;
        out.append(hundredths / 100).append(fraction < 10 ? ".0" : ".").append(fraction);
    }

    static long hundredthsOfMs(long ns) {
        return (Math.max(0, ns) + 5_000) / 10_000;
    }
}
