package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.ProvisionedScaling.Bounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AutoScaleRuleTest {
    @Test
    void shouldReadBoundsTargetAndSchedule() {
        AutoScaleRule rule = AutoScaleRule.parse("echo:PROD=1..10@0.7,08:00=5..10,20:30=0..2");

        assertThat(rule.function()).isEqualTo("echo:PROD");
        assertThat(rule.target()).isEqualTo(0.7);
        assertThat(rule.schedule())
                .containsExactly(new Bounds(0, 1, 10), new Bounds(480, 5, 10), new Bounds(1_230, 0, 2));
        assertThat(AutoScaleRule.parse("f=2..2").target()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "f", "f=1", "f=1..", "f=..2", "f=1..2@", "f=1..2,24:00=1..2", "f=1..2,8:00=1..2", "=1..2"})
    void shouldRefuseOtherText(String text) {
        assertThatThrownBy(() -> AutoScaleRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "', must be ");
    }
}
