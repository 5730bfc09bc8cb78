package dev.thaw.results.tails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.pauses.CpuWait;
import dev.thaw.results.pauses.CpuWaits;
import dev.thaw.results.pauses.Pause;
import dev.thaw.results.pauses.PausedTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The run's median takes 10 ms, of them 8 the handler's; a slow one takes 110 and begins at 1,000. */
final class CauseRulesTest {
    private static final long MILLI_NS = 1_000_000;
    private static final long START_NS = 1_000_000_000;
    private static final Times TYPICAL = times(10, 0, 0, 0, 0, 0, 8, 1);

    private static Times times(
            long total, long late, long cold, long suppressed, long queue, long throttled, long invoke, long platform) {
        return new Times(
                total * MILLI_NS,
                late * MILLI_NS,
                cold * MILLI_NS,
                suppressed * MILLI_NS,
                queue * MILLI_NS,
                throttled * MILLI_NS,
                invoke * MILLI_NS,
                platform * MILLI_NS);
    }

    private static PausedTime paused(long fromMs, long toMs) {
        return PausedTime.of(List.of(new Pause(Pause.Kind.STALL, fromMs * MILLI_NS, toMs * MILLI_NS)));
    }

    private static Cause cause(
            Times times, boolean victim, PausedTime server, PausedTime generator, PausedTime stalls) {
        long sentNs = START_NS + times.latenessNs();
        CpuWaits none = CpuWaits.of(List.of());
        return new CauseRules(TYPICAL, server, generator, stalls, none, none)
                .of(new SlowInvocation(START_NS, sentNs, START_NS + times.totalNs(), times, victim));
    }

    private static Cause cause(Times times) {
        PausedTime none = PausedTime.of(List.of());
        return cause(times, false, none, none, none);
    }

    @Test
    void shouldNameThePartThatTookHalfOfTheExcess() {
        assertThat(cause(times(110, 50, 0, 0, 0, 0, 8, 1))).isEqualTo(Cause.GENERATOR);
        assertThat(cause(times(110, 0, 50, 0, 0, 0, 8, 1))).isEqualTo(Cause.COLD_START);
        assertThat(cause(times(110, 0, 0, 50, 0, 0, 8, 1))).isEqualTo(Cause.SUPPRESSED_INIT);
        assertThat(cause(times(110, 0, 0, 0, 50, 0, 8, 1))).isEqualTo(Cause.QUEUEING);
        assertThat(cause(times(110, 0, 0, 0, 0, 0, 58, 1))).isEqualTo(Cause.INVOKE);
        assertThat(cause(times(110, 0, 0, 0, 0, 0, 8, 51))).isEqualTo(Cause.PLATFORM);
    }

    @Test
    void shouldCallUnexplainedWhatTookLess() {
        assertThat(cause(times(110, 49, 0, 0, 0, 0, 8, 1))).isEqualTo(Cause.UNEXPLAINED);
        // What the median's handler takes as well is no excess.
        assertThat(cause(times(110, 0, 0, 0, 0, 0, 57, 1))).isEqualTo(Cause.UNEXPLAINED);
        assertThat(cause(times(110, 30, 30, 30, 0, 0, 8, 1))).isEqualTo(Cause.UNEXPLAINED);
        assertThat(cause(times(9, 0, 9, 0, 0, 0, 0, 0))).isEqualTo(Cause.UNEXPLAINED);
    }

    @Test
    void shouldTellAVictimFromWhoOnlyQueued() {
        PausedTime none = PausedTime.of(List.of());

        assertThat(cause(times(110, 0, 0, 0, 90, 0, 8, 1), true, none, none, none))
                .isEqualTo(Cause.VICTIM);
        // It was a victim, but that was not what took so long.
        assertThat(cause(times(110, 0, 0, 0, 10, 0, 90, 1), true, none, none, none))
                .isEqualTo(Cause.INVOKE);
    }

