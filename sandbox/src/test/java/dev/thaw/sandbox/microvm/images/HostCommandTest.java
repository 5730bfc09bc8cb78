package dev.thaw.sandbox.microvm.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HostCommandTest {
    private static final Duration PATIENT = Duration.ofMinutes(1);

    private static byte[] sh(String script, Duration bound) throws IOException {
        return HostCommand.run(List.of("/bin/sh", "-c", script), Map.of("WORD", "there"), bound);
    }

    @Test
    void shouldGiveWhatAProgramSays() throws IOException {
        assertThat(sh("echo complaint >&2; printf $WORD", PATIENT)).asString().isEqualTo("there");
    }

    @Test
    void shouldSayWhatWentWrongInOneLine() {
        assertThatThrownBy(() -> sh("echo E: no such package >&2; echo advice >&2; exit 100", PATIENT))
                .hasMessage("/bin/sh failed (status 100): E: no such package");
    }

    /** Whoever holds its outputs open. */
    @Test
    void shouldEndAProgramThatTakesTooLong() {
        assertThatThrownBy(() -> sh("sleep 1000 & sleep 1000", Duration.ofMillis(50)))
                .hasMessage("/bin/sh took longer than 50 ms");
    }
}
