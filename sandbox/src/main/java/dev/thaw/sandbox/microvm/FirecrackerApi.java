package dev.thaw.sandbox.microvm;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API of one Firecracker: HTTP over its local socket, a request at a time. It answers 204 to what it did; anything
 * else is an exception whose message is one line that says what was asked and why it is refused.
 *
 * <p>Threading: one thread.
 */
final class FirecrackerApi implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 65_536;
    private static final int NO_CONTENT = 204;
    private static final String HEAD_END = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length:";
    private static final JsonMapper JSON = new JsonMapper();

    private final SocketChannel socket;
    private final Selector selector;
    private final int boundMs;
    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES_MAX);

    private FirecrackerApi(SocketChannel socket, Selector selector, int boundMs) {
        this.socket = socket;
        this.selector = selector;
        this.boundMs = boundMs;
    }

    /** Connects to its socket. Each wait for it is at most {@code boundMs}. */
    static FirecrackerApi connect(Path path, int boundMs) throws IOException {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(path));
            socket.configureBlocking(false);
            return new FirecrackerApi(socket, Selector.open(), boundMs);
        } catch (IOException nobody) {
            socket.close();
            throw nobody;
        }
    }

    void put(String path, Map<String, ?> body) throws IOException {
        ask("PUT", path, body);
    }

    void patch(String path, Map<String, ?> body) throws IOException {
        ask("PATCH", path, body);
    }

    private void ask(String method, String path, Map<String, ?> body) throws IOException {
        String what = method + " " + path;
        byte[] content = JSON.writeValueAsBytes(body);
        String head = what + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + content.length + HEAD_END;
        ByteBuffer request = ByteBuffer.allocate(head.length() + content.length);
        request.put(head.getBytes(StandardCharsets.US_ASCII)).put(content).flip();
        SelectionKey key = socket.register(selector, SelectionKey.OP_WRITE);
        while (request.hasRemaining()) {
            await(what);
            int _ = socket.write(request);
        }
        key.interestOps(SelectionKey.OP_READ);
        check(what, read(what));
    }

    private void await(String what) throws IOException {
        if (selector.select(boundMs) == 0) {
            throw new IOException("Firecracker does not answer " + what + " within " + boundMs + " ms");
        }
        selector.selectedKeys().clear();
    }

    /** One whole answer. */
    private String read(String what) throws IOException {
        answer.clear();
        String text = "";
        while (!isWhole(text)) {
            if (!answer.hasRemaining()) {
                throw new IOException(
                        "Firecracker's answer to " + what + " is longer than " + ANSWER_BYTES_MAX + " bytes");
            }
            await(what);
            if (socket.read(answer) < 0) {
                throw new IOException("Firecracker closed its socket before it answered " + what);
            }
            text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    private static boolean isWhole(String text) {
        int headEnd = text.indexOf(HEAD_END);
        return headEnd >= 0 && text.length() >= headEnd + HEAD_END.length() + contentLength(text, headEnd);
    }

    private static int contentLength(String text, int headEnd) {
        String head = text.substring(0, headEnd).toLowerCase(java.util.Locale.ROOT);
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            return 0;
        }
        int end = head.indexOf('\r', at + 2);
        String digits = head.substring(at + LENGTH.length(), end < 0 ? head.length() : end)
                .strip();
        // Longer than fits is found out by what arrives.
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : ANSWER_BYTES_MAX;
    }

    private static void check(String what, String text) throws IOException {
        String[] status = text.substring(0, text.indexOf("\r\n")).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("\\d{3}")) {
            throw new IOException("Firecracker's answer to " + what + " is no HTTP");
        }
        if (Integer.parseInt(status[1]) != NO_CONTENT) {
            String body = text.substring(text.indexOf(HEAD_END) + HEAD_END.length());
            throw new IOException("Firecracker refuses " + what + " with " + status[1] + ": " + reason(body));
        }
    }

    /** Its words, as one printable line. */
    private static String reason(String body) {
        String words = body;
        try {
            words = JSON.readTree(body).path("fault_message").asString(body);
        } catch (JacksonException noJson) {
            // Then what it said is all that there is.
        }
        String line = OneLine.of(words);
        return line.isEmpty() ? "it does not say why" : line;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        socket.close();
    }
}
