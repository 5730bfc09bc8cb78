package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.InjectedFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultRuleTest {
    @Test
    void shouldReadWhatPeopleType() {
        assertThat(FaultRule.parse("crash@invoke:1%"))
                .isEqualTo(new FaultRule(InjectedFault.CRASH_INVOKE, 1, 0, FaultRule.ALL));
        assertThat(FaultRule.parse("delay@init:12.5%,2s,function=img-*"))
                .isEqualTo(new FaultRule(InjectedFault.DELAY_INIT, 12.5, 2_000_000_000L, "img-*"));
        assertThat(FaultRule.parse("slow@invoke:100%,function=f,64KiB/s"))
                .isEqualTo(new FaultRule(InjectedFault.SLOW_INVOKE, 100, 65_536, "f"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "crash@invoke:1%",
                "hang@init:0.01%",
                "memory@invoke:100%,function=a*",
                "delay@invoke:5%,1500us",
                "delay@init:5%,900000ms",
                "delay@shutdown:5%,1500us",
                "hang@shutdown:5%",
                "slow@invoke:5%,1500B/s",
                "slow@invoke:5%,64KiB/s,function=x_1"
            })
    void shouldSayWhatItRead(String words) {
        assertThat(FaultRule.parse(words)).hasToString(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "crash | is not FAULT:RATE[,AMOUNT][,function=NAME]",
                "crash@invoke:1 | is not FAULT:RATE[,AMOUNT][,function=NAME]",
                "crash@shutdown:1% | 'crash@shutdown' is no fault, must be one of delay@init, crash@init, hang@init",
                "crash@invoke:0% | rate 0.0%, must be above 0% and at most 100%",
                "crash@invoke:100.1% | rate 100.1%, must be above 0% and at most 100%",
                "crash@invoke:1.1.1% | rate '1.1.1%' is not a number",
                "crash@invoke:1%,5ms | takes no amount",
                "delay@invoke:1% | needs a delay of 1ms to 900s",
                "delay@invoke:1%,999us | needs a delay of 1ms to 900s",
                "hang@shutdown:1%,1s | takes no amount",
                "delay@invoke:1%,901s | needs a delay of 1ms to 900s",
                "delay@invoke:1%,5ms,6ms | takes one amount, not also '6ms'",
                "delay@invoke:1%,fast | 'fast' is not an amount such as 200ms or 64KiB/s",
                "slow@invoke:1%,1023B/s | needs a speed of 1KiB/s to 1024MiB/s",
                "slow@invoke:1%,1025MiB/s | needs a speed of 1KiB/s to 1024MiB/s",
                "crash@invoke:1%,function=a/b | 'a/b' is no function's name"
            })
    void shouldRefuseWithTheBound(String words, String expected) {
        assertThatThrownBy(() -> FaultRule.parse(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }
}
