package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class FusedThreadTest {
    /** On any other kind of thread Netty's recyclers recycle nothing. */
    @Test
    void shouldBeAThreadThatNettyPoolsObjectsFor() {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        FusedThread threads = new FusedThread(new Inbox(64, 64), ran::completeExceptionally);
        threads.eventLoops().execute(() -> ran.complete(Thread.currentThread()));

        threads.stop(10_000);

        assertThat(ran.join()).isInstanceOf(FastThreadLocalThread.class);
    }
}
