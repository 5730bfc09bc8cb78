package dev.thaw.runtimebridge;

import dev.thaw.sandbox.LoopWork;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A backend's work, done by one of the event loops for as long as that runs: in the fused layout by the thread that
 * serves clients and decides, so that nothing between them is handed to another thread.
 *
 * <p>Threading: its event loop.
 */
final class BackendWork implements EpollIoHandle {
    private final LoopWork work;
    private final FileDescriptor fd;
    private boolean taken;

    private BackendWork(LoopWork work) {
        this.work = work;
        fd = new FileDescriptor(work.fd());
    }

    /** Takes it as soon as the loop runs. A loop of another kind takes none. */
    static void serve(EventLoopGroup eventLoops, @Nullable LoopWork work) {
        if (work == null || !(eventLoops instanceof IoEventLoopGroup group)) {
            return;
        }
        IoEventLoop loop = group.next();
        if (loop.isCompatible(BackendWork.class)) {
            BackendWork served = new BackendWork(work);
            var _ = loop.register(served).addListener((Future<IoRegistration> done) -> {
                if (done.isSuccess()) {
                    served.begin(done.getNow());
                }
            });
        }
    }

    private void begin(IoRegistration registration) {
        taken = work.take();
        if (taken) {
            registration.submit(EpollIoOps.EPOLLIN);
        } else {
            registration.cancel();
        }
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (taken && !work.run()) {
            registration.cancel(); // before the backend closes the descriptor
            close();
        }
    }

    /** The loop ends, or the backend wants it back. */
    @Override
    public void close() {
        if (taken) {
            taken = false;
            work.giveBack();
        }
    }
}
