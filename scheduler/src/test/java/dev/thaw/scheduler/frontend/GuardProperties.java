package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.auth.TestSigner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Requests that were changed after they were signed, or never signed right: none is let in. */
final class GuardProperties {
    private static final String ALPHABET = "abcXYZ019 %+&=/;:,.\"{}~-_\u00e9";

    /** What is sent, and signed before something is done to it. */
    private static final class Sent {
        String method = "POST";
        String path = EmbeddedFrontEnd.ECHO;
        String query = "";
        String body = "{\"a\":1}";
        Map<String, String> headers = new HashMap<>();
    }

    private final List<Consumer<Sent>> crimes = new ArrayList<>();
    private Random random = new Random(0);

    @Property(tries = 10_000)
    void shouldLetNoneIn(@ForAll long seed) {
        random = new Random(seed);
        SignedClient client = SignedClient.withKeys();
        Sent sent = new Sent();
        sent.query = random.nextBoolean() ? "" : "Qualifier=%24LATEST";
        sign(client, sent);
        commit(sent);
        String uri = sent.path + (sent.query.isEmpty() ? "" : "?" + sent.query);
        String answer = client.exchange(sent.method, uri, sent.headers, sent.body);
        assertThat(client.functionWasCalled()).as(sent.headers + " " + uri).isFalse();
        assertThat(answer).as(uri).matches("(?s)HTTP/1.1 4(03|00|13|31|14) .*");
        if (answer.startsWith("HTTP/1.1 403")) {
            assertThat(answer)
                    .containsPattern("x-amzn-ErrorType: (MissingAuthenticationToken|IncompleteSignature"
                            + "|UnrecognizedClient|InvalidSignature)Exception\r\n")
                    .doesNotContain(TestSigner.SECRET);
        }
        client.channel.finishAndReleaseAll();
    }

    /** Without a crime the same request is let in: the property can fail. */
    @Property(tries = 100)
    void shouldLetTheUnchangedIn(@ForAll long seed) {
        random = new Random(seed);
        SignedClient client = SignedClient.withKeys();
        Sent sent = new Sent();
        sent.body = "\"" + text().replace("\"", "").replace("\\", "") + "\"";
        sign(client, sent);
        client.exchange(sent.method, sent.path, sent.headers, sent.body);
        assertThat(client.functionWasCalled()).isTrue();
        EmbeddedFrontEnd.answer(client.frontEnd.takeExchange());
        client.channel.finishAndReleaseAll();
    }

    /** Sometimes by a client that has something wrong itself. */
    private void sign(SignedClient client, Sent sent) {
        sent.headers = client.signed(sent.method, sent.path, sent.query, sent.body);
    }

    private void commit(Sent sent) {
        crimes.clear();
        crimes.add(this::changeMethod);
        crimes.add(this::changePath);
        crimes.add(this::changeQuery);
        crimes.add(this::changeBody);
        crimes.add(this::changeSignature);
        crimes.add(this::changeAuthorization);
        crimes.add(this::changeSignedHeader);
        crimes.add(this::dropSignedHeader);
        crimes.add(this::addServiceHeader);
        crimes.add(this::moveTime);
        crimes.add(this::forge);
        crimes.get(random.nextInt(crimes.size())).accept(sent);
    }

    private void changeMethod(Sent sent) {
        sent.method =
                List.of("PUT", "GET", "DELETE", "PATCH", "post", "OPTIONS").get(random.nextInt(6));
    }

    private void changePath(Sent sent) {
        sent.path = switch (random.nextInt(5)) {
            case 0 -> sent.path.replace("echo", "ech%6F");
            case 1 -> sent.path.replace("echo", "echo:$LATEST");
            case 2 -> "/x/.." + sent.path;
            case 3 -> "/2021-11-15/functions/echo/response-streaming-invocations";
            default -> "/" + sent.path;
        };
    }

    private void changeQuery(Sent sent) {
        sent.query = sent.query.isEmpty() ? "Qualifier=$LATEST" : random.nextBoolean() ? "" : sent.query + "&x";
    }

    private void changeBody(Sent sent) {
        sent.body = random.nextBoolean() ? sent.body + " " : "{\"a\":" + (2 + random.nextInt(1_000)) + "}";
    }

    private void changeSignature(Sent sent) {
        String old = String.valueOf(sent.headers.get("Authorization"));
        int at = old.length() - 1 - random.nextInt(64);
        char other = old.charAt(at) == 'a' ? 'b' : 'a';
        sent.headers.put("Authorization", old.substring(0, at) + other + old.substring(at + 1));
    }

    /** Anywhere in the header, to anything that is not the same to a reader. */
    private void changeAuthorization(Sent sent) {
        String old = String.valueOf(sent.headers.get("Authorization"));
        int at = random.nextInt(old.length());
        String changed = switch (random.nextInt(3)) {
            case 0 -> old.substring(0, at);
            case 1 -> text();
            default -> old.substring(0, at) + "z" + old.substring(at);
        };
        sent.headers.put("Authorization", changed);
    }

    private void changeSignedHeader(Sent sent) {
        String name = random.nextBoolean() ? "Host" : "X-Amz-Date";
        sent.headers.computeIfPresent(
                name, (key, value) -> key.equals("Host") ? "h" + value : value.replace("T1236", "T1235"));
    }

    private void dropSignedHeader(Sent sent) {
        sent.headers.remove(random.nextBoolean() ? "Host" : "X-Amz-Date");
    }

    private void addServiceHeader(Sent sent) {
        String name = List.of("X-Amz-Invocation-Type", "x-amz-log-type", "X-AMZ-Client-Context")
                .get(random.nextInt(3));
        sent.headers.put(name, name.toLowerCase(Locale.ROOT).endsWith("type") ? "Event" : "e30=");
    }

    private void moveTime(Sent sent) {
        SignedClient other = SignedClient.withKeys();
        other.signer.date = String.format(Locale.ROOT, "20150830T%02d%02d00Z", random.nextInt(12), random.nextInt(60));
        sign(other, sent);
    }

    private void forge(Sent sent) {
        SignedClient other = SignedClient.withKeys();
        switch (random.nextInt(5)) {
            case 0 -> other.signer.secret = text() + "x";
            case 1 -> other.signer.keyId = "AKID" + random.nextInt(1_000);
            case 2 -> other.signer.region = "us-east-2";
            case 3 -> other.signer.service = "s3";
            default -> other.signer.token = "token";
        }
        sign(other, sent);
        if (random.nextInt(4) == 0) {
            sent.headers.remove("Authorization");
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
