package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OneLineTest {
    @Test
    void shouldPrintNothingThatATerminalObeys() {
        assertThat(OneLine.of("qemu: \u001b[2J\u001b]0;x\u0007 gone\r\n\tfor good\n"))
                .isEqualTo("qemu: [2J ]0;x gone for good");
        assertThat(OneLine.of("\u001b\n")).isEmpty();
        assertThat(OneLine.of("x".repeat(1000))).hasSize(300);
    }
}
