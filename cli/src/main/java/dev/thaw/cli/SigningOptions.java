package dev.thaw.cli;

import dev.thaw.loadgen.RequestSigning;
import dev.thaw.scheduler.auth.Credentials;
import dev.thaw.scheduler.auth.KeyFileException;
import dev.thaw.scheduler.auth.RequestHead;
import dev.thaw.scheduler.auth.Signer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which key a verb signs what it asks of a server (AWS Signature Version 4). */
final class SigningOptions {
    @Option(
            names = "--auth",
            paramLabel = "FILE",
            description =
                    "Sign requests with a key of this file, such as serve has (default: with the key in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, if any).")
    private @Nullable Path keyFile;

    @Option(names = "--access-key", paramLabel = "ID", description = "Which key of the file (default: its first).")
    private @Nullable String accessKeyId;

    /** The key wanted; null where nothing is signed. */
    @Nullable
    Credentials credentials() {
        if (keyFile == null) {
            if (accessKeyId != null) {
                throw new WrongUse("--access-key: " + accessKeyId + " is of no file, must come with --auth FILE");
            }
            return Credentials.of(System.getenv());
        }
        return ofFile(keyFile);
    }

    /** The command line names a key. The environment's is for servers of ours alone. */
    boolean isExplicit() {
        return keyFile != null || accessKeyId != null;
    }

    private Credentials ofFile(Path file) {
        try {
            return Credentials.of(file, accessKeyId);
        } catch (KeyFileException unusable) {
            throw new WrongUse("--auth: " + unusable.getMessage());
        }
    }

    /** Signs a load's requests; null for none. */
    static @Nullable RequestSigning ofLoad(@Nullable Credentials credentials) {
        return credentials == null
                ? null
                : (host, path) -> {
                    Signer signer = signer(credentials, "POST", path, List.of(Map.entry("Host", host)));
                    return (bytes, at, length) -> lines(signer.sign(bytes, at, length, now()));
                };
    }

    /** The request, signed where there is a key. {@code headers}: of its own. */
    static HttpRequest.Builder request(
            @Nullable Credentials credentials, String method, URI uri, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        if (credentials != null) {
            List<Map.Entry<String, String>> all = new ArrayList<>(headers.entrySet());
            all.add(Map.entry("Host", host(uri)));
            String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            signer(credentials, method, path, all)
                    .sign(body, 0, body.length, now())
                    .forEach(request::setHeader);
        }
        return request;
    }

    /** A page of a server, signed where there is a key. */
    static HttpRequest.Builder get(@Nullable Credentials credentials, URI uri) {
        return request(credentials, "GET", uri, Map.of(), new byte[0]);
    }

    /** As Java's client sends it: without the port that goes without saying. */
    private static String host(URI uri) {
        return uri.getPort() == -1 || uri.getPort() == 80 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static Signer signer(
            Credentials credentials, String method, String path, List<Map.Entry<String, String>> headers) {
        int mark = path.indexOf('?');
        return new Signer(
                credentials,
                new RequestHead(
                        method,
                        mark < 0 ? path : path.substring(0, mark),
                        mark < 0 ? "" : path.substring(mark + 1),
                        headers));
    }

    private static String lines(Map<String, String> headers) {
        StringBuilder lines = new StringBuilder(400);
        headers.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
        return lines.toString();
    }

    private static long now() {
        return SystemEpochClock.INSTANCE.time();
    }
}
