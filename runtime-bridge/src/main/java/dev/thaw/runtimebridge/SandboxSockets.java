package dev.thaw.runtimebridge;

import dev.thaw.sandbox.kernel.LocalSocket;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * Channels for the descriptors that a sandbox gives: sockets of its own network, or, where a machine lies between, of
 * this host. Each channel owns its descriptor.
 */
final class SandboxSockets {
    private SandboxSockets() {}

    static Channel listening(int fd) {
        return LocalSocket.isLocal(fd)
                ? new EpollServerDomainSocketChannel(fd, true)
                : new EpollServerSocketChannel(fd);
    }

    static Channel connected(int fd) {
        return LocalSocket.isLocal(fd) ? new EpollDomainSocketChannel(fd) : new EpollSocketChannel(fd);
    }
}
