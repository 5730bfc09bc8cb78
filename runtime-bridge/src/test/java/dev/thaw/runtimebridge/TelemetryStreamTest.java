package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.runtimebridge.BridgeHarness.Answer;
import dev.thaw.sandbox.process.ProcessBackend;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Telemetry from real invocations to real subscribers in real sandboxes, HTTP and TCP, beside and inside the runtime. */
@Tag("slow")
final class TelemetryStreamTest {
    private static final int INSIDE = 0;
    private static final int INSIDE_TCP = 1;
    private static final int DEAD = 2;
    private static final int OUTSIDE = 3;
    private static final int HEARS_EXTENSIONS = 4;
    private static final int HEARS_FUNCTION = 5;

    private static final String PLATFORM_AND_FUNCTION = "[\"platform\",\"function\"]";

    /** Registers, subscribes, appends each event to a file, and prints it, as far as that is no echo. */
    private static final String SUBSCRIBER = """
            #!/usr/bin/python3
            import http.client, http.server, json, os, socket, sys, threading, time
            mode = os.environ["MODE"]
            def take(text):
                with open("/tmp/events", "a") as events:
                    for event in json.loads(text):
                        events.write(json.dumps(event) + "\\n")
                        if event["type"].startswith("platform"):
                            print("got", event["type"], flush=True)
            class Sink(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_POST(self):
                    take(self.rfile.read(int(self.headers["Content-Length"])))
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def log_message(self, *words):
                    pass
            def listen():
                for line in socket.create_server(("127.0.0.1", 4243)).accept()[0].makefile():
                    take("[" + line + "]")
            def subscribe(name):
                if mode == "tcp":
                    threading.Thread(target=listen, daemon=True).start()
                elif mode != "dead":
                    server = http.server.ThreadingHTTPServer(("127.0.0.1", 4243), Sink)
                    threading.Thread(target=server.serve_forever, daemon=True).start()
                api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
                api.request("POST", "/2020-01-01/extension/register", '{"events":["INVOKE"]}', {"Lambda-Extension-Name": name})
                answer = api.getresponse()
                answer.read()
                me = {"Lambda-Extension-Identifier": answer.headers["Lambda-Extension-Identifier"]}
                to = {"protocol": "TCP", "port": 4243} if mode == "tcp" else {
                    "protocol": "HTTP", "URI": "http://sandbox.localdomain:4243/in"}
                api.request("PUT", "/2022-07-01/telemetry", json.dumps({"schemaVersion": "2022-12-13",
                    "types": json.loads(os.environ["TYPES"]), "destination": to, "buffering": {"timeoutMs": 25}}), me)
                print("subscribed", api.getresponse().read(), flush=True)
                while True:
                    api.request("GET", "/2020-01-01/extension/event/next", headers=me)
                    api.getresponse().read()
            """;

    /** Answers with every event so far, once there are as many of a type as its event asks for. */
    private static final String RUNTIME = """
            import re
            if mode != "outside":
                threading.Thread(target=subscribe, args=("inside",), daemon=True).start()
                time.sleep(0.2)
            def events():
                return open("/tmp/events").readlines() if os.path.exists("/tmp/events") else []
            api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            base = "/2018-06-01/runtime/invocation/"
            while True:
                api.request("GET", base + "next")
                answer = api.getresponse()
                event = json.loads(answer.read())
                if event == "exit":
                    os._exit(3)
                print("hello", event, flush=True)
                until = time.monotonic() + 10
                wanted = '"type": "' + event[0] + '"'
                while sum(wanted in line for line in events()) < event[1] and time.monotonic() < until:
                    time.sleep(0.01)
                api.request("POST", base + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response",
                    "[" + ",".join(events()) + "]")
                api.getresponse().read()
            """;

    @TempDir
    private Path directory;

    /** External extensions need a program that is built from C. */
    private static boolean hasInit;

