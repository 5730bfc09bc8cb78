package dev.thaw.sandbox.microvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers in Firecracker's place, at a local socket: takes what its published API allows, in the order that it demands,
 * and refuses everything else as it does.
 *
 * <p>Threading: a thread of its own for its connections, one after another.
 */
final class FirecrackerContract implements AutoCloseable {
    /** What it does instead of answering one request. */
    enum Play {
        HONEST,
        REFUSE,
        VANISH,
        BE_SILENT,
        ANSWER_HALF,
        TALK_WITHOUT_END
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final String DONE = "HTTP/1.1 204 \r\nServer: Firecracker API\r\nConnection: keep-alive\r\n\r\n";

    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ServerSocketChannel server;
    private final @Nullable PublishedApi api = PublishedApi.readOrSay();
    private final Runnable onStart;
    private final Play play;
    private final String playedAt;
    private boolean configured;
    private boolean bootable;
    private boolean started;
    private boolean paused;

    /**
     * Serves at a bound socket, at once: somebody may have connected already.
     *
     * @param onStart what the guest does once it runs
     * @param play what it does where {@code playedAt}, method and path, is asked
     */
    FirecrackerContract(ServerSocketChannel server, Runnable onStart, Play play, String playedAt) {
        this.server = server;
        this.onStart = onStart;
        this.play = play;
        this.playedAt = playedAt;
        var _ = Thread.ofPlatform().name("fc-contract").daemon().start(this::run);
    }

    private void run() {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                serve(connection);
            } catch (IOException over) {
                // The next one, if the server is still open.
            }
        }
    }

    private void serve(SocketChannel connection) throws IOException {
        for (String request = next(connection); !request.isEmpty(); request = next(connection)) {
            String what = request.substring(0, request.indexOf(" HTTP/1.1\r\n"));
            String body = request.substring(request.indexOf("\r\n\r\n") + 4);
            asked.add(what);
            if (what.equals(playedAt) && play != Play.HONEST) {
                fail(connection);
                return;
            }
            String fault = fault(what, JSON.readTree(body));
            connection.write(bytes(fault.isEmpty() ? DONE : refusal(fault)));
            if (fault.isEmpty() && what.equals("PUT /actions")) {
                onStart.run();
            }
        }
    }

    private void fail(SocketChannel connection) throws IOException {
        switch (play) {
            case REFUSE -> connection.write(bytes(refusal("played:\nno\u0007 way")));
            case VANISH -> server.close();
            case BE_SILENT -> connection.read(ByteBuffer.allocate(1));
            case ANSWER_HALF -> connection.write(bytes("HTTP/1.1 204 \r\nServ"));
            case TALK_WITHOUT_END -> {
                ByteBuffer more = bytes("x".repeat(4096));
                for (int pages = 0; pages < 100; pages++) {
                    connection.write(more.rewind());
                }
            }
            case HONEST -> throw new IllegalStateException("nothing to play");
        }
    }

    private static String refusal(String fault) {
        String body = JSON.writeValueAsString(java.util.Map.of("fault_message", fault));
        return "HTTP/1.1 400 \r\nServer: Firecracker API\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** One request; empty at the end of the connection. */
    private static String next(SocketChannel connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        String text = "";
        while (!isWhole(text)) {
            if (connection.read(buffer) < 0) {
                return "";
            }
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
        return text;
    }

    private static boolean isWhole(String text) {
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return false;
        }
        String head = text.substring(0, headEnd).toLowerCase(Locale.ROOT);
        int at = head.indexOf("content-length: ") + "content-length: ".length();
        int end = head.indexOf('\r', at);
        int length = Integer.parseInt(head.substring(at, end < 0 ? head.length() : end));
        return text.length() - headEnd - 4 >= length;
    }

    /** Why a request is refused; empty where it is not. */
    private String fault(String what, JsonNode body) {
        String[] words = what.split(" ", 2);
        List<String> violations = api == null ? List.of() : api.violations(words[0], words[1], body);
        return violations.isEmpty() ? misplaced(what, body) : String.join("; ", violations);
    }

    private String misplaced(String what, JsonNode body) {
        return switch (what) {
            case "PUT /actions" -> start();
            case "PUT /snapshot/load" -> load(body);
            case "PUT /snapshot/create" -> started && paused ? "" : "the microVM is not paused";
            case "PATCH /vm" -> {
                paused = body.path("state").asString().equals("Paused");
                yield started ? "" : "the microVM is not started";
            }
            default -> configure(what, body);
        };
    }

    private String start() {
        if (started || !bootable) {
            return started ? "the microVM is started already" : "there is no boot source";
        }
        started = true;
        return "";
    }

    private String load(JsonNode body) {
        if (configured || started) {
            return "a snapshot is loaded before anything else";
        }
        started = true;
        paused = !body.path("resume_vm").asBoolean();
        return "";
    }

    private String configure(String what, JsonNode body) {
        if (started) {
            return "the microVM is started: it cannot be configured";
        }
        int vcpus = body.path("vcpu_count").asInt(1);
        if (vcpus != 1 && vcpus % 2 != 0) {
            return "the number of vCPUs must be 1 or even";
        }
        configured = true;
        bootable |= what.equals("PUT /boot-source");
        return "";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
