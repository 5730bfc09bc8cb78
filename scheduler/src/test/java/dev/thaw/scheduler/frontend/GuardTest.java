package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.auth.TestSigner;
import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.ServiceFault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A server with keys: every kind of request, let in or refused by the documented error, the function not called. */
final class GuardTest {
    private static final String ECHO = EmbeddedFrontEnd.ECHO;
    private static final String STREAM = "/2021-11-15/functions/echo/response-streaming-invocations";
    private static final String ASYNC = "/2014-11-13/functions/echo/invoke-async/";

    private final SignedClient client = SignedClient.withKeys();

    private void assertRefused(String answer, String type, String message) {
        assertThat(answer)
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .contains("x-amzn-ErrorType: " + type + "\r\n", message)
                .doesNotContain(TestSigner.SECRET, "Exception:", "\tat ");
        assertThat(client.functionWasCalled()).isFalse();
    }

    @Test
    void shouldCallTheFunctionForAValidSignature() {
        client.send("POST", ECHO, client.signed("POST", ECHO, "", "{}"), "{}");
        assertThat(client.functionWasCalled()).isTrue();
        EmbeddedFrontEnd.answer(client.frontEnd.takeExchange());
        assertThat(client.read()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void shouldRefuseEveryKindOfUnsignedRequest() {
        for (String path : List.of(ECHO, STREAM, ASYNC, "/2015-03-31/functions", "/no/such/path", "/_thaw/x")) {
            assertRefused(
                    client.exchange("POST", path, Map.of("Host", "x"), "{}"),
                    "MissingAuthenticationTokenException",
                    "{\"message\":\"Missing Authentication Token\"}");
        }
        for (String page : List.of("/_thaw/fleet", "/_thaw/functions")) {
            assertRefused(
                    client.exchange("GET", page, Map.of("Host", "x"), ""),
                    "MissingAuthenticationTokenException",
                    "Missing");
        }
        assertThat(client.exchange("GET", "/_thaw/health", Map.of("Host", "x"), ""))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldServeMetricsAloneToTheBearerOfTheirToken() {
        Map<String, String> bearer = Map.of("Host", "x", "Authorization", "Bearer " + TestSigner.METRICS_TOKEN);
        for (String page : List.of("/_thaw/metrics", "/_thaw/metrics.json")) {
            assertThat(client.exchange("POST", page, bearer, "")).startsWith("HTTP/1.1 405");
            assertRefused(
                    client.exchange("GET", page, Map.of("Host", "x", "Authorization", "Bearer other-token-0123"), ""),
                    "IncompleteSignatureException",
                    "algorithm");
            assertRefused(
                    client.exchange("GET", page, Map.of("Host", "x"), ""),
                    "MissingAuthenticationTokenException",
                    "Missing");
        }
        for (String page : List.of("/_thaw/fleet", "/_thaw/functions", "/2015-03-31/functions")) {
            assertRefused(client.exchange("GET", page, bearer, ""), "IncompleteSignatureException", "algorithm");
        }
    }

    @Test
    void shouldServePagesToSigners() {
        assertThat(client.exchange("GET", "/_thaw/functions", client.signed("GET", "/_thaw/functions", "", ""), ""))
                .startsWith("HTTP/1.1 200 OK")
                .contains("\"name\":\"echo\"");
    }

    @Test
    void shouldGivePackagesByTheirLocationsAlone() {
        String path = "/_thaw/code/" + "0".repeat(64);
        assertRefused(
                client.exchange("GET", path, client.signed("GET", path, "", ""), ""),
                "AccessDeniedException",
                "not authorized to perform: thaw:ReadPackage because packages are read by their locations");
        Gate[] gate = new Gate[1];
        SignedClient asked = new SignedClient((policies, clock) -> gate[0] = TestSigner.gate(policies, clock));
        String query = gate[0].presignedPage(SignedClient.HOST, path, 600);
        assertThat(asked.exchange("GET", path + "?" + query, Map.of("Host", SignedClient.HOST), ""))
                .as("let in; there is no such package")
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void shouldRefuseByTheDocumentedTypes() {
        client.signer.keyId = "AKIDOTHER";
        assertRefused(
                client.exchange("POST", ECHO, client.signed("POST", ECHO, "", "{}"), "{}"),
                "UnrecognizedClientException",
                "{\"message\":\"The security token included in the request is invalid.\"}");
        client.signer.keyId = TestSigner.KEY_ID;
        client.signer.secret = "wrong";
        assertRefused(
                client.exchange("POST", ECHO, client.signed("POST", ECHO, "", "{}"), "{}"),
                "InvalidSignatureException",
                "{\"message\":\"The request signature we calculated does not match the signature you provided.");
        client.signer.secret = TestSigner.SECRET;
        client.signer.date = "20150830T123000Z";
        assertRefused(
                client.exchange("POST", ECHO, client.signed("POST", ECHO, "", "{}"), "{}"),
                "InvalidSignatureException",
                "Signature expired: 20150830T123000Z is now earlier than 20150830T123100Z (20150830T123600Z - 5 min.)");
        client.signer.date = TestSigner.DATE;
        Map<String, String> headers = client.signed("POST", ECHO, "", "{}");
        assertRefused(client.exchange("POST", ECHO, headers, "[]"), "InvalidSignatureException", "does not match");
        assertRefused(
                client.exchange("POST", ECHO + "?Qualifier=1", headers, "{}"),
                "InvalidSignatureException",
                "does not match");
        assertRefused(client.exchange("POST", STREAM, headers, "{}"), "InvalidSignatureException", "does not match");
        headers.remove("X-Amz-Date");
        assertRefused(
                client.exchange("POST", ECHO, headers, "{}"), "IncompleteSignatureException", "'X-Amz-Date' header");
    }

    @Test
    void shouldTellWhatRoutingFoundOnlyToSigners() {
        String unknown = ECHO.replace("echo", "nobody");
        Map<String, String> forged = client.signed("POST", unknown, "", "{}");
        forged.computeIfPresent("Authorization", (name, value) -> value.replaceAll("Signature=..", "Signature=00"));
        assertRefused(client.exchange("POST", unknown, forged, "{}"), "InvalidSignatureException", "does not match");
        forged.put("Expect", "100-continue");
        assertThat(client.exchange("POST", unknown, forged, "{}"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403")
                .doesNotContain("nobody");
        assertThat(client.exchange("POST", unknown, client.signed("POST", unknown, "", "{}"), "{}"))
                .startsWith("HTTP/1.1 404")
                .contains("Function not found: ");
        EmbeddedFrontEnd.send(
                client.channel,
                "POST " + unknown + " HTTP/1.1\r\n" + "Content-Length: 99999999\r\nHost: " + SignedClient.HOST
                        + "\r\nX-Amz-Date: " + forged.get("X-Amz-Date") + "\r\nAuthorization: "
                        + forged.get("Authorization") + "\r\n\r\n");
        assertThat(client.read()).startsWith("HTTP/1.1 413").doesNotContain("nobody");
    }

    @Test
    void shouldHoldAnAliasGrantToTheAlias() {
        SignedClient alias = new SignedClient((policies, clock) ->
                TestSigner.gate(policies, clock, "user/bob", "lambda:InvokeFunction", SignedClient.ECHO_ARN + ":PROD"));
        for (String uri : List.of(ECHO, ECHO + "?Qualifier=1")) {
            String query = uri.contains("?") ? "Qualifier=1" : "";
            assertThat(alias.exchange("POST", uri, alias.signed("POST", ECHO, query, "{}"), "{}"))
                    .startsWith("HTTP/1.1 403")
                    .contains(
                            "x-amzn-ErrorType: AccessDeniedException\r\n",
                            "{\"Message\":\"User: arn:aws:iam::000000000000:user/bob is not authorized to perform:"
                                    + " lambda:InvokeFunction on resource: " + SignedClient.ECHO_ARN
                                    + (query.isEmpty() ? "" : ":1")
                                    + " because no identity-based policy allows the lambda:InvokeFunction action\"}");
        }
        assertThat(alias.functionWasCalled()).isFalse();
        String qualified = ECHO + "?Qualifier=PROD";
        assertThat(alias.exchange("POST", qualified, alias.signed("POST", ECHO, "Qualifier=PROD", "{}"), "{}"))
                .as("there is no such alias, and its holder may know")
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void shouldAskTheResourcesPolicy() {
        SignedClient service =
                new SignedClient((policies, clock) -> TestSigner.gate(policies, clock, "s3.amazonaws.com", "*", "*"));
        assertThat(service.exchange("POST", ECHO, service.signed("POST", ECHO, "", "{}"), "{}"))
                .contains("because no resource-based policy allows the lambda:InvokeFunction action");
        service.grant("echo:$LATEST", "s3.amazonaws.com", "lambda:InvokeFunction", Map.of());
        service.send("POST", ECHO, service.signed("POST", ECHO, "", "{}"), "{}");
        assertThat(service.functionWasCalled()).isTrue();
    }

    @Test
    void shouldDenyAFunctionHoweverItIsSpelt() {
        List<String> called = new ArrayList<>();
        SignedClient bob = new SignedClient(
                (policies, clock) ->
                        TestSigner.gateWithout(policies, clock, SignedClient.ECHO_ARN, SignedClient.ECHO_ARN + ":*"),
                (operation, input) -> call(called, operation, input));
        String fromHere = "us-east-1:000000000000:function:echo";
        for (String name : List.of(
                "echo",
                "echo:1",
                "function:echo",
                "000000000000:echo",
                "000000000000:function:echo",
                "us-east-1:echo",
                "arn:aws:lambda:echo",
                "arn::lambda:echo",
                "arn:aws:lambda:" + fromHere,
                "arn:aws:lambda:" + fromHere + ":1",
                "arn::lambda:" + fromHere)) {
            String encoded = name.replace(":", "%3A");
            String one = "/2015-03-31/functions/" + encoded;
            assertThat(bob.exchange("DELETE", one, bob.signed("DELETE", one, "", ""), ""))
                    .as(name)
                    .startsWith("HTTP/1.1 403")
                    .contains("lambda:DeleteFunction on resource: " + SignedClient.ECHO_ARN, "with an explicit deny");
            String invocations = one + "/invocations";
            assertThat(bob.exchange("POST", invocations, bob.signed("POST", invocations, "", "{}"), "{}"))
                    .as(name)
                    .startsWith("HTTP/1.1 403")
                    .contains("lambda:InvokeFunction on resource: " + SignedClient.ECHO_ARN, "with an explicit deny");
        }
        assertThat(called).isEmpty();
        assertThat(bob.functionWasCalled()).isFalse();
    }

    @Test
    void shouldReadAQueryAsItWasSigned() {
        List<OperationInput> asked = new ArrayList<>();
        SignedClient alice = new SignedClient(TestSigner::gate, (operation, input) -> {
            asked.add(input.get());
            return CompletableFuture.completedFuture(null);
        });
        String path = "/2015-03-31/functions/echo/configuration";
        for (String separator : List.of("%3B", "%23", "%26", "%3F")) {
            String signed = "A=1" + separator + "Qualifier=7" + separator + "X=y";
            Map<String, String> headers = alice.signed("GET", path, signed, "");
            String plain = URLDecoder.decode(separator, StandardCharsets.UTF_8);
            for (String sent : List.of(separator, plain)) {
                alice.exchange("GET", path + "?" + signed.replace(separator, sent), headers, "");
            }
        }
        assertThat(asked)
                .as("two each, but one where an ampersand was broken up")
                .hasSize(7);
        assertThat(asked).allSatisfy(input -> {
            assertThat(input.query()).containsOnlyKeys("A");
            assertThat(input.query("A")).matches("1[;#&?]Qualifier=7[;#&?]X=y");
        });
    }

    @Test
    void shouldRefuseWhatNothingCanBeDecidedOf() {
        List<String> called = new ArrayList<>();
        SignedClient bob = new SignedClient(
                (policies, clock) -> TestSigner.gateWithout(policies, clock, SignedClient.ECHO_ARN),
                (operation, input) -> call(called, operation, input));
        for (String name : List.of("no%20name", "echo:1:2", "arn:aws:sqs:us-east-1:000000000000:echo")) {
            String one = "/2015-03-31/functions/" + name;
            assertThat(bob.exchange("GET", one, bob.signed("GET", one, "", ""), ""))
                    .startsWith("HTTP/1.1 400")
                    .contains("at 'functionName' failed to satisfy constraint");
        }
        String elsewhere = "/2015-03-31/functions/arn:aws-x:lambda:us-east-1:000000000000:function:echo";
        assertThat(bob.exchange("DELETE", elsewhere, bob.signed("DELETE", elsewhere, "", ""), ""))
                .startsWith("HTTP/1.1 404");
        assertThat(called).isEmpty();
    }

    @Test
    void shouldAskForTheFunctionsThatAnOperationHasInvoked() {
        List<String> called = new ArrayList<>();
        String secret = SignedClient.ECHO_ARN.replace("echo", "secret");
        SignedClient bob = new SignedClient(
                (policies, clock) -> TestSigner.gateWithout(policies, clock, secret, secret + ":*"),
                (operation, input) -> call(called, operation, input));
        String config = "/2019-09-25/functions/echo/event-invoke-config";
        for (String end : List.of("OnSuccess", "OnFailure")) {
            String body = "{\"DestinationConfig\":{\"" + end + "\":{\"Destination\":\"" + secret + ":PROD\"}}}";
            for (String method : List.of("PUT", "POST")) {
                assertThat(bob.exchange(method, config, bob.signed(method, config, "", body), body))
                        .startsWith("HTTP/1.1 403")
                        .contains("lambda:InvokeFunction on resource: " + secret + ":PROD with an explicit deny");
            }
        }
        String mapping = "/2015-03-31/event-source-mappings/12345678-1234-1234-1234-123456789012";
        String body = "{\"FunctionName\":\"arn::lambda:secret\"}";
        assertThat(bob.exchange("PUT", mapping, bob.signed("PUT", mapping, "", body), body))
                .startsWith("HTTP/1.1 403")
                .contains("lambda:InvokeFunction on resource: " + secret + " with an explicit deny");
        String allowed = body.replace("secret", "echo");
        assertThat(bob.exchange("PUT", mapping, bob.signed("PUT", mapping, "", allowed), allowed))
                .startsWith("HTTP/1.1 202");
        assertThat(called).containsExactly("UpdateEventSourceMapping");
    }

    @Test
    void shouldAskForOperationsByTheirOwnActions() {
        List<String> called = new ArrayList<>();
        Management management = (operation, input) -> call(called, operation, input);
        SignedClient reader = new SignedClient(
                (policies, clock) -> TestSigner.gate(policies, clock, "user/bob", "lambda:Get*", SignedClient.ECHO_ARN),
                management);
        String function = "/2015-03-31/functions/echo";
        assertThat(reader.exchange("GET", function, reader.signed("GET", function, "", ""), ""))
                .startsWith("HTTP/1.1 200");
        assertThat(reader.exchange("DELETE", function, reader.signed("DELETE", function, "", ""), ""))
                .startsWith("HTTP/1.1 403")
                .contains("lambda:DeleteFunction on resource: " + SignedClient.ECHO_ARN + " because");
        String create = "{\"FunctionName\":\"other\"}";
        assertThat(reader.exchange(
                        "POST",
                        "/2015-03-31/functions",
                        reader.signed("POST", "/2015-03-31/functions", "", create),
                        create))
                .contains("lambda:CreateFunction on resource: " + SignedClient.ECHO_ARN.replace("echo", "other"));
        assertThat(reader.exchange(
                        "GET", "/2015-03-31/functions", reader.signed("GET", "/2015-03-31/functions", "", ""), ""))
                .contains("not authorized to perform: lambda:ListFunctions because no identity-based policy");
        assertThat(called).containsExactly("GetFunction");
    }

    private static CompletableFuture<@Nullable JsonNode> call(
            List<String> called, String operation, Supplier<OperationInput> input) {
        try {
            var _ = input.get();
            called.add(operation);
            return CompletableFuture.completedFuture(null);
        } catch (ServiceFault fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }
}
