package dev.thaw.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words are those of the service's own supervisor, which is written in Go. */
final class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({
        "3, 0, exit status 3",
        "-1, 2, signal: interrupt",
        "-1, 5, signal: trace/breakpoint trap",
        "-1, 7, signal: bus error",
        "-1, 9, signal: killed",
        "-1, 13, signal: broken pipe",
        "-1, 31, signal: signal 31"
    })
    void shouldSayHowItEndedInTheWordsOfTheService(int code, int signal, String words) {
        assertThat(new ExitStatus(code, signal, false).describe()).isEqualTo(words);
    }
}
