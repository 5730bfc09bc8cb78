package dev.thaw.results.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProvisionedVersionTest {
    private static ProvisionedVersion version(String function, String version) {
        return new ProvisionedVersion(function, version, 2_048, true);
    }

    @ParameterizedTest
    @CsvSource({
        "f, $LATEST, f, true",
        "f, 1, f, false",
        "f, 1, f:1, true",
        "f, 2, f:1, false",
        "f, 2, f:live, true",
        "f, $LATEST, f:live, false",
        "f, $LATEST, f:$LATEST, true",
        "g, 1, f:1, false",
        "f, 3, arn:aws:lambda:us-east-1:123456789012:function:f:live, true",
        "f, $LATEST, 123456789012:function:f, true",
        "f, 3, arn:aws:lambda:us-east-1:123456789012:function:g:3, false",
    })
    void shouldKnowWhoMayRunOnIt(String function, String version, String reference, boolean expected) {
        assertThat(version(function, version).isOf(reference)).isEqualTo(expected);
    }

    /** Each once, however many references lead to it. */
    @Test
    void shouldCountWhatIsKeptReady() {
        List<ProvisionedVersion> versions = List.of(version("f", "1"), version("f", "2"), version("g", "1"));

        assertThat(ProvisionedVersion.keptGbS(versions, List.of("h", "f:live", "f:1"), 3))
                .containsExactly(0.0, 12.0, 0.0);
    }
}
