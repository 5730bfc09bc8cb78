package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.PlacementPolicy;
import org.junit.jupiter.api.Test;

final class SnapshotLocalityPlacementTest implements PlacementPolicyContract {
    private final PlacementPolicy policy = policy();
    private final FakeFleetView fleet =
            new FakeFleetView(512).host(9_000, 900).host(8_000, 900).host(7_000, 900);

    @Override
    public PlacementPolicy policy() {
        return new SnapshotLocalityPlacement(2);
    }

    private int choose(FakeFleetView from) {
        return policy.chooseHost(1, 512, 100, from, 9);
    }

    @Test
    void shouldBeginWhereThereIsTheMostRoom() {
        policy.onCreate(0, 2);

        assertThat(choose(fleet)).isZero();
    }

    @Test
    void shouldGoWhereTheFunctionWasLast() {
        policy.onCreate(1, 1);
        policy.onCreate(1, 2);

        assertThat(choose(fleet)).isEqualTo(2);
    }

    @Test
    void shouldGoWhereTheFunctionWasBeforeThatIfThereIsNoRoom() {
        policy.onCreate(1, 1);
        policy.onCreate(1, 2);
        policy.onCreate(1, 2);

        FakeFleetView full =
                new FakeFleetView(512).host(9_000, 900).host(8_000, 900).host(100, 900);
        assertThat(choose(full)).isEqualTo(1);
    }

    @Test
    void shouldForgetAllButTheLastHosts() {
        policy.onCreate(1, 2);
        policy.onCreate(1, 1);
        policy.onCreate(1, 0);

        FakeFleetView full =
                new FakeFleetView(512).host(0, 0).host(0, 0).host(1_000, 900).host(2_000, 900);
        assertThat(choose(full)).isEqualTo(3);
    }

    @Test
    void shouldEvictWhereTheSnapshotIs() {
        policy.onCreate(1, 1);
        FakeFleetView full = new FakeFleetView(512).host(0, 0).host(0, 0);
        full.idle(3, 0, false).idle(3, 0, false).idle(3, 1, false);

        assertThat(choose(full)).isEqualTo(1);
    }

    @Test
    void shouldRefuseToRememberNothing() {
        assertThatThrownBy(() -> new SnapshotLocalityPlacement(0)).hasMessage("remembered is 0, must be 1 or more");
    }
}
