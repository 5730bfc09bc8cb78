package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OtherUnitsTest {
    private static Figure figure(String name, String unit) {
        return new Figure.Quotient(new Metric(name, unit, true), new double[] {1}, new double[] {1});
    }

    private static List<String> notes(Figure a, Figure b) {
        return OtherUnits.notes(Evidence.of(1, List.of(a)), Evidence.of(1, List.of(b)), ComparisonSettings.defaults());
    }

    @Test
    void shouldNameWhatIsToldInOtherUnitsAndNotWhatIsAnotherThing() {
        assertThat(notes(figure("init", "ms"), figure("init", "us")))
                .containsExactly("In other units on the other side, and left out: init (ms of A, us of B).");
        assertThat(notes(figure("init", "ms"), figure("duration", "ms"))).isEmpty();
        assertThat(notes(figure("init", "ms"), figure("init", "ms"))).isEmpty();
    }
}
