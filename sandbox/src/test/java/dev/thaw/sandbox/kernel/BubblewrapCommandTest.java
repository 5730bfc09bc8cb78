package dev.thaw.sandbox.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BubblewrapCommandTest {
    @Test
    void shouldFindTheChildInWhatBubblewrapSays() {
        assertThat(BubblewrapCommand.childPid("{\n    \"child-pid\": 4711,\n    \"net-namespace\": 99\n}\n"))
                .isEqualTo(4711);
        assertThat(BubblewrapCommand.childPid("{\"child-pid\":5}")).isEqualTo(5);
        assertThat(BubblewrapCommand.childPid("")).isEqualTo(-1);
        assertThat(BubblewrapCommand.childPid("{\"child-pid\": }")).isEqualTo(-1);
    }

    @Test
    void shouldPassVariablesAsLiteralWords() {
        byte[] arguments = new BubblewrapCommand()
                .variables(Map.of("A_B", "x y=\"$Z\"\nü"))
                .arguments();
        assertThat(new String(arguments, StandardCharsets.UTF_8)).isEqualTo("--setenv\0A_B\0x y=\"$Z\"\nü\0");
    }
}
