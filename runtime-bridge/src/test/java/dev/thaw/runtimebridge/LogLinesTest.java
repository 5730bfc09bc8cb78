package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LogLinesTest {
    private static final String ID = "4ee13858-8904-45af-9465-e911f6fd054b";
    /** contract.md section 22, row "REPORT format". */
    private static final String REPORT_FORMAT =
            "(?s)^REPORT RequestId: [0-9a-f-]{36}\\s+Duration: \\d+\\.\\d\\d ms\\s+Billed Duration: \\d+ ms\\s+"
                    + "Memory Size: \\d+ MB\\s+Max Memory Used: \\d+ MB(\\s+Init Duration: \\d+\\.\\d\\d ms)?\\s*";

    private final StringBuilder out = new StringBuilder();

    @Test
    void shouldWordStartAndEnd() {
        LogLines.start(out, ID, "42");
        LogLines.end(out, ID);
        assertThat(out).hasToString("START RequestId: " + ID + " Version: 42\nEND RequestId: " + ID + "\n");
    }

    @Test
    void shouldWordReportOfAColdInvocation() {
        LogLines.report(out, ID, 1_265_000, 2, 128, 40L << 20, 99_095_001);
        assertThat(out)
                .hasToString(
                        "REPORT RequestId: " + ID + "\tDuration: 1.27 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t"
                                + "Max Memory Used: 40 MB\tInit Duration: 99.10 ms\t")
                .asString()
                .matches(REPORT_FORMAT);
    }

    @Test
    void shouldWordReportOfAWarmInvocation() {
        LogLines.report(out, ID, 3_022_907_000L, 3000, 512, (156L << 20) + 1, LogLines.NO_INIT);
        assertThat(out)
                .hasToString("REPORT RequestId: " + ID + "\tDuration: 3022.91 ms\tBilled Duration: 3000 ms\t"
                        + "Memory Size: 512 MB\tMax Memory Used: 157 MB\t")
                .asString()
                .matches(REPORT_FORMAT);
    }

    @Test
    void shouldNeverShowMoreMemoryThanThereIs() {
        LogLines.report(out, ID, 0, 0, 128, 200L << 20, LogLines.NO_INIT);
        assertThat(out.toString()).contains("Duration: 0.00 ms", "Max Memory Used: 128 MB");
    }

    @Test
    void shouldMatchTheFormatWhereMemoryIsUnknown() {
        LogLines.report(out, ID, 5_000, 1, 128, -1, LogLines.NO_INIT);
        assertThat(out.toString())
                .contains("Duration: 0.01 ms", "Max Memory Used: 0 MB")
                .matches(REPORT_FORMAT);
    }

    @Test
    void shouldWordInitStartSoThatItsFieldsCanBeCut() {
        LogLines.initStart(out, "provided.al2023", "eu-south-1");
        List<String> fields =
                Pattern.compile("\\s+").splitAsStream(out.toString().strip()).toList();
        assertThat(fields.get(0)).isEqualTo("INIT_START");
        assertThat(fields.get(3)).isEqualTo("provided:al2023.v1");
        assertThat(fields.get(7)).matches("arn:aws:lambda:eu-south-1::runtime:[0-9a-f]{64}");
    }

    @Test
    void shouldWordInitReport() {
        LogLines.initReport(out, 1_236_040_000L, TelemetryEvents.Status.TIMEOUT);
        LogLines.initReport(out, 1_236_040_000L, TelemetryEvents.Status.error("Runtime.ExitError"));
        assertThat(out.toString().lines())
                .containsExactly(
                        "INIT_REPORT Init Duration: 1236.04 ms\tPhase: init\tStatus: timeout",
                        "INIT_REPORT Init Duration: 1236.04 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError");
    }

    /** Only where something is wrong a line says how it went. */
    @Test
    void shouldWordWhatWentWell() {
        LogLines.initReport(out, 1_236_040_000L, TelemetryEvents.Status.SUCCESS);
        LogLines.restoreReport(out, 408_340_000L, TelemetryEvents.Status.SUCCESS);
        LogLines.restored(out, 408_340_000L, 202);
        assertThat(out.toString().lines())
                .containsExactly(
                        "INIT_REPORT Init Duration: 1236.04 ms\tPhase: init",
                        "RESTORE_REPORT Restore Duration: 408.34 ms",
                        "Restore Duration: 408.34 ms\tBilled Restore Duration: 202 ms\t");
    }

    /** As the examples of the contract, but for tabs where they have spaces. */
    @Test
    void shouldWordRestoreReport() {
        LogLines.restoreReport(out, 1_236_040_000L, TelemetryEvents.Status.TIMEOUT);
        LogLines.restoreReport(out, 1_236_040_000L, TelemetryEvents.Status.error("Runtime.ExitError"));
        assertThat(out.toString().replace('\t', ' ').lines())
                .containsExactly(
                        "RESTORE_REPORT Restore Duration: 1236.04 ms Status: timeout",
                        "RESTORE_REPORT Restore Duration: 1236.04 ms Status: error Error Type: Runtime.ExitError");
    }
}
