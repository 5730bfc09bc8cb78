package dev.thaw.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** An event that shows what an example function does. */
record DemoEvent(String function, String payload) {
    static final List<DemoEvent> ALL = List.of(
            new DemoEvent("echo", "{\"key\":\"value\"}"),
            new DemoEvent("echo-arm64", "{\"key\":\"value\"}"),
            new DemoEvent("hash", "{\"x\":5}"),
            new DemoEvent("dot-avx2", "{\"n\":4096,\"repeat\":100,\"seed\":1}"),
            new DemoEvent("shell-echo", "{\"text\":\"Hello\"}"),
            new DemoEvent("python-area", "{\"length\":6,\"width\":7}"));

    /** One line: what was asked and what came back. */
    String invoke(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + "/2015-03-31/functions/" + function + "/invocations"))
                .POST(BodyPublishers.ofString(payload))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return "  " + function + " " + payload + " -> " + response.statusCode() + " " + response.body();
        }
    }
}
