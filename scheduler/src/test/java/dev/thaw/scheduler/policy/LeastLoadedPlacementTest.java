package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.PlacementPolicy;
import org.junit.jupiter.api.Test;

final class LeastLoadedPlacementTest implements PlacementPolicyContract {
    @Override
    public PlacementPolicy policy() {
        return new LeastLoadedPlacement();
    }

    @Test
    void shouldUseTheEnvironmentOnTheHostWithTheLeastAtWork() {
        FakeFleetView fleet =
                new FakeFleetView(512).host(0, 5_000).host(0, 7_000).host(0, 6_000);
        fleet.idle(1, 1, false).idle(1, 2, false).idle(1, 0, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isZero();
    }

    @Test
    void shouldUseTheMostRecentlyUsedOfEquals() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 5_000).host(0, 5_000);
        fleet.idle(1, 1, false).idle(1, 0, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isEqualTo(1);
    }

    @Test
    void shouldRatherUseWhatIsReady() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 9_000).host(0, 5_000);
        fleet.idle(1, 0, true).idle(1, 1, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isEqualTo(1);
    }

    @Test
    void shouldPutANewOneWhereTheLeastIsAtWork() {
        FakeFleetView fleet =
                new FakeFleetView(512).host(9_000, 5_000).host(600, 7_000).host(700, 7_000);

        assertThat(chosenHost(fleet)).isEqualTo(2);
    }
}
