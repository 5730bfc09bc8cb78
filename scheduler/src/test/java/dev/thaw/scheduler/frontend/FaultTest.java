package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.Refusal;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FaultTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONCURRENT_INVOCATION_LIMIT_EXCEEDED|ConcurrentInvocationLimitExceeded",
                "SCALING_RATE_EXCEEDED|ConcurrentInvocationLimitExceeded",
                "RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED|ReservedFunctionConcurrentInvocationLimitExceeded",
                "INBOX_FULL|CallerRateLimitExceeded",
            })
    void shouldThrottleWhereTooMuchIsAskedFor(Refusal refusal, String reason) {
        Fault fault = Fault.refused(refusal);
        assertThat(fault.status()).isEqualTo(429);
        assertThat(fault.errorType()).isEqualTo("TooManyRequestsException");
        assertThat(fault.extraHeaders()).isEqualTo("Retry-After: 1\r\n");
        assertThat(fault.body())
                .isEqualTo("{\"Reason\":\"" + reason + "\",\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NO_CAPACITY|500|ServiceException|{\"Type\":\"Service\",\"Message\":\"No room for another environment",
                "SHUTTING_DOWN|500|ServiceException|{\"Type\":\"Service\",\"Message\":\"The server is shutting down.\"}",
                "NEVER_FITS|400|InvalidParameterValueException|{\"Type\":\"User\",\"message\":\"The function's memory",
            })
    void shouldNotCallAThrottleWhatTheServerCannotDo(Refusal refusal, int status, String type, String body) {
        Fault fault = Fault.refused(refusal);
        assertThat(fault.status()).isEqualTo(status);
        assertThat(fault.errorType()).isEqualTo(type);
        assertThat(fault.body()).startsWith(body);
    }

    /** But for one that the service does not tell apart either. */
    @ParameterizedTest
    @EnumSource(value = Refusal.class, mode = EnumSource.Mode.EXCLUDE, names = "SCALING_RATE_EXCEEDED")
    void shouldTellEveryRefusalApart(Refusal refusal) {
        for (Refusal other : EnumSet.complementOf(EnumSet.of(Refusal.SCALING_RATE_EXCEEDED))) {
            assertThat(Fault.refused(refusal).body().equals(Fault.refused(other).body()))
                    .isEqualTo(refusal == other);
        }
    }
}
