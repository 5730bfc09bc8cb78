package dev.thaw.scheduler.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryPolicyTest {
    @ParameterizedTest
    @CsvSource({"1,2,60000", "2,2,120000", "3,2,-1", "1,1,60000", "2,1,-1", "1,0,-1", "4,2,-1"})
    void shouldWaitOneAndTwoMinutesAfterFunctionErrors(int attempts, int maxRetries, long waitMs) {
        assertThat(RetryPolicy.afterFunctionErrorMs(attempts, maxRetries)).isEqualTo(waitMs);
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "2,2000", "3,4000", "9,256000", "10,300000", "11,300000", "1000000,300000"})
    void shouldDoubleTheBackoffUpToFiveMinutes(int refusals, long waitMs) {
        assertThat(RetryPolicy.backoffMs(refusals)).isEqualTo(waitMs);
    }

    @ParameterizedTest
    @CsvSource({"3,21600", "-1,21600", "2,59", "2,21601"})
    void shouldRefuseSettingsOutOfBounds(int maxRetries, int maxAgeSec) {
        assertThatThrownBy(() -> new EventSettings(maxRetries, maxAgeSec, null, null, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be");
    }

    @Test
    void shouldHaveTheDocumentedDefaults() {
        assertThat(EventSettings.DEFAULT).isEqualTo(new EventSettings(2, 21_600, null, null, null, false));
        assertThat(FunctionEvent.MAX_PAYLOAD_BYTES).isEqualTo(1_048_576);
    }
}
