package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

final class ControlPlaneTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final OperationInput INPUT = new OperationInput("id", Map.of(), Map.of(), JSON.objectNode());

    private final List<Throwable> faults = new ArrayList<>();

    @Test
    void shouldRunCallsOneAfterTheOtherOnItsOwnThread() {
        List<Integer> order = new ArrayList<>();
        List<String> threads = new ArrayList<>();
        try (ControlPlane plane = plane("Count", input -> {
            threads.add(Thread.currentThread().getName());
            order.add(order.size());
            return JSON.numberNode(order.size());
        })) {
            List<CompletableFuture<@Nullable JsonNode>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(plane.call("Count", INPUT));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(answers.get(i).join()).isEqualTo(JSON.numberNode(i + 1));
            }
        }
        assertThat(threads).containsOnly("thaw-control");
    }

    @Test
    void shouldAnswerRefusalsAsTheyAreAndFaultsWithoutTheirWords() {
        try (ControlPlane plane = new ControlPlane(
                List.of(Map.of(
                        "Refuse",
                        input -> {
                            throw ServiceFault.notFound("no such thing");
                        },
                        "Fail",
                        input -> {
                            throw new IllegalStateException("/secret/path");
                        })),
                faults::add)) {
            assertThatThrownBy(() -> plane.call("Refuse", INPUT).join())
                    .hasCauseInstanceOf(ServiceFault.class)
                    .hasMessageContaining("no such thing");
            assertThatThrownBy(() -> plane.call("Fail", INPUT).join())
                    .hasCauseInstanceOf(ServiceFault.class)
                    .hasMessageNotContaining("secret");
            assertThatThrownBy(() -> plane.call("Other", INPUT).join())
                    .cause()
                    .isInstanceOfSatisfying(
                            ServiceFault.class,
                            fault -> assertThat(fault.status()).isEqualTo(501));
        }
        assertThat(faults).hasSize(1);
    }

    @Test
    void shouldAnswerAfterErrorsOfTheMachine() {
        LongOperation failsAhead = input -> {
            throw new StackOverflowError("ahead");
        };
        LongOperation failsInItsStep = input -> new LongOperation.Step() {
            @Override
            public @Nullable JsonNode run() {
                throw new NoClassDefFoundError("step");
            }

            @Override
            public void release() {
                faults.add(new Throwable("released"));
            }
        };
        Changes stuck = new Changes() {
            @Override
            public void commit() {}

            @Override
            public void rollback() {
                throw new OutOfMemoryError("rollback");
            }
        };
        OperationHandler works = input -> JSON.numberNode(1);
        try (ControlPlane plane = new ControlPlane(
                new ControlThread(8, faults::add),
                List.of(Map.of("Ahead", failsAhead, "Step", failsInItsStep, "Work", works)),
                stuck,
                faults::add)) {
            for (String operation : List.of("Ahead", "Step")) {
                assertThatThrownBy(() -> plane.call(operation, INPUT).join())
                        .cause()
                        .isInstanceOfSatisfying(
                                ServiceFault.class,
                                fault -> assertThat(fault.status()).isEqualTo(500));
            }
            assertThat(plane.call("Work", INPUT).join()).isEqualTo(JSON.numberNode(1));
        }
        assertThat(faults)
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "Ahead: java.lang.StackOverflowError: ahead",
                        "Step: java.lang.OutOfMemoryError: rollback",
                        "Step: java.lang.NoClassDefFoundError: step",
                        "released");
    }

    @Test
    void shouldGoOnAfterAnErrorInATaskOfItsOwn() {
        ControlThread thread = new ControlThread(2, faults::add);
        thread.later(() -> {
            throw new StackOverflowError("task");
        });
        assertThat(thread.<Integer>call(() -> 1)).isEqualTo(1);
        thread.close();
        assertThat(faults).hasSize(1).hasOnlyElementsOfType(StackOverflowError.class);
    }

    @Test
    void shouldRefuseMoreCallsThanMayWaitAndAnswerThoseItTook() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ControlThread thread = new ControlThread(2, faults::add);
        ControlPlane plane = new ControlPlane(
                thread,
                List.of(Map.of("Wait", input -> {
                    begun.countDown();
                    awaitUninterruptibly(release);
                    return null;
                })),
                Changes.NONE,
                faults::add);
        CompletableFuture<@Nullable JsonNode> running = plane.call("Wait", INPUT);
        begun.await();
        List<CompletableFuture<@Nullable JsonNode>> waiting =
                List.of(plane.call("Wait", INPUT), plane.call("Wait", INPUT));
        assertThatThrownBy(() -> plane.call("Wait", INPUT).join())
                .cause()
                .isInstanceOfSatisfying(
                        ServiceFault.class, fault -> assertThat(fault.status()).isEqualTo(429));
        release.countDown();
        plane.close();
        assertThat(running).isCompleted();
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(plane.call("Wait", INPUT)).isCompletedExceptionally();
    }

    @Test
    void shouldRefuseTwoHandlersOfOneOperation() {
        Map<String, OperationHandler> one = Map.of("GetFunction", input -> null);
        ControlThread thread = new ControlThread(2, faults::add);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ControlPlane(thread, List.of(one, one), Changes.NONE, faults::add))
                .withMessageContaining("GetFunction");
        thread.close();
    }

    private ControlPlane plane(String operation, OperationHandler handler) {
        return new ControlPlane(List.of(Map.of(operation, handler)), faults::add);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
