package dev.thaw.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/** A streamed answer, read event by event with the AWS SDK's decoder, which checks both checksums. Closing it hangs up. */
final class EventStream implements AutoCloseable {
    private final HttpClient client;
    private final HttpResponse<InputStream> response;
    private final Queue<Message> messages = new ArrayDeque<>();
    private final MessageDecoder decoder = new MessageDecoder(messages::add);
    private String completion = "";

    private EventStream(HttpClient client, HttpResponse<InputStream> response) {
        this.client = client;
        this.response = response;
    }

    static EventStream open(URI server, String function, String event) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        URI uri = server.resolve("/2021-11-15/functions/" + function + "/response-streaming-invocations");
        HttpRequest request =
                HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(event)).build();
        return new EventStream(client, client.send(request, BodyHandlers.ofInputStream()));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The next event's payload; fails where it is not of this type. */
    String next(String type) throws IOException {
        Message message = message();
        String actual = message == null ? "the end" : typeOf(message);
        if (message == null || !actual.equals(type)) {
            throw new AssertionError("wanted " + type + ", got " + actual);
        }
        return new String(message.getPayload(), StandardCharsets.ISO_8859_1);
    }

    /** Payload of all chunks that follow, up to and without {@code InvokeComplete}, which is {@link #completion} then. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (Message message = message(); message != null; message = message()) {
            String text = new String(message.getPayload(), StandardCharsets.ISO_8859_1);
            if (typeOf(message).equals("InvokeComplete")) {
                completion = text;
            } else {
                rest.append(text);
            }
        }
        return rest.toString();
    }

    /** What {@code InvokeComplete} said; empty before it came. */
    String completion() {
        return completion;
    }

    private static String typeOf(Message message) {
        return Objects.requireNonNull(message.getHeaders().get(":event-type")).getString();
    }

    private @Nullable Message message() throws IOException {
        byte[] bytes = new byte[64 << 10];
        while (messages.isEmpty()) {
            int count = response.body().read(bytes);
            if (count < 0) {
                return null;
            }
            decoder.feed(bytes, 0, count);
        }
        return messages.remove();
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
    }
}
