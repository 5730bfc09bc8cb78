package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An extension that does what its test says, over a connection of its own. */
final class ScriptedExtension {
    static final String BASE = " /2020-01-01/extension/";
    private static final Pattern ID = Pattern.compile("Lambda-Extension-Identifier: (\\S+)");

    final EmbeddedChannel channel;
    final String registration;
    private final String id;

    ScriptedExtension(EmbeddedChannel channel, String name, String events) {
        this.channel = channel;
        registration = exchange(
                channel, post("register", "Lambda-Extension-Name: " + name + "\r\n", "{\"events\":" + events + "}"));
        Matcher found = ID.matcher(registration);
        id = found.find() ? found.group(1) : "";
    }

    /** Asks for an event; returns the answer, or what it is so far. */
    String next() {
        return exchange(channel, get("event/next", header()));
    }

    String report(String which, String errorType) {
        return exchange(
                channel, post(which, header() + "Lambda-Extension-Function-Error-Type: " + errorType + "\r\n", ""));
    }

    /** What has been answered since. */
    String answer() {
        return exchange(channel, "");
    }

    String header() {
        return "Lambda-Extension-Identifier: " + id + "\r\n";
    }

    static String get(String path, String headers) {
        return "GET" + BASE + path + " HTTP/1.1\r\n" + headers + "\r\n";
    }

    static String post(String path, String headers, String body) {
        return "POST" + BASE + path + " HTTP/1.1\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    static String exchange(EmbeddedChannel channel, String request) {
        if (!request.isEmpty()) {
            channel.writeInbound(ByteBufUtil.writeUtf8(channel.alloc(), request));
        }
        StringBuilder answer = new StringBuilder();
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            answer.append(sent.toString(StandardCharsets.UTF_8));
            sent.release();
        }
        return answer.toString();
    }
}
