package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One invocation more than the account's concurrency. */
@Tag("slow")
final class BurstTest {
    private static final int ACCOUNT_CONCURRENCY = 1_000;
    private static final int HOST_MEMORY_MIB = 1_024;

    @TempDir
    static Path directory;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    /** One holds the whole host, so the others wait for room and all of them are under way at the same time. */
    @Test
    void shouldServeAThousandAtOnceAndRefuseOneMore() throws IOException, InterruptedException {
        try (RunningServer server = RunningServer.start(
                directory,
                options -> options.hostMemoryMib = HOST_MEMORY_MIB,
                Functions.of("holder", "x86_64", "probe", HOST_MEMORY_MIB),
                Functions.patientEcho("crowd"))) {
            CompletableFuture<Reply> holder = server.send("holder", "{\"do\":\"hang\"}");
            server.awaitFleet("the host is full", fleet -> fleet.busy() == 1);
            List<CompletableFuture<Reply>> sent = IntStream.range(0, ACCOUNT_CONCURRENCY)
                    .mapToObj(i -> server.send("crowd", Integer.toString(i)))
                    .toList();
            server.awaitFleet("all have come", fleet -> fleet.refused() + fleet.waiting() == ACCOUNT_CONCURRENCY);
            Sandboxes.ours().kill("holder");
            List<Reply> replies = sent.stream().map(CompletableFuture::join).toList();

            assertThat(holder.join().text()).contains("Runtime.ExitError");
            List<Reply> refused =
                    replies.stream().filter(reply -> reply.status() != 200).toList();
            assertThat(refused).singleElement().satisfies(reply -> {
                assertThat(reply.status()).isEqualTo(429);
                assertThat(reply.text()).contains("\"Reason\":\"ConcurrentInvocationLimitExceeded\"");
            });
            for (int i = 0; i < ACCOUNT_CONCURRENCY; i++) {
                if (replies.get(i).status() == 200) {
                    assertThat(replies.get(i).text()).isEqualTo(Integer.toString(i));
                }
            }
            assertThat(server.fleet().refused()).isEqualTo(1);
        }
    }
}
