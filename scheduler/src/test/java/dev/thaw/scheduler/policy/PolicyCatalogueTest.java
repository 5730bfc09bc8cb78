package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.KeepAlivePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyCatalogueTest {
    @Test
    void shouldMakeANewPolicyOfEachName() {
        assertThat(PolicyCatalogue.keepAlive("lru")).isNotSameAs(PolicyCatalogue.keepAlive("lru"));
        assertThat(PolicyCatalogue.keepAlive("fixed-ttl:1.5s").keepNs(0, new FakeFleetView(512), 0))
                .isEqualTo(1_500_000_000L);
        assertThat(PolicyCatalogue.keepAlive("lru").keepNs(0, new FakeFleetView(512), 0))
                .isEqualTo(KeepAlivePolicy.FOR_EVER);
        assertThat(PolicyCatalogue.placement("bounded-hash:2")).isInstanceOf(BoundedHashPlacement.class);
        assertThat(PolicyCatalogue.queueing("weighted-fair:a=2,b=1")).isInstanceOf(WeightedFairQueueing.class);
        assertThat(PolicyCatalogue.scaling("regional:7")).isInstanceOf(RegionalScaling.class);
    }

    /** What help says is what is understood, defaults included. */
    @Test
    void shouldUnderstandItsOwnUsage() {
        PolicyCatalogue.keepAliveUsage().forEach(usage -> PolicyCatalogue.keepAlive(plain(usage)));
        PolicyCatalogue.placementUsage().forEach(usage -> PolicyCatalogue.placement(plain(usage)));
        PolicyCatalogue.queueingUsage().forEach(usage -> PolicyCatalogue.queueing(plain(usage)));
        PolicyCatalogue.scalingUsage().forEach(usage -> PolicyCatalogue.scaling(plain(usage)));
    }

    private static String plain(String usage) {
        return usage.replace("[:FUNCTION=WEIGHT,..]", ":f=3").replaceAll("[\\[\\]]", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttl | '''ttl'', must be one of fixed-ttl[:10m], lru, greedy-dual, hybrid-histogram'",
                "fixed-ttl:soon | fixed-ttl: 'soon', must be a duration such as 100ms, 60s or 10m",
                "fixed-ttl:-1s | fixed-ttl: '-1s', must be a duration such as 100ms, 60s or 10m",
                "fixed-ttl: | fixed-ttl: '' is no option, must be VALUE or KEY=VALUE",
                "fixed-ttl:1s,2s | fixed-ttl: a value is given twice",
                "lru:1s | lru has no option 1s",
                "hybrid-histogram:hed=5 | hybrid-histogram has no option hed",
                "hybrid-histogram:head=101 | hybrid-histogram: head is '101', must be 0..100",
                "hybrid-histogram:head=1.5 | hybrid-histogram: head is '1.5', must be a whole number",
                "hybrid-histogram:head=NaN | hybrid-histogram: head is 'NaN', must be 0..100",
                "hybrid-histogram:bin=0s | hybrid-histogram: range of 14400000000000 ns and bin of 0 ns",
            })
    void shouldSayWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> PolicyCatalogue.keepAlive(text)).hasMessageStartingWith(message);
    }

    @Test
    void shouldRefuseWeightsThatAreNone() {
        assertThatThrownBy(() -> PolicyCatalogue.queueing("weighted-fair:f=0"))
                .hasMessage("weighted-fair: f is '0', must be 1..1000000");
        assertThatThrownBy(() -> PolicyCatalogue.queueing("weighted-fair:3"))
                .hasMessage("weighted-fair has no option 3");
    }
}
