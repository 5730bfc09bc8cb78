package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.PlacementPolicy;
import org.junit.jupiter.api.Test;

final class MostRecentlyUsedPlacementTest implements PlacementPolicyContract {
    @Override
    public PlacementPolicy policy() {
        return new MostRecentlyUsedPlacement();
    }

    @Test
    void shouldChooseTheMostRecentlyUsedEnvironment() {
        FakeFleetView fleet = new FakeFleetView(512)
                .host(0, 0)
                .idle(1, 0, false)
                .idle(1, 0, false)
                .idle(2, 0, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isEqualTo(1);
    }

    @Test
    void shouldChooseTheHostWithTheMostFreeMemory() {
        FakeFleetView fleet = new FakeFleetView(512)
                .host(600, 900)
                .host(700, 900)
                .host(700, 900)
                .host(999, 10);

        assertThat(chosenHost(fleet)).isEqualTo(1);
    }

    @Test
    void shouldEvictWhereThatFreesTheMost() {
        FakeFleetView fleet =
                new FakeFleetView(512).host(0, 0).host(0, 0).idle(1, 0, false).idle(1, 1, false);
        fleet.idle(1, 1, false);

        assertThat(chosenHost(fleet)).isEqualTo(1);
    }
}
