package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.functions.FunctionRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Versions that start from snapshots (contract.md sections 2.2 and 13). */
final class SnapStartOperationsTest {
    private static final String SNAP_START = "{'SnapStart':{'ApplyOn':'PublishedVersions'}}";

    @TempDir
    Path folder;

    @Test
    void shouldBePendingUntilItsSnapshotIsMade() throws InterruptedException {
        try (ControlBed bed = new ControlBed(folder)) {
            JsonNode latest = bed.create("f", SNAP_START);
            assertThat(latest.at("/SnapStart/OptimizationStatus").stringValue()).isEqualTo("Off");
            CountDownLatch made = new CountDownLatch(1);
            bed.deployments.preparing = made;
            JsonNode pending = bed.of("PublishVersion", "f");
            assertThat(pending.get("State").stringValue()).isEqualTo("Pending");
            assertThat(pending.get("StateReasonCode").stringValue()).isEqualTo("Creating");
            bed.settle();
            assertThat(bed.deployments.withheld).containsEntry("f:1", FunctionRegistry.SNAPSHOT_PENDING);

            made.countDown();
            awaitState(bed, "Active");
            JsonNode active = bed.of("GetFunctionConfiguration", "f:1");
            assertThat(active.at("/SnapStart/ApplyOn").stringValue()).isEqualTo("PublishedVersions");
            assertThat(active.at("/SnapStart/OptimizationStatus").stringValue()).isEqualTo("On");
            int deployment = Objects.requireNonNull(
                    bed.deployments.routesOf("f").versions().get("1"));
            assertThat(bed.deployments.fromSnapshot).containsExactly(deployment);
            assertThat(bed.faults).isEmpty();
        }
    }

    @Test
    void shouldFailWithTheReasonOfItsInit() throws InterruptedException {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", SNAP_START);
            bed.deployments.snapshotRefused = new SnapshotRefused("FunctionError.InitTimeout", "too slow");
            bed.of("PublishVersion", "f");
            awaitState(bed, "Failed");
            JsonNode failed = bed.of("GetFunctionConfiguration", "f:1");
            assertThat(failed.get("StateReasonCode").stringValue()).isEqualTo("FunctionError.InitTimeout");
            assertThat(failed.get("StateReason").stringValue()).isEqualTo("too slow");
            assertThat(failed.at("/SnapStart/OptimizationStatus").stringValue()).isEqualTo("Off");
        }
    }

    @Test
    void shouldRefuseWhatTheHostCannotDo() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.deployments.snapshotProblem = "needs microVMs";
            assertThatThrownBy(() -> bed.create("f", SNAP_START)).hasMessageContaining("needs microVMs");
            bed.create("f");
            assertThatThrownBy(() -> bed.of("UpdateFunctionConfiguration", "f", SNAP_START))
                    .hasMessageContaining("SnapStart of f: PublishedVersions");
            bed.of("UpdateFunctionConfiguration", "f", "{'SnapStart':{'ApplyOn':'None'}}");
        }
    }

    @Test
    void shouldExcludeLargeTmpAndProvisionedConcurrency() throws InterruptedException {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", SNAP_START);
            assertThatThrownBy(() -> bed.of("UpdateFunctionConfiguration", "f", "{'EphemeralStorage':{'Size':1024}}"))
                    .hasMessageContaining("ephemeral storage");
            bed.of("PublishVersion", "f");
            awaitState(bed, "Active");
            assertThatThrownBy(() -> bed.call(
                            "PutProvisionedConcurrencyConfig",
                            Map.of("FunctionName", "f"),
                            Map.of("Qualifier", "1"),
                            "{'ProvisionedConcurrentExecutions':1}"))
                    .hasMessageContaining("SnapStart");
        }
    }

    /** A snapshot ends with its server. */
    @Test
    void shouldMakeItAgainInTheNextServer() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", SNAP_START);
            bed.of("PublishVersion", "f");
            awaitState(bed, "Active");
        }
        try (ControlBed next = new ControlBed(folder, List.of())) {
            awaitState(next, "Active");
            assertThat(next.deployments.fromSnapshot).hasSize(1);
            assertThat(next.problems).isEmpty();
        }
    }

    @Test
    void shouldLetGoOfItWithItsVersion() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", SNAP_START);
            bed.of("PublishVersion", "f");
            awaitState(bed, "Active");
            int deployment = Objects.requireNonNull(
                    bed.deployments.routesOf("f").versions().get("1"));
            bed.call("DeleteFunction", Map.of("FunctionName", "f"), Map.of("Qualifier", "1"), "{}");
            assertThat(bed.deployments.retired).containsKey(deployment);
        }
    }

    /** Once version 1 is no longer pending. */
    private static void awaitState(ControlBed bed, String state) {
        String now = stateOf(bed);
        while (now.equals("Pending")) {
            Thread.onSpinWait();
            now = stateOf(bed);
        }
        assertThat(now).isEqualTo(state);
    }

    private static String stateOf(ControlBed bed) {
        return bed.of("GetFunctionConfiguration", "f:1").get("State").stringValue();
    }
}
