package dev.thaw.runtimebridge;

import io.netty.channel.EventLoop;

/** Opens the Runtime API of one run. The real one is {@link RuntimeApiServer}, on the socket inside the sandbox. */
@FunctionalInterface
interface RuntimeApiOpener {
    /** Serves {@code listenFd}, which it owns from now on. Returns how to stop. On the event loop. */
    Runnable open(EventLoop eventLoop, int listenFd, RuntimeSession session, Extensions extensions);
}
