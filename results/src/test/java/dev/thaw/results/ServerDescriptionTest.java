package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerDescriptionTest {
    private final ServerDescription description = new ServerDescription(
            "thaw 1",
            "arm64",
            "process",
            "process/full",
            Map.of("seccomp", "deny list"),
            Map.of("keepAliveMs", "600000"),
            List.of(new ServerDescription.Function("echo", 512, "x86_64")));

    @Test
    void shouldComeBackFromItsPage() {
        assertThat(ServerDescription.fromJson(description.toJson())).isEqualTo(description);
    }

    @Test
    void shouldSkipWhatItDoesNotKnowAndRefuseWhatIsNotOne() {
        String newer = description.toJson().replaceFirst("\\{", "{\"later\":1,");
        assertThat(ServerDescription.fromJson(newer)).isEqualTo(description);
        assertThatThrownBy(() -> ServerDescription.fromJson("{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("server description: ");
        assertThatThrownBy(() -> ServerDescription.fromJson("<html>")).isInstanceOf(IllegalArgumentException.class);
    }
}
