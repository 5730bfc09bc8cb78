package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.pauses.CpuWait;
import dev.thaw.results.pauses.Pause;
import dev.thaw.results.pauses.Pauses;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ServerMetricsTest {
    @Test
    void shouldBeReadAsItWasWritten() {
        ServerMetrics metrics = metrics(3, 2, 7);

        assertThat(ServerMetrics.fromJson(metrics.toJson())).isEqualTo(metrics);
    }

    @Test
    void shouldReadServersThatDoNotTellWhatIsKeptReady() {
        String json = metrics(3, 2, 7).toJson();
        String earlier = json.replace(",\"provisionedMib\":0", "");

        assertThat(earlier).hasSizeLessThan(json.length());
        assertThat(ServerMetrics.fromJson(earlier).versions())
                .singleElement()
                .satisfies(row -> assertThat(row.provisionedMib()).isNull());
    }

    @Test
    void shouldSayWhetherProvisionedConcurrencyChanged() {
        assertThat(provisionedMib(provisioned(512).since(provisioned(512)))).isEqualTo(512);
        assertThat(provisionedMib(provisioned(0).since(provisioned(512)))).isEqualTo(ServerMetrics.Version.CHANGED);
        assertThat(provisionedMib(provisioned(512).since(ServerMetrics.NONE))).isEqualTo(ServerMetrics.Version.CHANGED);
        assertThat(provisioned(0).since(provisioned(0)).versions()).isEmpty();
    }

    private static ServerMetrics provisioned(int mib) {
        return new ServerMetrics(
                0,
                0,
                List.of(),
                List.of(new ServerMetrics.Version("echo", "1", 0, 2, mib / 512, mib, 0, 0, 0, 0, 0)),
                List.of(),
                Map.of());
    }

    private static Integer provisionedMib(ServerMetrics metrics) {
        return Objects.requireNonNull(metrics.versions().getFirst().provisionedMib());
    }

    /** They told their pauses, and not how many they had forgotten. */
    @Test
    void shouldReadWhatEarlierServersTell() {
        Pauses told = new Pauses(7, List.of(new Pause(Pause.Kind.STALL, 3, 5)), List.of(new CpuWait(1, 6, 2)), 0);
        ServerMetrics metrics = metrics(3, 2, 7).withPauses(told);
        String json = metrics.toJson();
        String earlier = json.replace(",\"dropped\":0}}", "}}");

        assertThat(earlier).hasSizeLessThan(json.length());
        assertThat(ServerMetrics.fromJson(earlier)).isEqualTo(metrics);
    }

    @Test
    void shouldRefuseWhatIsNoMetrics() {
        for (String json : List.of("", "null", "3", "<html>")) {
            assertThatThrownBy(() -> ServerMetrics.fromJson(json))
                    .as(json)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("server metrics: ");
        }
        assertThatThrownBy(() -> ServerMetrics.fromJson("{\"invocations\":[]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("server metrics: ");
    }

    @Test
    void shouldTellWhatARunAdded() {
        ServerMetrics added = metrics(10, 9, 8).since(metrics(4, 2, 8));

        ServerMetrics.Invocations row = added.invocations().getFirst();
        assertThat(row.invocations()).isEqualTo(6);
        assertThat(row.durationCounts()).containsExactly(7L, 6L);
        assertThat(row.durationMs()).isEqualTo(6.0);
        assertThat(added.events()).isEmpty();
        assertThat(added.concurrentExecutions()).isEqualTo(1);
    }

    @Test
    void shouldLeaveOutWhatARunDidNotTouch() {
        ServerMetrics metrics = metrics(4, 2, 8);

        ServerMetrics added = metrics.since(metrics);

        assertThat(added.invocations()).isEmpty();
        assertThat(added.events()).isEmpty();
        // At work now, but no highest is known of this run alone.
        assertThat(added.versions())
                .singleElement()
                .satisfies(row -> assertThat(row.mostConcurrentExecutions()).isNull());
    }

    @Test
    void shouldTakeEverythingWhereNothingWasCountedBefore() {
        ServerMetrics metrics = metrics(4, 2, 8);

        assertThat(metrics.since(ServerMetrics.NONE)).isEqualTo(metrics);
    }

    private static ServerMetrics metrics(long invocations, long quick, long received) {
        return new ServerMetrics(
                1,
                1,
                List.of(new ServerMetrics.Invocations(
                        "echo", "$LATEST", null, invocations, 1, 0, invocations, List.of(quick, invocations))),
                List.of(new ServerMetrics.Version("echo", "$LATEST", 1, 2, 0, 0, 0, 0, 0, 0, 0)),
                List.of(new ServerMetrics.Events("echo", "live", received, received, 5, 5, 0, 0, 0)),
                Map.of("echo", invocations));
    }
}
