package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.LoopWork;
import dev.thaw.sandbox.kernel.Kernel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BackendWorkTest {
    private static final int PATIENCE_SEC = 20;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final CountedWork work = new CountedWork();

    /** Has something to do where a number was written to its descriptor. */
    private final class CountedWork implements LoopWork {
        final int fd = Kernel.eventFd();
        volatile boolean wanted;

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public boolean take() {
            tell("take");
            return true;
        }

        @Override
        public boolean run() {
            Kernel.read(fd, Kernel.data().address(), Long.BYTES);
            tell("run");
            return !wanted;
        }

        @Override
        public void giveBack() {
            tell("give back");
        }

        private void tell(String what) {
            told.add(loop.inEventLoop() ? what : what + " on another thread");
        }

        void offer() {
            Kernel.write(fd, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        }
    }

    @AfterEach
    void end() {
        group.shutdownGracefully(0, PATIENCE_SEC, TimeUnit.SECONDS).awaitUninterruptibly();
        Kernel.close(work.fd);
    }

    private void expect(String event) throws InterruptedException {
        assertThat(told.poll(PATIENCE_SEC, TimeUnit.SECONDS)).isEqualTo(event);
    }

    @Test
    void shouldDoTheWorkOnTheLoopForAsLongAsThatRuns() throws InterruptedException {
        BackendWork.serve(group, work);
        expect("take");
        work.offer();
        expect("run");
        work.offer();
        expect("run");
        end();
        expect("give back");
        assertThat(told).isEmpty();
    }

    @Test
    void shouldGiveItBackWhereTheBackendWantsIt() throws InterruptedException {
        BackendWork.serve(group, work);
        expect("take");
        work.wanted = true;
        work.offer();
        expect("run");
        expect("give back");
        work.offer();
        end();
        assertThat(told).isEmpty();
    }

    @Test
    void shouldLeaveBackendsWithoutSuchWorkAlone() {
        BackendWork.serve(group, null);
        end();
        assertThat(told).isEmpty();
    }
}