    private BridgeHarness harness;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        try (ProcessBackend backend = new ProcessBackend()) {
            boolean full = backend.isolation().level().equals("full");
            if (!full) {
                System.out.println("skipped: " + backend.isolation().describe());
            }
            assumeTrue(full);
        }
        ProcessBuilder make = new ProcessBuilder("make", "-s", "-C", "../sandbox/src/main/c");
        hasInit = make.inheritIO().start().waitFor() == 0;
    }

    @BeforeEach
    void start() throws IOException {
        List<DeployedFunction> functions = new ArrayList<>();
        for (String mode : new String[] {"http", "tcp", "dead"}) {
            functions.add(inside(mode));
        }
        if (hasInit) {
            Path layer = directory.resolve("layer");
            write(layer.resolve("extensions/watcher"), SUBSCRIBER + "subscribe(os.path.basename(sys.argv[0]))\n");
            functions.add(outside("outside", layer, PLATFORM_AND_FUNCTION));
            functions.add(outside("hears-extensions", layer, "[\"extension\"]"));
            functions.add(outside("hears-function", layer, "[\"function\"]"));
        }
        harness = new BridgeHarness(ThreadLayout.FUSED, directory.resolve("logs"), functions);
    }

    private DeployedFunction inside(String mode) throws IOException {
        return function(mode, mode, PLATFORM_AND_FUNCTION);
    }

    private DeployedFunction outside(String name, Path layer, String types) throws IOException {
        DeployedFunction plain = function(name, "outside", types);
        return new DeployedFunction(plain.config(), plain.codeDirectory(), List.of(layer), plain.region());
    }

    private DeployedFunction function(String name, String mode, String types) throws IOException {
        Path code = directory.resolve("code").resolve(name);
        write(code.resolve("bootstrap"), SUBSCRIBER + RUNTIME);
        return Functions.of(name, code, 30, Map.of("MODE", mode, "TYPES", types));
    }

    private void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        for (Path path = file; path != null && path.startsWith(directory); path = path.getParent()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @AfterEach
    void stop() {
        if (harness != null) {
            harness.close();
            assertThat(harness.errors).isEmpty();
        }
    }

    /** Type and phase, where there is one, of every event in an answer. */
    private static List<String> types(Answer answer) {
        List<String> types = new ArrayList<>();
        for (JsonNode event : JsonMapper.shared().readTree(answer.body())) {
            JsonNode phase = event.get("record").path("phase");
            types.add(event.get("type").stringValue() + (phase.isString() ? " " + phase.stringValue() : ""));
        }
        return types;
    }

    private void shouldTellOfInitAndInvocations(int functionId, String name) {
        Answer first = harness.invoke(functionId, "[\"platform.start\",1]");
        assertThat(types(first))
                .containsSubsequence("platform.initStart init", "platform.telemetrySubscription", "platform.start")
                .containsSubsequence("platform.initRuntimeDone init", "platform.initReport init", "platform.start")
                .contains("platform.extension");
        assertThat(first.body()).contains("{\"name\": \"" + name + "\", \"state\": \"Subscribed\"");
        Answer second = harness.invoke(functionId, "[\"platform.report\",1]");
        assertThat(types(second))
                .containsSubsequence("platform.start", "function", "platform.runtimeDone", "platform.report");
        assertThat(second.body())
                .contains("{\"requestId\": \"" + first.requestId() + "\", \"status\": \"success\"")
                .contains("\"type\": \"function\", \"record\": \"hello ['platform.start', 1]\"");
    }

    /** Each of them writes, in init or as it is invoked; the log has both. */
    private void shouldTellOnlyWhatWrites(int functionId, String name, String type) throws IOException {
        if (!hasInit) {
            System.out.println("skipped: external extensions need make and gcc here");
        }
        assumeTrue(hasInit);
        Answer first = harness.invoke(functionId, "[\"" + type + "\",1]");
        Answer second = harness.invoke(functionId, "[\"" + type + "\",1]");
        harness.close();

        assertThat(types(first)).containsOnly(type);
        assertThat(types(second)).containsOnly(type);
        assertThat(harness.log(name))
                .containsSubsequence(
                        "subscribed b'\"OK\"'\n",
                        "START RequestId: " + first.requestId(),
                        "hello ['" + type + "', 1]\n",
                        "END RequestId: " + first.requestId());
    }

    @Test
    void shouldTellWhatExtensionsWriteToThoseWhoAskedForThat() throws IOException {
        shouldTellOnlyWhatWrites(HEARS_EXTENSIONS, "hears-extensions", "extension");
    }

    @Test
    void shouldTellNothingThatExtensionsWriteToThoseWhoAskedForTheFunction() throws IOException {
        shouldTellOnlyWhatWrites(HEARS_FUNCTION, "hears-function", "function");
    }

    @Test
    void shouldStreamToAnHttpSubscriberInsideTheRuntime() {
        shouldTellOfInitAndInvocations(INSIDE, "inside");
    }

    @Test
    void shouldStreamToATcpSubscriber() {
        shouldTellOfInitAndInvocations(INSIDE_TCP, "inside");
    }

    @Test
    void shouldStreamToAnExternalExtensionThatPrintsWhatItGets() throws IOException {
        if (!hasInit) {
            System.out.println("skipped: external extensions need make and gcc");
        }
        assumeTrue(hasInit);
        shouldTellOfInitAndInvocations(OUTSIDE, "watcher");
        harness.close();
        assertThat(harness.log("outside")).contains("got platform.initStart", "got platform.report");
    }

    /** Contract.md section 22, suppressed init telemetry. */
    @Test
    void shouldTellOfASuppressedInitByThreeEventsOfPhaseInvoke() {
        harness.invoke(INSIDE, "[\"platform.start\",1]");
        harness.invoke(INSIDE, "\"exit\"");
        harness.awaitResets(1);
        Answer answer = harness.invoke(INSIDE, "[\"platform.initReport\",2]");
        assertThat(answer.suppressedInit()).isTrue();
        assertThat(types(answer))
                .containsSubsequence(
                        "platform.initStart invoke", "platform.initRuntimeDone invoke", "platform.initReport invoke");
    }

    @Test
    void shouldInvokeAsEverBesideADeadSubscriber() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(harness.invoke(DEAD, "[\"platform.start\",0]").body()).isEqualTo("[]");
        }
        harness.close();
        assertThat(harness.log("dead")).contains("subscribed b'\"OK\"'");
    }
}
