package dev.thaw.runtimebridge;

import static dev.thaw.runtimebridge.ScriptedExtension.exchange;
import static dev.thaw.runtimebridge.ScriptedExtension.get;
import static dev.thaw.runtimebridge.ScriptedExtension.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.ExitStatus;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The Extensions API on the wire (wire.md W2). */
final class ExtensionsTest {
    private static final String BOTH = "[\"INVOKE\",\"SHUTDOWN\"]";
    private static final String INVOKE = "[\"INVOKE\"]";

    private final RecordedSession recorded = new RecordedSession("a", "b");
    private final Extensions extensions = recorded.extensions;

    private ScriptedExtension register(String name, String events) {
        return new ScriptedExtension(recorded.connect(), name, events);
    }

    private String refused(String headers, String body) {
        return exchange(recorded.connect(), post("register", headers, body));
    }

    @Test
    void shouldRegisterWithAnIdentifierAndTheFunctionsName() {
        String answer = register("a", BOTH).registration;

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Extension-Identifier: ")
                .endsWith(
                        "\r\n\r\n{\"functionName\":\"f\",\"functionVersion\":\"$LATEST\",\"handler\":\"function.handler\"}");
        String id = answer.split("Identifier: ", 2)[1].split("\r\n", 2)[0];
        assertThat(UUID.fromString(id)).hasToString(id);
    }

    @Test
    void shouldTellTheAccountWhereThatFeatureIsAccepted() {
        String headers = "Lambda-Extension-Name: a\r\nLambda-Extension-Accept-Feature: accountId\r\n";
        assertThat(exchange(recorded.connect(), post("register", headers, "{\"events\":[]}")))
                .endsWith(",\"accountId\":\"000000000000\"}");
    }

    @Test
    void shouldStartTheRuntimeOnceEveryExternalExtensionHasRegistered() {
        register("a", BOTH);
        register("inside", INVOKE);
        assertThat(recorded.story).isEmpty();
        register("b", "[]");
        assertThat(recorded.story).containsExactly("extensions registered");
    }

    @Test
    void shouldRefuseWrongRegistrations() {
        String named = "Lambda-Extension-Name: a\r\n";
        assertThat(refused("", "{}")).contains("403 Forbidden", "\"Extension.InvalidExtensionName\"");
        for (String body : new String[] {
            "{", "[]", "7", "{\"events\":7}", "{\"events\":[7]}", "{\"events\":{}}", "{\"configurationKeys\":[\"x\"]}"
        }) {
            assertThat(refused(named, body)).contains("403 Forbidden", "\"InvalidRequestFormat\"");
        }
        assertThat(refused(named, "{\"events\":[\"OTHER\"]}")).contains("403 ", "\"Extension.InvalidEventType\"");
        assertThat(refused("Lambda-Extension-Name: inside\r\n", "{\"events\":[\"SHUTDOWN\"]}"))
                .contains("403 ", "\"Extension.InvalidEventType\"");
        register("a", BOTH);
        assertThat(register("a", BOTH).registration).contains("403 ", "\"Extension.InvalidExtensionState\"");
    }

    @Test
    void shouldRegisterTenAtMost() {
        for (int i = 0; i < Extensions.LIMIT; i++) {
            assertThat(register("inside-" + i, INVOKE).registration).contains("200 OK");
        }
        assertThat(register("inside-10", INVOKE).registration)
                .contains("403 ", "Extension limit (10) reached", "\"Extension.TooManyExtensions\"");
    }

    @Test
    void shouldCloseRegistrationOnceTheRuntimeIsReady() {
        extensions.closeRegistration();

        assertThat(register("inside", INVOKE).registration)
                .endsWith("{\"errorMessage\":\"Extension registration closed already\","
                        + "\"errorType\":\"Extension.RegistrationClosed\"}\n");
    }

    @Test
    void shouldRefuseMissingMalformedAndUnknownIdentifiers() {
        EmbeddedChannel channel = recorded.connect();
        String id = "Lambda-Extension-Identifier: ";
        assertThat(exchange(channel, get("event/next", ""))).contains("403 ", "Extension.MissingExtensionIdentifier");
        assertThat(exchange(channel, get("event/next", id + "x\r\n")))
                .contains("403 ", "Extension.InvalidExtensionIdentifier");
        assertThat(exchange(channel, get("event/next", id + new UUID(1, 2) + "\r\n")))
                .contains("403 ", "Extension.UnknownExtensionIdentifier");
    }

