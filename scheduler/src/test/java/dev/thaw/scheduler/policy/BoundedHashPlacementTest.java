package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.PlacementPolicy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BoundedHashPlacementTest implements PlacementPolicyContract {
    private static final int HOSTS = 10;

    @Override
    public PlacementPolicy policy() {
        return new BoundedHashPlacement(1.25);
    }

    private static FakeFleetView fleet() {
        FakeFleetView fleet = new FakeFleetView(512);
        for (int host = 0; host < HOSTS; host++) {
            fleet.host(FakeFleetView.HOST_MIB, FakeFleetView.HOST_MILLI_VCPUS);
        }
        return fleet;
    }

    private int home(int functionId) {
        return policy().chooseHost(functionId, 512, 100, fleet(), 9);
    }

    @Test
    void shouldSpreadFunctionsOverAllHosts() {
        int[] functions = new int[HOSTS];
        for (int functionId = 0; functionId < 10_000; functionId++) {
            functions[home(functionId)]++;
        }

        assertThat(Arrays.stream(functions).min().orElseThrow()).isGreaterThan(800);
        assertThat(Arrays.stream(functions).max().orElseThrow()).isLessThan(1_200);
    }

    @Test
    void shouldGoOnRoundTheRingFromAnOverloadedHome() {
        int home = home(7);
        FakeFleetView fleet = new FakeFleetView(512);
        for (int host = 0; host < HOSTS; host++) {
            int freeMilli = host == home ? 5_000 : 9_000;
            fleet.host(FakeFleetView.HOST_MIB, freeMilli);
        }

        assertThat(policy().chooseHost(7, 512, 100, fleet, 9)).isEqualTo((home + 1) % HOSTS);
        assertThat(new BoundedHashPlacement(5).chooseHost(7, 512, 100, fleet, 9))
                .isEqualTo(home);
    }

    /** No host ever has more than the bound times the mean, rounded up to one more environment. */
    @Test
    void shouldBoundTheLoadOfOneFunction() {
        int[] atWorkMilli = new int[HOSTS];
        for (int created = 0; created < 80; created++) {
            FakeFleetView fleet = new FakeFleetView(512);
            for (int milli : atWorkMilli) {
                fleet.host(FakeFleetView.HOST_MIB, FakeFleetView.HOST_MILLI_VCPUS - milli);
            }
            atWorkMilli[policy().chooseHost(3, 512, 1_000, fleet, 9)] += 1_000;
        }

        assertThat(Arrays.stream(atWorkMilli).max()).hasValue(10_000);
    }

    @Test
    void shouldUseTheEnvironmentNearestToHome() {
        int home = home(1);
        FakeFleetView fleet = fleet();
        fleet.idle(1, (home + 2) % HOSTS, false)
                .idle(1, (home + 1) % HOSTS, false)
                .idle(1, (home + 9) % HOSTS, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isEqualTo(1);
    }

    @Test
    void shouldRatherUseAnOverloadedHostThanStartAnew() {
        FakeFleetView fleet = new FakeFleetView(512).host(100, 100).host(9_000, 10_000);
        fleet.idle(1, 0, false).idle(1, 0, false);

        assertThat(policy().chooseEnvironment(1, fleet, 9)).isIn(0, 1);
    }

    @Test
    void shouldEvictNearestToHomeWhereNoHostHasRoom() {
        Set<Integer> chosen = new HashSet<>();
        for (int functionId = 0; functionId < 50; functionId++) {
            FakeFleetView fleet = new FakeFleetView(512);
            for (int host = 0; host < HOSTS; host++) {
                fleet.host(0, 0).idle(99, host, false);
            }
            int host = policy().chooseHost(functionId, 512, 100, fleet, 9);
            assertThat(host).isEqualTo(home(functionId));
            chosen.add(host);
        }

        assertThat(chosen).hasSize(HOSTS);
    }

    @Test
    void shouldRefuseABoundBelowTheMean() {
        assertThatThrownBy(() -> new BoundedHashPlacement(0.9)).hasMessage("bound is 0.9, must be 1 or more");
    }
}
