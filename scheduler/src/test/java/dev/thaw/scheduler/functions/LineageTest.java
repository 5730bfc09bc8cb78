package dev.thaw.scheduler.functions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineageTest {
    private static final String ROOT = "Root=1-2-3;Parent=4;Sampled=0";

    @Test
    void shouldCountEachFunctionOfAChain() {
        String traceId = ROOT;
        for (int round = 1; round <= 20; round++) {
            traceId = Lineage.through(Lineage.through(traceId, "one"), "two");
            assertThat(Lineage.count(traceId, "one")).isEqualTo(round);
            assertThat(Lineage.count(traceId, "two")).isEqualTo(round);
        }
        assertThat(Lineage.count(traceId, "three")).isZero();
        assertThat(traceId).matches(ROOT + ";Lineage=[0-9a-f]{8}:20\\|[0-9a-f]{8}:20");
    }

    @Test
    void shouldKeepWhatElseTheHeaderSays() {
        String traceId = Lineage.through("Lineage=0a1b2c3d:7;Root=1-2-3;Self=5", "f");
        assertThat(traceId).startsWith("Root=1-2-3;Self=5;Lineage=0a1b2c3d:7|");
        assertThat(Lineage.through("", "f")).matches("Lineage=[0-9a-f]{8}:1");
    }

    /** Python's client escapes the bar. */
    @Test
    void shouldReadWhatClientsEscape() {
        String traceId = Lineage.through(Lineage.through(ROOT, "one"), "two");
        assertThat(Lineage.count(traceId.replace("|", "%7C").replace("1:", "1%3A"), "two"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lineage=",
                "Lineage=|||",
                "Lineage=:",
                "Lineage=f:",
                "Lineage=f:x",
                "Lineage=f:12345",
                "Lineage=f:-1"
            })
    void shouldLeaveOutWhatIsNoCount(String lineage) {
        assertThat(Lineage.through(ROOT + ";" + lineage, "f")).matches(ROOT + ";Lineage=[0-9a-f]{8}:1");
    }

    /** Longer headers are not passed on. */
    @Test
    void shouldStayShortAndForgetWhatRanLeast() {
        String traceId = Lineage.through(Lineage.through(ROOT, "looping"), "looping");
        for (int function = 0; function < 100; function++) {
            traceId = Lineage.through(traceId, "f" + function);
            assertThat(Lineage.count(traceId, "f" + function)).isEqualTo(1);
        }
        assertThat(Lineage.count(traceId, "looping")).isEqualTo(2);
        assertThat(traceId.replace("|", "%7C")).hasSizeLessThan(512);
    }
}
