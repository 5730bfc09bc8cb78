package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a server: what runs may finish, and nothing of it is left. */
@Tag("slow")
final class ShutdownTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    @Test
    void shouldLetARunningInvocationFinishAndLeaveNothing() throws IOException {
        RunningServer server = RunningServer.start(
                directory,
                _ -> {},
                Functions.probe("probe", 20),
                Functions.probe("background", 20),
                Functions.echo("echo"));
        CompletableFuture<Reply> running;
        try (server) {
            server.invoke("echo", "1");
            server.invoke("background", "{\"do\":\"background\"}");
            server.awaitFleet("both are frozen", fleet -> fleet.frozen() == 2);
            running = server.send("probe", "{\"do\":\"sleep\",\"ms\":1500}");
            server.awaitFleet("it runs", fleet -> fleet.busy() == 1);
            assertThat(Sandboxes.ours().leftovers()).isNotEmpty();
            server.closeServer();
            assertThat(running.join().text()).startsWith("{\"sleptUs\":");
        }

        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }

    @Test
    void shouldEndWhatRunsTooLongAndLeaveNothing() throws IOException {
        RunningServer server = RunningServer.start(
                directory, options -> options.shutdownWait = Duration.ofMillis(200), Functions.probe("probe", 900));
        try (server) {
            CompletableFuture<Reply> running = server.send("probe", "{\"do\":\"hang\"}");
            server.awaitFleet("it runs", fleet -> fleet.busy() == 1);
            server.closeServer();
            assertThat(running.handle((reply, failure) -> failure != null
                                    || reply.status() != 200
                                    || !reply.functionError().isEmpty())
                            .join())
                    .as("ended, not answered")
                    .isTrue();
        }

        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }
}
