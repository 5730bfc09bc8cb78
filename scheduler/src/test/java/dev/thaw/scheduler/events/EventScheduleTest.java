package dev.thaw.scheduler.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EventScheduleTest {
    private final EventSchedule schedule = new EventSchedule(2);
    private long nextId;

    @Test
    void shouldTakeTurnsAmongFunctionsOldestFirst() {
        add("a", 3);
        add("a", 1);
        add("b", 2);
        add("b", 4);
        List<String> order = new ArrayList<>();
        for (EventEntry entry = schedule.poll(10); entry != null; entry = schedule.poll(10)) {
            order.add(entry.lane + entry.acceptedMs);
            schedule.finished(entry);
        }
        assertThat(order).containsExactly("a1", "b2", "a3", "b4");
    }

    @Test
    void shouldAlwaysLeaveEachFunctionOne() {
        for (int i = 0; i < 3; i++) {
            add("slow", i);
        }
        assertThat(schedule.poll(10)).isNotNull();
        assertThat(schedule.poll(10)).isNotNull();
        assertThat(schedule.poll(10)).isNull();
        add("other", 5);
        add("other", 6);
        EventEntry other = Objects.requireNonNull(schedule.poll(10));
        assertThat(other.lane).isEqualTo("other");
        assertThat(schedule.poll(10)).isNull();
        assertThat(schedule.inFlight()).isEqualTo(3);
        schedule.finished(other);
        assertThat(schedule.poll(10)).extracting(entry -> entry.acceptedMs).isEqualTo(6L);
    }

    @Test
    void shouldHoldEntriesBackUntilTheyAreDue() {
        EventEntry later = new EventEntry(1, "a", 0, 0, 100);
        schedule.add(later, 0);
        assertThat(schedule.poll(99)).isNull();
        assertThat(schedule.nextDueMs(lane -> 1_000)).isEqualTo(100);
        assertThat(schedule.poll(100)).isSameAs(later);
        assertThat(schedule.nextDueMs(lane -> 1_000)).isEqualTo(EventSchedule.NEVER);
    }

    @Test
    void shouldTellWhenWaitingEntriesExpire() {
        add("a", 0);
        add("a", 1);
        add("a", 2);
        schedule.poll(5);
        schedule.poll(5);
        assertThat(schedule.pollExpired(61, lane -> 60)).isNull();
        assertThat(schedule.nextDueMs(lane -> 60)).isEqualTo(62);
        assertThat(schedule.pollExpired(62, lane -> 60))
                .extracting(entry -> entry.acceptedMs)
                .isEqualTo(2L);
        assertThat(schedule.size()).isZero();
    }

    @Test
    void shouldTellTheOldestOfThoseThatWaitInWhateverOrderTheyAreDue() {
        assertThat(schedule.oldestAcceptedMs()).isEqualTo(EventSchedule.NEVER);
        add("a", 7);
        add("b", 5);
        assertThat(schedule.oldestAcceptedMs()).isEqualTo(5);
        schedule.add(new EventEntry(90, "a", 2, 0, 400), 10);
        schedule.add(new EventEntry(91, "a", 3, 0, 300), 10);
        assertThat(schedule.oldestAcceptedMs()).isEqualTo(2);
        schedule.finished(Objects.requireNonNull(schedule.poll(10)));
        schedule.finished(Objects.requireNonNull(schedule.poll(10)));
        assertThat(schedule.poll(350)).extracting(entry -> entry.id).isEqualTo(91L);
        assertThat(schedule.oldestAcceptedMs()).isEqualTo(2);
    }

    private void add(String lane, long acceptedMs) {
        schedule.add(new EventEntry(nextId++, lane, acceptedMs, 0, acceptedMs), 10);
    }
}
