package dev.thaw.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection that sends one asynchronous invocation after the other. Threading: none. */
final class EventClient implements AutoCloseable {
    private static final byte[] REQUEST = ("POST /2015-03-31/functions/echo/invocations HTTP/1.1\r\nHost: thaw\r\n"
                    + "X-Amz-Invocation-Type: Event\r\nContent-Length: 7\r\n\r\n{\"x\":5}")
            .getBytes(StandardCharsets.US_ASCII);
    private static final String REQUEST_ID = "x-amzn-requestid: ";

    private final Socket socket;
    private final BufferedReader in;

    EventClient(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** The request id of an event that was accepted: its answer was read whole. */
    String send() throws IOException {
        socket.getOutputStream().write(REQUEST);
        String status = line();
        String requestId = "";
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith(REQUEST_ID)) {
                requestId = header.substring(REQUEST_ID.length());
            }
        }
        if (!status.startsWith("HTTP/1.1 202 ")) {
            throw new AssertionError(status);
        }
        return requestId;
    }

    private String line() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("the server has gone");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
