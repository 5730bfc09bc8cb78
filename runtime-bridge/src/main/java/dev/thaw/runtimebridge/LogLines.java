package dev.thaw.runtimebridge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

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
        out.append("INIT_START Runtime Version: ").append(runtimeVersion(runtime));
        out.append("\tRuntime Version ARN: ")
                .append(runtimeVersionArn(runtime, region))
                .append('\n');
    }

    static String runtimeVersion(String runtime) {
        return (runtime.startsWith("provided.") ? runtime.replaceFirst("\\.", ":") : runtime) + ".v1";
    }

    static String runtimeVersionArn(String runtime, String region) {
        return "arn:aws:lambda:" + region + "::runtime:" + sha256(runtime);
    }

    /** Only for an init that failed; {@code errorType} null means that it ran out of time. */
    static void initReport(StringBuilder out, long initNs, @Nullable String errorType) {
        out.append("INIT_REPORT Init Duration: ");
        millis(out, initNs);
        out.append(" ms\tPhase: init\tStatus: ").append(errorType == null ? "timeout" : "error");
        if (errorType != null) {
            out.append("\tError Type: ").append(errorType);
        }
        out.append('\n');
    }

    /** Only for a restore from a snapshot that failed; {@code errorType} null means that it ran out of time. */
    static void restoreReport(StringBuilder out, long restoreNs, @Nullable String errorType) {
        out.append("RESTORE_REPORT Restore Duration: ");
        millis(out, restoreNs);
        out.append(" ms\tStatus: ").append(errorType == null ? "timeout" : "error");
        if (errorType != null) {
            out.append("\tError Type: ").append(errorType);
        }
        out.append('\n');
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

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