    @Test
    void shouldTellSubscribersOfAnInvocationAndNobodyElse() {
        ScriptedExtension subscriber = register("a", BOTH);
        ScriptedExtension other = register("b", "[\"SHUTDOWN\"]");
        assertThat(subscriber.next()).isEmpty();
        assertThat(other.next()).isEmpty();
        RuntimeApiEvent event = RecordedSession.event("id-1", "{}");
        extensions.dispatch(event);
        event.release();

        assertThat(subscriber.answer())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsPattern("Lambda-Extension-Event-Identifier: [0-9a-f-]{36}\r\n")
                .endsWith("{\"eventType\":\"INVOKE\",\"deadlineMs\":1542409706888,\"requestId\":\"id-1\","
                        + "\"invokedFunctionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\","
                        + "\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;"
                        + "Parent=9a9197af755a6419;Sampled=1\"}}");
        assertThat(other.answer()).isEmpty();
        assertThat(extensions.areReady()).isFalse();
        subscriber.next();
        assertThat(extensions.areReady()).isTrue();
        assertThat(recorded.story).containsExactly("extensions registered", "extensions ready", "extensions ready");
    }

    @Test
    void shouldKeepAnEventForAConnectionThatHasGone() {
        ScriptedExtension extension = register("a", BOTH);
        register("b", "[]").next();
        extension.next();
        ChannelFuture _ = extension.channel.close();
        RuntimeApiEvent event = RecordedSession.event("id-1", "{}");
        extensions.dispatch(event);
        event.release();

        assertThat(exchange(recorded.connect(), get("event/next", extension.header())))
                .contains("200 OK", "\"requestId\":\"id-1\"");
    }

    @Test
    void shouldTellOfShutdownWithItsReasonAndDeadline() {
        ScriptedExtension waiting = register("a", BOTH);
        ScriptedExtension atWork = register("b", BOTH);
        waiting.next();

        assertThat(extensions.shutDown(ShutdownReason.SPINDOWN, 1_700_000_002_000L))
                .isTrue();
        assertThat(waiting.answer())
                .endsWith("{\"eventType\":\"SHUTDOWN\",\"deadlineMs\":1700000002000,\"shutdownReason\":\"SPINDOWN\"}");
        assertThat(atWork.next()).contains("\"eventType\":\"SHUTDOWN\"");
        extensions.onExited(0, new ExitStatus(0, 0, false));
        assertThat(extensions.haveEnded()).isFalse();
        extensions.onExited(1, new ExitStatus(1, 0, false));
        assertThat(extensions.haveEnded()).isTrue();
        assertThat(recorded.story).containsExactly("extensions registered");
    }

    @Test
    void shouldHearOfFailures() {
        ScriptedExtension extension = register("a", BOTH);
        assertThat(exchange(extension.channel, post("init/error", extension.header(), "")))
                .contains("403 ", "Extension.MissingHeader");
        assertThat(extension.report("init/error", "Extension.ConfigInvalid"))
                .contains("202 Accepted")
                .endsWith("{\"status\":\"OK\"}\n");
        assertThat(extension.report("exit/error", "x")).contains("403 ", "Extension.InvalidExtensionState");
        assertThat(extension.next()).contains("403 ", "Extension.InvalidExtensionState");
        assertThat(recorded.story)
                .containsExactly("extension failed Extension.InitError Error: Extension.ConfigInvalid");
    }

    @Test
    void shouldTellInitErrorsFromExitErrorsAndCrashes() {
        ScriptedExtension extension = register("inside", INVOKE);
        extension.next();
        assertThat(exchange(
                        recorded.connect(),
                        post("init/error", extension.header() + "Lambda-Extension-Function-Error-Type: x\r\n", "")))
                .contains("403 ", "from Ready to InitError failed for extension inside");
        ChannelFuture _ = extension.channel.close();
        assertThat(exchange(
                        recorded.connect(),
                        post(
                                "exit/error",
                                extension.header() + "Lambda-Extension-Function-Error-Type: x\r\n",
                                "{\"errorMessage\":\"gone\"}")))
                .contains("202 Accepted");
        extensions.onExited(1, new ExitStatus(-1, 9, false));
        assertThat(recorded.story)
                .containsExactly(
                        "extension failed Extension.ExitError Error: x",
                        "extension failed Extension.Crash Error: signal: killed");
    }

    @Test
    void shouldKnowNoOtherCall() {
        EmbeddedChannel channel = recorded.connect();
        assertThat(exchange(channel, get("other", ""))).contains("404 Not Found");
        assertThat(exchange(channel, get("register", ""))).contains("405 Method Not Allowed");
        assertThat(exchange(channel, post("event/next", "", ""))).contains("405 Method Not Allowed");
    }
}