    @Test
    void shouldBlameTheQuotaBeforeTheHandlerThatItHeldUp() {
        assertThat(cause(times(110, 0, 0, 0, 0, 60, 105, 1))).isEqualTo(Cause.THROTTLED);
        assertThat(cause(times(110, 0, 0, 0, 0, 40, 105, 1))).isEqualTo(Cause.INVOKE);
    }

    @Test
    void shouldBlamePausesBeforeWhateverTheyFellInto() {
        Times inHandler = times(110, 0, 0, 0, 0, 0, 108, 1);
        PausedTime none = PausedTime.of(List.of());
        PausedTime half = paused(990, 1_050);

        assertThat(cause(inHandler, false, half, half, half)).isEqualTo(Cause.GARBAGE_COLLECTION);
        assertThat(cause(inHandler, false, none, half, half)).isEqualTo(Cause.GENERATOR);
        assertThat(cause(inHandler, false, none, none, half)).isEqualTo(Cause.HOST);
        assertThat(cause(inHandler, false, none, none, paused(990, 1_049))).isEqualTo(Cause.INVOKE);
        assertThat(cause(inHandler, false, none, none, paused(1_110, 1_300))).isEqualTo(Cause.INVOKE);
    }

    @Test
    void shouldNotBlameTheServersCollectionsForWhatWasNotSentYet() {
        Times late = times(110, 95, 0, 0, 0, 0, 8, 1);
        PausedTime none = PausedTime.of(List.of());

        assertThat(cause(late, false, paused(1_000, 1_090), none, none)).isEqualTo(Cause.GENERATOR);
        assertThat(cause(late, false, none, none, paused(1_000, 1_090))).isEqualTo(Cause.HOST);
    }

    /** What a thread waited may lie anywhere in its stretch: that comes after what is known to the nanosecond. */
    @Test
    void shouldBlameWaitsForAProcessorForWhatNothingElseExplains() {
        Times outside = times(110, 0, 0, 0, 0, 0, 8, 1);
        CpuWaits none = CpuWaits.of(List.of());
        CpuWaits half = waited(900, 2_000, 50);

        assertThat(waiting(outside, half, half)).isEqualTo(Cause.GENERATOR);
        assertThat(waiting(outside, none, half)).isEqualTo(Cause.HOST);
        assertThat(waiting(outside, none, waited(900, 2_000, 49))).isEqualTo(Cause.UNEXPLAINED);
        assertThat(waiting(outside, none, waited(1_110, 2_000, 500))).isEqualTo(Cause.UNEXPLAINED);
        assertThat(waiting(times(110, 0, 0, 0, 0, 0, 58, 1), half, half)).isEqualTo(Cause.INVOKE);
        // It was not sent yet: the server had nothing to do with it.
        assertThat(waiting(times(110, 49, 0, 0, 0, 0, 8, 1), none, waited(900, 1_049, 149)))
                .isEqualTo(Cause.UNEXPLAINED);
    }

    private static Cause waiting(Times times, CpuWaits generator, CpuWaits server) {
        PausedTime none = PausedTime.of(List.of());
        return new CauseRules(TYPICAL, none, none, none, generator, server)
                .of(new SlowInvocation(
                        START_NS, START_NS + times.latenessNs(), START_NS + times.totalNs(), times, false));
    }

    private static CpuWaits waited(long fromMs, long toMs, long waitedMs) {
        return CpuWaits.of(List.of(new CpuWait(fromMs * MILLI_NS, toMs * MILLI_NS, waitedMs * MILLI_NS)));
    }

    @Test
    void shouldHaveAKeyAndWordsForEachCause() {
        for (Cause cause : Cause.ALL) {
            assertThat(Cause.of(cause.key())).isEqualTo(cause);
            assertThat(cause.title()).isNotBlank();
            assertThat(cause.meaning()).isNotBlank();
        }
        assertThat(Cause.of("moon")).isEqualTo(Cause.UNEXPLAINED);
    }
}
