package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.auth.TestSigner;
import dev.thaw.scheduler.control.policy.PolicyBook;
import dev.thaw.scheduler.control.policy.PolicyStatement;
import dev.thaw.scheduler.control.policy.ResourcePolicy;
import dev.thaw.scheduler.control.url.Cors;
import dev.thaw.scheduler.control.url.FunctionUrl;
import dev.thaw.scheduler.control.url.FunctionUrls;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/** A front end with or without keys on the day of the documentation's examples, and a client that may sign. */
final class SignedClient {
    static final String HOST = "127.0.0.1:9001";
    static final String URL_ID = "abc";
    static final String URL_HOST = URL_ID + ".lambda-url.us-east-1.localhost:9001";
    static final String ECHO_ARN = "arn:aws:lambda:us-east-1:000000000000:function:echo";

    final CachedEpochClock clock = new CachedEpochClock();
    final PolicyBook policies = new PolicyBook();
    final FunctionUrls urls = new FunctionUrls();
    final TestSigner signer = new TestSigner();
    final EmbeddedFrontEnd frontEnd;
    EmbeddedChannel channel;

    /** {@code gate} null lets everybody in. */
    SignedClient(@Nullable BiFunction<PolicyBook, EpochClock, Gate> gate, Management management) {
        clock.update(TestSigner.NOW_EPOCH_MS);
        Access access = new Access(gate == null ? null : gate.apply(policies, clock), urls);
        frontEnd = new EmbeddedFrontEnd(1 << 20, management, access, clock);
        channel = frontEnd.connect();
    }

    SignedClient(@Nullable BiFunction<PolicyBook, EpochClock, Gate> gate) {
        this(gate, Management.NONE);
    }

    static SignedClient withoutKeys() {
        return new SignedClient(null);
    }

    /** Whose key may do everything. */
    static SignedClient withKeys() {
        return new SignedClient((policies, clock) -> TestSigner.gate(policies, clock));
    }

    void addUrl(String authType, String invokeMode, @Nullable Cors cors) {
        urls.put("echo:$LATEST", new FunctionUrl(URL_ID, "echo", "$LATEST", authType, cors, invokeMode, 0, 0));
    }

    void grant(String key, String principal, String action, Map<String, String> conditions) {
        String arn = ECHO_ARN + (key.endsWith(":$LATEST") ? "" : key.substring(key.indexOf(':')));
        policies.put(key, new ResourcePolicy(List.of(new PolicyStatement("s", principal, action, arn, conditions))));
    }

    Map<String, String> signed(String method, String path, String query, String body) {
        Map<String, String> headers = new HashMap<>(Map.of("Host", HOST));
        return signer.sign(method, path, query, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    void send(String method, String uri, Map<String, String> headers, String body) {
        StringBuilder request = new StringBuilder(method + " " + uri + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        request.append("Content-Length: ")
                .append(body.getBytes(StandardCharsets.UTF_8).length)
                .append("\r\n\r\n");
        EmbeddedFrontEnd.send(channel, request + body);
    }

    /** Everything that has been answered since the last call. */
    String read() {
        return EmbeddedFrontEnd.read(channel);
    }

    String exchange(String method, String uri, Map<String, String> headers, String body) {
        send(method, uri, headers, body);
        return read();
    }

    boolean functionWasCalled() {
        return !frontEnd.taken.isEmpty();
    }
}
