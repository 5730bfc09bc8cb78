package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.results.InjectedFault;
import dev.thaw.runtimebridge.BridgeHarness.Answer;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault, in a real sandbox with the real scheduler. */
@Tag("slow")
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class FaultInjectionTest {
    private static final int DELAY_MS = 300;
    private static final int BYTES = 8_192;
    private static final int BYTES_PER_SEC = 16 << 10;
    private static final int TIMEOUT_SEC = 5;
    private static final Pattern INIT = Pattern.compile("Init Duration: ([0-9.]+) ms");
    private static final String RUNTIME = """
            #!/bin/bash
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            while true; do
                curl -sS -D /tmp/head -o /tmp/event "$api/invocation/next" || exit 1
                id=$(grep -i '^lambda-runtime-aws-request-id' /tmp/head | tr -d '\\r' | cut -d' ' -f2)
                echo handling
                curl -sS -o /dev/null --data-binary @/tmp/event "$api/invocation/$id/response"
            done
            """;

    /** One process: a runtime with children may lose one of them to the kernel and end with a code of its own. */
    private static final String LONELY_RUNTIME = """
            #!/usr/bin/python3
            import http.client, os
            api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            while True:
                api.request("GET", "/2018-06-01/runtime/invocation/next")
                event = api.getresponse()
                body = event.read()
                print("handling", flush=True)
                call = event.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
                api.request("POST", "/2018-06-01/runtime/invocation/" + call, body)
                api.getresponse().read()
            """;

    @TempDir
    private Path directory;

    private BridgeHarness harness;

    @BeforeEach
    void requireRoot() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: sandboxes need root here");
        }
        assumeTrue(root);
    }

    @AfterEach
    void stop() {
        if (harness != null) {
            harness.close();
            assertThat(harness.errors).isEmpty();
        }
    }

    /** The function {@code f} alone, with these faults, and another one without any. */
    private void start(ThreadLayout layout, int timeoutSec, String... rules) throws IOException {
        start(RUNTIME, layout, timeoutSec, rules);
    }

    private void start(String runtime, ThreadLayout layout, int timeoutSec, String... rules) throws IOException {
        Path code = Files.createDirectory(directory.resolve("code"));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), runtime);
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        FaultPlan plan = new FaultPlan(
                1,
                Stream.of(rules)
                        .map(rule -> FaultRule.parse(rule + ",function=f"))
                        .toList());
        harness = new BridgeHarness(
                layout,
                directory.resolve("logs"),
                List.of(
                        Functions.of("f", code, timeoutSec, Map.of()),
                        Functions.of("other", code, timeoutSec, Map.of())),
                plan);
    }

    private Answer invoke(String payload) {
        return harness.invoke(0, payload);
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldHandAnEventOverLater(ThreadLayout layout) throws IOException {
        start(layout, TIMEOUT_SEC, "delay@invoke:100%," + DELAY_MS + "ms");

        for (int i = 0; i < 3; i++) {
            Answer delayed = invoke("\"late\"");
            assertThat(delayed.body()).isEqualTo("\"late\"");
            assertThat(delayed.billedMs()).isGreaterThanOrEqualTo(DELAY_MS);
            assertInjected(delayed, InjectedFault.DELAY_INVOKE);
        }
        assertInjected(harness.invoke(1, "{}"));
    }

    @Test
    void shouldDropADelayedEventWhoseTimeIsOver() throws IOException {
        start(ThreadLayout.FUSED, 1, "delay@invoke:100%,2s");

        for (int i = 1; i <= 2; i++) {
            Answer late = invoke("{}");
            assertThat(late.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertInjected(late, InjectedFault.DELAY_INVOKE);
            harness.awaitResets(i);
        }
        harness.close();
        assertThat(harness.log("f")).doesNotContain("handling");
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldKillTheRuntimeAsItsEventComes(ThreadLayout layout) throws IOException {
        start(layout, TIMEOUT_SEC, "crash@invoke:100%");

        Answer first = invoke("{}");
        harness.awaitResets(1);
        Answer second = invoke("{}");

        for (Answer crashed : List.of(first, second)) {
            assertThat(crashed.outcome()).isEqualTo(Outcome.RUNTIME_EXITED);
            assertThat(crashed.errorMessage()).contains("signal: killed");
            assertThat(crashed.outOfMemory()).isFalse();
            assertInjected(crashed, InjectedFault.CRASH_INVOKE);
        }
        assertThat(first.suppressedInit()).isFalse();
        assertThat(second.suppressedInit()).isTrue();
        harness.close();
        assertThat(harness.log("f")).doesNotContain("handling");
    }

    @Test
    void shouldWithholdAnEventUntilTheTimeoutActs() throws IOException {
        start(ThreadLayout.FUSED, 1, "hang@invoke:100%");

        Answer hung = invoke("{}");

        assertThat(hung.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(hung.billedMs()).isGreaterThanOrEqualTo(1_000);
        assertInjected(hung, InjectedFault.HANG_INVOKE);
        harness.awaitResets(1);
        harness.close();
        assertThat(harness.log("f")).doesNotContain("handling");
    }

    @Test
    void shouldReadAnAnswerSlowly() throws IOException {
        start(ThreadLayout.FUSED, TIMEOUT_SEC, "slow@invoke:100%," + BYTES_PER_SEC + "B/s");
        String payload = "\"" + "x".repeat(BYTES) + "\"";

        for (int i = 0; i < 2; i++) {
            Answer slow = invoke(payload);
            assertThat(slow.body()).isEqualTo(payload);
            assertThat(slow.billedMs()).isGreaterThanOrEqualTo(1_000L * BYTES / BYTES_PER_SEC);
            assertInjected(slow, InjectedFault.SLOW_INVOKE);
        }
    }

    @Test
    void shouldFillTheMemoryUntilTheKernelKillsTheRuntime() throws IOException {
        start(LONELY_RUNTIME, ThreadLayout.FUSED, 60, "memory@invoke:100%");

        for (int i = 1; i <= 2; i++) {
            Answer filled = invoke("{}");
            assertThat(filled.outcome()).isEqualTo(Outcome.RUNTIME_EXITED);
            assertThat(filled.outOfMemory()).isTrue();
            assertThat(filled.suppressedInit()).isEqualTo(i > 1);
            assertInjected(filled, InjectedFault.MEMORY_INVOKE);
            harness.awaitResets(i);
        }
        harness.close();
        assertThat(harness.log("f")).contains("Runtime.OutOfMemory").doesNotContain("handling");
    }

    @Test
    void shouldStartARuntimeLater() throws IOException {
        start(ThreadLayout.FUSED, TIMEOUT_SEC, "delay@init:100%," + DELAY_MS + "ms");

        Answer cold = invoke("{}");
        Answer warm = invoke("{}");

        Matcher init = INIT.matcher(cold.logTail());
        assertThat(init.find()).isTrue();
        assertThat(Double.parseDouble(init.group(1))).isGreaterThanOrEqualTo(DELAY_MS);
        assertInjected(cold, InjectedFault.DELAY_INIT);
        assertInjected(warm);
    }

    @Test
    void shouldKillARuntimeAsItStarts() throws IOException {
        start(ThreadLayout.FUSED, TIMEOUT_SEC, "crash@init:100%");

        Answer crashed = invoke("{}");

        assertThat(crashed.outcome()).isEqualTo(Outcome.INIT_FAILED);
        assertThat(crashed.errorMessage()).contains("signal: killed");
        assertThat(crashed.suppressedInit()).isTrue();
        assertInjected(crashed, InjectedFault.CRASH_INIT);
    }

    @Test
    void shouldFillTheMemoryWhileARuntimeStarts() throws IOException {
        start(ThreadLayout.FUSED, 60, "memory@init:100%");

        Answer filled = invoke("{}");

        assertThat(filled.outcome()).isEqualTo(Outcome.INIT_FAILED);
        assertThat(filled.outOfMemory()).isTrue();
        assertInjected(filled, InjectedFault.MEMORY_INIT);
    }

    /** 10 s of init, then what the timeout leaves of a suppressed one. */
    @Test
    void shouldNotStartARuntimeBeforeItsInitHasTimedOut() throws IOException {
        start(ThreadLayout.FUSED, 1, "hang@init:100%");

        Answer hung = invoke("{}");

        assertThat(hung.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(hung.suppressedInit()).isTrue();
        assertInjected(hung, InjectedFault.HANG_INIT);
    }

    private static void assertInjected(Answer answer, InjectedFault... faults) {
        int expected = Stream.of(faults).mapToInt(InjectedFault::bit).sum();
        assertThat(answer.faults()).isEqualTo(expected);
    }
}
