package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.PlacementPolicy;
import org.junit.jupiter.api.Test;

final class BinPackingPlacementTest implements PlacementPolicyContract {
    @Override
    public PlacementPolicy policy() {
        return new BinPackingPlacement();
    }

    @Test
    void shouldFillTheHostWithTheLeastRoomThatIsEnough() {
        FakeFleetView fleet = new FakeFleetView(512)
                .host(9_000, 900)
                .host(500, 900)
                .host(600, 900)
                .host(700, 900);

        assertThat(chosenHost(fleet)).isEqualTo(2);
    }

    @Test
    void shouldEvictWhereTheLeastMayGo() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).host(0, 0);
        fleet.idle(1, 0, false).idle(1, 0, false).idle(1, 1, false);

        assertThat(chosenHost(fleet)).isEqualTo(1);
    }

    @Test
    void shouldUseTheEnvironmentOnTheFullestHost() {
        FakeFleetView fleet =
                new FakeFleetView(512).host(4_000, 900).host(1_000, 900).host(3_000, 900);
        fleet.idle(1, 1, false).idle(1, 0, false).idle(1, 2, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isZero();
    }
}
