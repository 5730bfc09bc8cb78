package dev.thaw.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ReapAgent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reports of init, written as it does, whatever becomes of one. */
final class RunWatchTest {
    private static final int LAST_INDEX = 2;

    /** Fails on the process 1. */
    private static final class Heard implements RunWatch.Listener {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        @Override
        public void onProcessEnded(SandboxRun run, int index, int code, int signal) {
            words.add(index + " code " + code + " signal " + signal);
            if (index == 1) {
                throw new IllegalStateException("a listener that fails, as this test wants it to");
            }
        }

        @Override
        public void onMonitorEnded(SandboxRun run, int code) {
            words.add("monitor");
        }

        @Override
        public void onPartEnded(SandboxRun run) {
            words.add("part");
        }

        private String next() throws InterruptedException {
            return String.valueOf(words.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldHearOnAfterAListenerFailed() throws InterruptedException {
        Heard heard = new Heard();
        long sockets = Kernel.socketPair();
        int init = (int) (sockets >> 32);
        SandboxRun run = SandboxRun.launchPlain(List.of("/bin/true"), null);
        try (ReapAgent reaper = new ReapAgent();
                InitControl control = new InitControl((int) sockets);
                run) {
            new RunWatch(reaper, LAST_INDEX, heard).awaitReport(run, control);
            report(init, 9, 0);
            report(init, -7, 0);
            report(init, 1, 3 << 8);
            report(init, 0, Kernel.SIGKILL);
            assertThat(heard.next()).isEqualTo("1 code 3 signal 0");
            assertThat(heard.next()).isEqualTo("0 code -1 signal 9");
            Kernel.close(init);
            assertThat(heard.next()).isEqualTo("0 code -1 signal 9");
            assertThat(heard.next()).isEqualTo("1 code -1 signal 9");
            assertThat(heard.next()).isEqualTo("part");
            int _ = Kernel.awaitAndReap(run.monitorFd());
        }
    }

    private static void report(int fd, int index, int waitStatus) {
        Kernel.write(
                fd,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putInt(index)
                        .putInt(waitStatus)
                        .array());
    }
}
