package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thaw.runtimebridge.TelemetrySubscriptionReader.InvalidSubscription;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscriptions by their schema (wire.md W3). */
final class TelemetrySubscriptionReaderTest {
    private static final String HTTP = """
            {"schemaVersion":"2022-12-13","types":["platform","function"],\
            "destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:8080/in?x=1"},\
            "buffering":{"maxItems":1000,"maxBytes":262144,"timeoutMs":25}}""";

    private static TelemetrySubscription read(TelemetryApi api, String body) throws InvalidSubscription {
        return TelemetrySubscriptionReader.read(api, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(String body) {
        InvalidSubscription refused =
                catchThrowableOfType(InvalidSubscription.class, () -> read(TelemetryApi.TELEMETRY, body));
        return refused == null ? "taken" : refused.text();
    }

    @Test
    void shouldReadEveryField() throws InvalidSubscription {
        TelemetrySubscription read = read(TelemetryApi.TELEMETRY, HTTP);
        assertThat(read.types()).containsExactlyInAnyOrder(TelemetryType.PLATFORM, TelemetryType.FUNCTION);
        assertThat(read.destination())
                .isEqualTo(new TelemetrySubscription.Destination(
                        8080, "POST /in?x=1 HTTP/1.1\r\nHost: sandbox.localdomain:8080"));
        assertThat(read.maxItems()).isEqualTo(1_000);
        assertThat(read.maxBytes()).isEqualTo(262_144);
        assertThat(read.timeoutMs()).isEqualTo(25);
    }

    @Test
    void shouldBufferByTheDocumentedDefaults() throws InvalidSubscription {
        TelemetrySubscription read = read(
                TelemetryApi.TELEMETRY,
                "{\"schemaVersion\":\"2022-07-01\",\"types\":[\"extension\"],\"destination\":{\"protocol\":\"TCP\",\"port\":7}}");
        assertThat(read.destination().isHttp()).isFalse();
        assertThat(read.maxItems()).isEqualTo(10_000);
        assertThat(read.maxBytes()).isEqualTo(262_144);
        assertThat(read.timeoutMs()).isEqualTo(1_000);
    }

    @Test
    void shouldTakeAnOldLogsSubscriptionWithoutAVersion() throws InvalidSubscription {
        String body = HTTP.replace("\"schemaVersion\":\"2022-12-13\",", "");
        assertThat(read(TelemetryApi.LOGS, body).api()).isEqualTo(TelemetryApi.LOGS);
        assertThat(refusal(body))
                .isEqualTo("schemaVersion: nothing, must be one of 2022-07-01, 2022-12-13, 2025-01-29");
    }

    @ParameterizedTest
    @CsvSource({
        "maxItems, 1000, 1000, 10000",
        "maxBytes, 262144, 262144, 1048576",
        "timeoutMs, 25, 25, 30000",
    })
    void shouldHoldTheBoundsOfBuffering(String key, int sent, int least, int most) {
        String field = "\"" + key + "\":";
        assertThat(refusal(HTTP.replace(field + sent, field + least))).isEqualTo("taken");
        assertThat(refusal(HTTP.replace(field + sent, field + most))).isEqualTo("taken");
        for (String outside :
                new String[] {"" + (least - 1), "" + (most + 1), "-1", "1e3", "99999999999", "\"1000\"", "null"}) {
            assertThat(refusal(HTTP.replace(field + sent, field + outside)))
                    .isEqualTo("buffering." + key + ": " + (outside.equals("1e3") ? "1000.0" : outside)
                            + ", must be a whole number from " + least + " to " + most);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2022-12-13, 2021-01-01, schemaVersion",
        "\"platform\", \"everything\", types",
        "\"platform\", 7, types",
        "HTTP, UDP, destination.protocol",
        "HTTP, TCP, destination.port",
        "sandbox.localdomain, example.com, destination.URI",
        "sandbox.localdomain, me@sandbox.localdomain, destination.URI",
        "http://, https://, destination.URI",
        ":8080, :9001, destination.URI",
        ":8080, :70000, destination.URI",
        "/in, /in there, destination.URI",
        "/in, /\u00e4, destination.URI",
    })
    void shouldRefuseWhatTheSchemaDoesNotAllow(String good, String bad, String where) {
        assertThat(refusal(HTTP.replace(good, bad))).startsWith(where + ": ").contains(", must be ");
    }

    @Test
    void shouldRefuseWhatIsNoObject() {
        assertThat(refusal("")).contains("body");
        assertThat(refusal("[]")).isEqualTo("body: [], must be a JSON object");
        assertThat(refusal("{\"a\":")).isEqualTo("body is not valid JSON");
        assertThat(refusal("{}")).startsWith("schemaVersion: nothing");
    }

    /** Whatever comes is read or refused in one line of plain ASCII. */
    @Property(tries = 20_000)
    void shouldRefuseGarbageInOneLine(
            @ForAll @StringLength(max = 40) String garbage, @ForAll int at, @ForAll boolean whole) {
        int cut = Math.floorMod(at, HTTP.length());
        String refused = refusal(whole ? garbage : HTTP.substring(0, cut) + garbage + HTTP.substring(cut));
        assertThat(refused).matches("[\\x20-\\x7E]+");
    }
}
