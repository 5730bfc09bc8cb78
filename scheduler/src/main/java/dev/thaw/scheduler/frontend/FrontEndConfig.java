package dev.thaw.scheduler.frontend;

import io.netty.util.internal.PlatformDependent;

/**
 * Where the front end listens, and what it may hold.
 *
 * @param host address to bind
 * @param port 0 lets the kernel choose
 * @param bodyBudgetBytes most bytes that request bodies of all clients may hold together
 * @param livePage whether there is one
 */
public record FrontEndConfig(String host, int port, long bodyBudgetBytes, boolean livePage) {
    public static final String DEFAULT_HOST = "127.0.0.1";

    public FrontEndConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + ", must be 0..65535");
        }
        if (bodyBudgetBytes < InvokeRequest.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("bodyBudgetBytes: " + bodyBudgetBytes + ", must be "
                    + InvokeRequest.MAX_PAYLOAD_BYTES + " or more, one largest request");
        }
    }

    /** With the default budget, without the live page. */
    public FrontEndConfig(String host, int port) {
        this(host, port, false);
    }

    /** With the default budget: half of the direct memory that this JVM may have; the rest is responses and sockets. */
    public FrontEndConfig(String host, int port, boolean livePage) {
        this(host, port, Math.max(InvokeRequest.MAX_PAYLOAD_BYTES, PlatformDependent.maxDirectMemory() / 2), livePage);
    }
}
