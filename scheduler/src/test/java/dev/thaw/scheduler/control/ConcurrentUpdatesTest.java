package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ConcurrentUpdatesTest {
    private static final int UPDATES = 1_000;

    @TempDir
    private Path folder;

    @Test
    void shouldSerialiseAThousandUpdatesOfOneFunctionWithoutLoss() throws Exception {
        try (ControlBed bed = new ControlBed(folder);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            bed.create("f");
            List<Callable<JsonNode>> calls = new ArrayList<>();
            for (int i = 0; i < UPDATES; i++) {
                String body = "{'MemorySize':" + (128 + i) + ",'Description':'" + i + "'}";
                calls.add(() -> bed.of("UpdateFunctionConfiguration", "f", body));
            }
            List<Future<JsonNode>> answers = clients.invokeAll(calls);
            Set<String> revisions = new HashSet<>();
            for (int i = 0; i < UPDATES; i++) {
                JsonNode answer = answers.get(i).get();
                assertThat(answer.get("Description").stringValue()).isEqualTo(Integer.toString(i));
                revisions.add(answer.get("RevisionId").stringValue());
            }
            assertThat(revisions).hasSize(UPDATES);
            JsonNode last = bed.of("GetFunctionConfiguration", "f");
            assertThat(last.get("LastUpdateStatus").stringValue()).isEqualTo("Successful");
            assertThat(bed.deployments.deployed).hasSize(UPDATES + 1);
            assertThat(bed.deployments.retired).hasSize(UPDATES);
            assertThat(bed.deployments.latest("f").config().memoryMib())
                    .isEqualTo(last.get("MemorySize").intValue());
        }
    }

    @Test
    void shouldRefuseAnUpdateWhileAnImageIsBeingPrepared() throws Exception {
        Path image = Files.createDirectories(folder.resolve("image"));
        Files.writeString(image.resolve("index.json"), "{\"manifests\":[]}");
        try (ControlBed bed = new ControlBed(folder.resolve("state"))) {
            CountDownLatch latch = new CountDownLatch(1);
            bed.deployments.preparing = latch;
            JsonNode created = bed.call(
                    "CreateFunction",
                    Map.of(),
                    Map.of(),
                    "{'FunctionName':'i','Role':'" + ControlBed.ROLE + "','PackageType':'Image','Code':{'ImageUri':'"
                            + image + "'}}");
            assertThat(created.get("State").stringValue()).isEqualTo("Pending");
            assertThat(bed.of("GetFunction", "i")
                            .get("Configuration")
                            .get("State")
                            .stringValue())
                    .isEqualTo("Pending");
            assertThat(bed.deployments.routes).isEmpty();
            assertThat(bed.deployments.withheld).containsExactly(Map.entry("i:$LATEST", "Pending"));
            FunctionOperationsTest.assertFault(
                    () -> bed.of("UpdateFunctionConfiguration", "i", "{'Timeout':5}"),
                    409,
                    "ResourceConflictException",
                    "Pending");
            latch.countDown();
            while (bed.deployments.routes.isEmpty()) {
                Thread.onSpinWait();
            }
            bed.settle();
            assertThat(bed.of("GetFunctionConfiguration", "i").get("State").stringValue())
                    .isEqualTo("Active");
            bed.deployments.preparationProblem = "no such layer";
            bed.of("UpdateFunctionCode", "i", "{'ImageUri':'" + image + "'}");
            while (bed.of("GetFunctionConfiguration", "i")
                    .get("LastUpdateStatus")
                    .stringValue()
                    .equals("InProgress")) {
                Thread.onSpinWait();
            }
            JsonNode failed = bed.of("GetFunctionConfiguration", "i");
            assertThat(failed.get("LastUpdateStatus").stringValue()).isEqualTo("Failed");
            assertThat(failed.get("LastUpdateStatusReason").stringValue()).contains("no such layer");
            assertThat(bed.deployments.routes).as("what was there goes on").hasSize(1);
        }
    }

    @Test
    void shouldWithholdWhatFailedUntilItIsDeleted() throws Exception {
        Path image = Files.createDirectories(folder.resolve("image"));
        Files.writeString(image.resolve("index.json"), "{\"manifests\":[]}");
        try (ControlBed bed = new ControlBed(folder.resolve("state"))) {
            bed.deployments.preparationProblem = "no such layer";
            bed.call(
                    "CreateFunction",
                    Map.of(),
                    Map.of(),
                    "{'FunctionName':'i','Role':'" + ControlBed.ROLE + "','PackageType':'Image','Code':{'ImageUri':'"
                            + image + "'}}");
            while (!bed.deployments.withheld.containsValue("Failed")) {
                Thread.onSpinWait();
            }
            assertThat(bed.of("GetFunctionConfiguration", "i").get("State").stringValue())
                    .isEqualTo("Failed");
            bed.of("DeleteFunction", "i");
            assertThat(bed.deployments.withheld).isEmpty();
        }
    }

    @Test
    void shouldNotTellWhereCodeLies() throws Exception {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
        }
        ControlBed torn = new ControlBed(folder, List.of(), deployments -> {
            deployments.preparationProblem = "WHERE: no such folder or zip";
        });
        try (torn) {
            JsonNode failed = torn.of("GetFunctionConfiguration", "f");
            assertThat(failed.get("StateReason").stringValue())
                    .contains("its code", "no such folder or zip")
                    .doesNotContain(folder.toString());
        }
    }
}
