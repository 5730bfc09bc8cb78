package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.loadgen.trace.TraceFunction;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ApplicationsTest {
    private static final List<TraceFunction> FUNCTIONS = List.of(
            new TraceFunction("a-1", "1", "a", 256, 900),
            new TraceFunction("b-1", "1", "b", 512, TraceFunction.UNKNOWN_INIT),
            new TraceFunction("a-2", "2", "a", 1_024, 300));

    @Test
    void shouldLeaveFunctionsAlone() {
        Applications alone = Applications.of(FUNCTIONS, false);

        assertThat(alone.functions()).isEqualTo(FUNCTIONS);
        assertThat(alone.servedBy()).containsExactly(0, 1, 2);
    }

    @Test
    void shouldMakeEnvironmentsFitEveryFunctionOfTheirApplication() {
        Applications shared = Applications.of(FUNCTIONS, true);

        assertThat(shared.functions())
                .containsExactly(new TraceFunction("a-1", "1", "a", 1_024, 900), FUNCTIONS.get(1));
        assertThat(shared.servedBy()).containsExactly(0, 1, 0);
    }
}
