package dev.thaw.scheduler.frontend;

/**
 * Where the front end listens.
 *
 * @param host address to bind
 * @param port 0 lets the kernel choose
 */
public record FrontEndConfig(String host, int port) {
    public static final String DEFAULT_HOST = "127.0.0.1";

    public FrontEndConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + ", must be 0..65535");
        }
    }
}
