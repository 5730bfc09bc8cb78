package dev.thaw.cli.evidence.ab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** An endpoint that somebody else keeps: asked before each run, as a load would be lost only after its drain. */
record Endpoint(String url) {
    private static final int WITHIN_MS = 5_000;
    private static final int HTTP = 80;

    /** Fails with one line where nobody takes a connection. What is no URL is left to the load, which says so. */
    void check() throws IOException {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            return;
        }
        if (uri.getHost() == null) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? HTTP : uri.getPort()), WITHIN_MS);
        } catch (IOException e) {
            throw new IOException("nobody is at " + url + ": " + e.getMessage(), e);
        }
    }
}
