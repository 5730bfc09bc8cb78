package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.PlacementPolicy;
import org.junit.jupiter.api.Test;

/** What every {@link PlacementPolicy} keeps. */
interface PlacementPolicyContract {
    PlacementPolicy policy();

    /** For a new environment of function 0: 512 MiB and 100 thousandths of a vCPU. */
    default int chosenHost(FakeFleetView fleet) {
        return policy().chooseHost(0, 512, 100, fleet, 9);
    }

    @Test
    default void shouldChooseOnlyIdleEnvironmentsOfTheFunction() {
        FakeFleetView fleet = new FakeFleetView(512)
                .host(0, 0)
                .idle(1, 0, true)
                .idle(1, 0, false)
                .idle(2, 0, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isIn(PlacementPolicy.NONE, 0, 1);
        assertThat(policy().chooseEnvironment(2, fleet, 9)).isIn(PlacementPolicy.NONE, 2);
        assertThat(policy().chooseEnvironment(0, fleet, 9)).isEqualTo(PlacementPolicy.NONE);
    }

    @Test
    default void shouldChooseTheOnlyHostWithRoom() {
        FakeFleetView fleet =
                new FakeFleetView(512).host(511, 900).host(900, 99).host(512, 100);

        assertThat(chosenHost(fleet)).isEqualTo(2);
    }

    @Test
    default void shouldPreferRoomToEviction() {
        FakeFleetView muchRoom =
                new FakeFleetView(512).host(0, 0).host(9_000, 900).idle(1, 0, false);
        FakeFleetView justEnough = new FakeFleetView(512).host(0, 0).host(512, 100);
        for (int slot = 0; slot < 5; slot++) {
            justEnough.idle(1, 0, false);
        }
        FakeFleetView moreAtWork =
                new FakeFleetView(512).host(0, 9_800).host(512, 100).idle(1, 0, false);

        assertThat(chosenHost(muchRoom)).isEqualTo(1);
        assertThat(chosenHost(justEnough)).isEqualTo(1);
        assertThat(chosenHost(moreAtWork)).isEqualTo(1);
    }

    @Test
    default void shouldChooseTheOnlyHostWhereEvictingMakesRoom() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).host(0, 0).idle(3, 1, false);

        assertThat(chosenHost(fleet)).isEqualTo(1);
    }

    @Test
    default void shouldChooseNoHostWhereNoneCouldMakeRoom() {
        FakeFleetView fleet = new FakeFleetView(512).host(100, 900).host(0, 0).idle(3, 1, false);

        assertThat(policy().chooseHost(0, 1_024, 100, fleet, 9)).isEqualTo(PlacementPolicy.NONE);
        assertThat(policy().chooseHost(0, 512, 101, fleet, 9)).isEqualTo(PlacementPolicy.NONE);
        assertThat(policy().chooseHost(0, 128, 1, new FakeFleetView(512), 9)).isEqualTo(PlacementPolicy.NONE);
    }

    @Test
    default void shouldChooseTheSameForTheSameFleet() {
        FakeFleetView fleet = new FakeFleetView(512)
                .host(900, 900)
                .host(900, 900)
                .idle(0, 0, false)
                .idle(0, 1, false);

        assertThat(chosenHost(fleet)).isEqualTo(chosenHost(fleet));
        assertThat(policy().chooseEnvironment(0, fleet, 9)).isEqualTo(policy().chooseEnvironment(0, fleet, 9));
    }
}
