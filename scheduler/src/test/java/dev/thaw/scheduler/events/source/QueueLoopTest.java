package dev.thaw.scheduler.events.source;

import static dev.thaw.scheduler.events.source.Items.ids;
import static dev.thaw.scheduler.events.source.Items.items;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.functions.Lineage;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.CachedEpochClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On virtual time: the queue's waits and the loop's pauses move the clock. */
final class QueueLoopTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

    private final CachedEpochClock clock = new CachedEpochClock();
    private final FakeQueue queue = new FakeQueue(clock);
    private final FakeFunction function = new FakeFunction();
    private final List<String> faults = new ArrayList<>();

    private QueueLoop loop(
            int batchSize, int windowSec, boolean reports, List<String> filters, @Nullable Integer most) {
        SourceMapping mapping = new SourceMapping(
                "uuid",
                ARN,
                true,
                SourceMapping.Source.queue(QUEUE),
                new SourceMapping.Delivery(batchSize, windowSec * 1000, reports, filters, most, -1, -1, false, null),
                0);
        QueueLoop.Ports ports =
                new QueueLoop.Ports(function, Runnable::run, clock, ms -> clock.update(clock.time() + ms), faults::add);
        return new QueueLoop(mapping, queue, ports);
    }

    private QueueLoop loop(int batchSize, int windowSec) {
        return loop(batchSize, windowSec, false, List.of(), null);
    }

    private static void turn(QueueLoop loop, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            loop.turn();
        }
    }

    @Test
    void shouldInvokeWithTenTenAndFiveOfTwentyFiveMessages() throws InterruptedException {
        queue.visible.addAll(items(1, 25));
        QueueLoop loop = loop(10, 0);
        turn(loop, 4);
        assertThat(function.sizes()).containsExactly(10, 10, 5);
        assertThat(ids(queue.deleted)).isEqualTo(ids(items(1, 25)));
        assertThat(queue.hidden).isEmpty();
        assertThat(loop.lastResult()).isEqualTo(QueueLoop.OK);
    }

    @Test
    void shouldCollectForTheWindowAcrossReceives() throws InterruptedException {
        queue.visible.addAll(items(1, 15));
        QueueLoop loop = loop(100, 3);
        turn(loop, 1);
        assertThat(function.sizes()).containsExactly(15);
        assertThat(clock.time()).isEqualTo(3_000);
        assertThat(queue.waits).containsExactly(20, 3, 3);
    }

    @Test
    void shouldKeepMessagesWhoseFunctionFailed() throws InterruptedException {
        queue.visible.addAll(items(1, 3));
        function.answer = event -> FakeFunction.failed();
        QueueLoop loop = loop(10, 0);
        turn(loop, 1);
        assertThat(queue.deleted).isEmpty();
        assertThat(ids(queue.hidden)).containsExactly("1", "2", "3");
        assertThat(loop.lastResult()).isEqualTo(QueueLoop.FUNCTION_FAILED);
    }

    @Test
    void shouldDeleteAllButTheMessagesThatAreReportedAsFailed() throws InterruptedException {
        queue.visible.addAll(items(1, 4));
        function.answer = event -> FakeFunction.ran("{'batchItemFailures':[{'itemIdentifier':'3'}]}");
        turn(loop(10, 0, true, List.of(), null), 1);
        assertThat(ids(queue.deleted)).containsExactly("1", "2", "4");
        assertThat(ids(queue.hidden)).containsExactly("3");
    }

    @Test
    void shouldNotReadWhatAFunctionReportsUnlessItIsToldTo() throws InterruptedException {
        queue.visible.addAll(items(1, 2));
        function.answer = event -> FakeFunction.ran("{'batchItemFailures':[{'itemIdentifier':'2'}]}");
        turn(loop(10, 0), 1);
        assertThat(queue.deleted).hasSize(2);
    }

    @Test
    void shouldKeepMessagesAndWaitLongerWhereTheFunctionIsThrottled() throws InterruptedException {
        queue.visible.addAll(items(1, 3));
        function.answer = event -> new AttemptResult.Refused(429, "Rate Exceeded.");
        QueueLoop loop = loop(1, 0);
        turn(loop, 3);
        assertThat(clock.time()).isEqualTo(3_000); // 1 s, 2 s
        assertThat(queue.hidden).hasSize(3);
        assertThat(loop.lastResult()).isEqualTo("PROBLEM: Rate Exceeded.");
    }

    @Test
    void shouldGoOnWithTheChainInWhichTheFunctionRanMost() throws InterruptedException {
        String once = Lineage.through("Root=1-a", "f");
        String twice = Lineage.through(Lineage.through("Root=1-b", "f"), "f");
        for (String traceId : List.of(once, twice, "", "Root=1-c")) {
            SourceItem item = items(1, 1).getFirst();
            queue.visible.add(new SourceItem(item.id(), item.handle(), 0, traceId, item.json()));
        }
        turn(loop(4, 0), 1);
        queue.visible.addAll(items(2, 2));
        turn(loop(4, 0), 1);
        assertThat(function.traceIds.getFirst()).isEqualTo(twice);
        assertThat(function.traceIds.getLast()).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=.*");
    }

    /** They reach the dead-letter queue of the queue by its own rules. */
    @Test
    void shouldKeepMessagesThatWouldGoOnWithALoop() throws InterruptedException {
        queue.visible.addAll(items(1, 3));
        function.answer = event -> new AttemptResult.Recursive();
        QueueLoop loop = loop(10, 0);
        turn(loop, 1);
        assertThat(queue.deleted).isEmpty();
        assertThat(ids(queue.hidden)).containsExactly("1", "2", "3");
        assertThat(loop.lastResult()).isEqualTo("PROBLEM: Recursive invocation detected");
    }

    @Test
    void shouldReceiveNothingForAFunctionThatIsNotThere() throws InterruptedException {
        queue.visible.addAll(items(1, 1));
        function.known = false;
        QueueLoop loop = loop(1, 0);
        turn(loop, 2);
        assertThat(queue.visible).hasSize(1);
        assertThat(loop.lastResult()).isEqualTo(QueueLoop.NO_FUNCTION);
    }

    @Test
    void shouldHaveNoMoreBatchesUnderWayThanItMay() throws InterruptedException {
        queue.visible.addAll(items(1, 9));
        function.answersAtOnce = false;
        QueueLoop loop = loop(1, 0, false, List.of(), 2);
        turn(loop, 2);
        Thread third = Thread.ofVirtual().start(() -> {
            try {
                loop.turn();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(queue.visible).hasSize(7);
        function.waiting.getFirst().accept(FakeFunction.ran("null"));
        third.join();
        assertThat(function.events).hasSize(3);
    }

    @Test
    void shouldDeleteMessagesThatNoFilterLetsPass() throws InterruptedException {
        queue.visible.addAll(items(1, 6));
        turn(loop(10, 0, false, List.of("{\"body\":{\"number\":[2,5]}}"), null), 1);
        assertThat(function.sizes()).containsExactly(2);
        assertThat(queue.deleted).hasSize(6);
    }

    @Test
    void shouldTellOnceOfAQueueThatCannotBeReadAndGoOn() throws InterruptedException {
        queue.broken = true;
        QueueLoop loop = loop(10, 0);
        turn(loop, 3);
        assertThat(faults).containsExactly("event source " + QUEUE + ": ReceiveMessage: no such queue");
        assertThat(clock.time()).isEqualTo(7_000); // 1 s, 2 s, 4 s
        assertThat(loop.lastResult()).isEqualTo("PROBLEM: ReceiveMessage: no such queue");
        queue.broken = false;
        queue.visible.addAll(items(1, 1));
        turn(loop, 1);
        assertThat(loop.lastResult()).isEqualTo(QueueLoop.OK);
    }

    @Test
    void shouldGiveBackWhatNoFunctionHasSeenAtItsEnd() throws InterruptedException {
        queue.visible.addAll(items(1, 2));
        function.answer = event -> new AttemptResult.Ended();
        QueueLoop loop = loop(1, 0);
        turn(loop, 1);
        assertThat(ids(List.copyOf(queue.visible))).containsExactly("2", "1");
        loop.end();
        assertThat(queue.hidden).isEmpty();
    }
}
