package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class FleetSampleTest {
    private static final FleetSample SAMPLE = new FleetSample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

    @Test
    void shouldReadBackWhatItWrote() {
        assertThat(FleetSample.fromJson(SAMPLE.toJson())).isEqualTo(SAMPLE);
    }

    @Test
    void shouldUseTheFieldsAsKeys() {
        assertThat(SAMPLE.toJson()).contains("\"atNs\":1", "\"starting\":2", "\"waiting\":7", "\"refused\":12");
    }

    @Test
    void shouldSkipKeysItDoesNotKnow() {
        assertThat(FleetSample.fromJson(SAMPLE.toJson().replace("{", "{\"later\":[1],")))
                .isEqualTo(SAMPLE);
    }

    @Test
    void shouldNameAMissingField() {
        assertThatThrownBy(() -> FleetSample.fromJson("{\"atNs\":1}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("starting");
    }

    @Test
    void shouldTakeTheReadersClock() {
        assertThat(SAMPLE.at(99).atNs()).isEqualTo(99);
        assertThat(SAMPLE.at(1)).isEqualTo(SAMPLE);
    }
}
