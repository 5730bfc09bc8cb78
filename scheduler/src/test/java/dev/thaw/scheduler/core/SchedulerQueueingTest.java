package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/** Who gets the next room where it is a policy's decision; here the function of the higher id is first. */
final class SchedulerQueueingTest {
    private final SchedulerBed bed = SchedulerBed.queueing((functionId, _, _) -> -functionId, 1, 4);

    @Test
    void shouldGiveRoomByRankAndThenByArrival() {
        bed.invoke(0);
        Invocation low = bed.invoke(1);
        Invocation high = bed.invoke(2);
        Invocation highToo = bed.invoke(2);
        bed.init("1.0");
        bed.finish("1.0");
        bed.destroyed("1.0");
        bed.init("1.1");
        assertThat(high.phase()).isEqualTo(Phase.INVOKE);
        bed.finish("1.1");
        assertThat(highToo.phase()).isEqualTo(Phase.INVOKE);
        assertThat(low.phase()).isEqualTo(Phase.QUEUE);
        bed.finish("1.1");
        bed.destroyed("1.1");
        bed.init("2.0");
        assertThat(low.phase()).isEqualTo(Phase.INVOKE);
    }

    @Test
    void shouldLetALaterOneOfLowerRankOvertake() {
        bed.invoke(0);
        bed.invoke(1);
        Invocation late = bed.invoke(3);
        bed.init("1.0");
        bed.finish("1.0");
        bed.destroyed("1.0");
        bed.init("1.1");

        assertThat(late.phase()).isEqualTo(Phase.INVOKE);
    }

    /** The wait for room is over in order of arrival, whatever the rank. */
    @Test
    void shouldRefuseWhoHasWaitedLongest() {
        bed.invoke(0);
        bed.atMs = 10;
        Invocation first = bed.invoke(1);
        bed.atMs = 20;
        Invocation second = bed.invoke(3);
        bed.pollAt(1_010);

        assertThat(first.phase()).isEqualTo(Phase.RESPOND);
        assertThat(second.phase()).isEqualTo(Phase.QUEUE);
    }
}
