package dev.thaw.scheduler.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds of a function's settings, each at its edge: rows of contract.md section 22. */
final class FunctionRulesTest {
    /** A configuration in which one thing may be wrong. */
    private static final class Draft {
        private String name = "f";
        private String runtime = "provided.al2023";
        private int memoryMib = 128;
        private int timeoutSec = 3;
        private int storageMib = 512;
        private int layers;
        private Map<String, String> environment = Map.of();

        private FunctionConfig config() {
            List<Path> list = Collections.nCopies(layers, Path.of("layer"));
            return new FunctionConfig(
                    name,
                    Path.of("code"),
                    "handler",
                    runtime,
                    "x86_64",
                    memoryMib,
                    timeoutSec,
                    storageMib,
                    list,
                    environment,
                    FunctionConfig.UNRESERVED);
        }
    }

    private static void refuse(Draft draft, String message) {
        assertThatThrownBy(draft::config)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static void accept(Draft draft) {
        ThrowingCallable config = draft::config;
        assertThatCode(config).doesNotThrowAnyException();
    }

    private static Draft with(Map<String, String> environment) {
        Draft draft = new Draft();
        draft.environment = environment;
        return draft;
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "1AB", "A-B", "_X", "", "A B", "\u00c4B"})
    void shouldRefuseKeysThatBreakTheRules(String key) {
        refuse(
                with(Map.of(key, "v")),
                "environment: " + key + ", must be a letter and at least one more letter, digit or _");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AB", "A_1", "zz", "A__", "AWS_LAMBDA_EXEC_WRAPPER", "JAVA_TOOL_OPTIONS", "NODE_OPTIONS"})
    void shouldTakeKeysThatKeepTheRules(String key) {
        accept(with(Map.of(key, "v")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_HANDLER",
                "_X_AMZN_TRACE_ID",
                "AWS_DEFAULT_REGION",
                "AWS_REGION",
                "AWS_EXECUTION_ENV",
                "AWS_LAMBDA_FUNCTION_NAME",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                "AWS_LAMBDA_FUNCTION_VERSION",
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                "AWS_LAMBDA_LOG_GROUP_NAME",
                "AWS_LAMBDA_LOG_STREAM_NAME",
                "AWS_ACCESS_KEY",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_LAMBDA_RUNTIME_API",
                "LAMBDA_TASK_ROOT",
                "LAMBDA_RUNTIME_DIR"
            })
    void shouldRefuseEveryReservedKey(String key) {
        refuse(with(Map.of(key, "v")), "environment: " + key + ", is reserved, the platform sets it");
    }

    @Test
    void shouldBoundTheBytesOfAllVariables() {
        // Keys of 2 bytes; the letter ä has two.
        accept(with(Map.of("AB", "x".repeat(2_046), "CD", "\u00e4".repeat(1_023))));
        refuse(
                with(Map.of("AB", "x".repeat(2_047), "CD", "\u00e4".repeat(1_023))),
                "environment: 4097, must be at most 4096 bytes in all");
    }

    @Test
    void shouldTakeFiveLayersAndNotSix() {
        Draft draft = new Draft();
        draft.layers = 5;
        accept(draft);
        draft.layers = 6;
        refuse(draft, "layers: 6, must be at most 5");
    }

    @ParameterizedTest
    @CsvSource({"512, true", "10240, true", "511, false", "10241, false"})
    void shouldBoundTheSizeOfTmp(int mib, boolean good) {
        Draft draft = new Draft();
        draft.storageMib = mib;
        judge(draft, good, "ephemeralStorageMib: " + mib + ", must be 512..10240");
    }

    @ParameterizedTest
    @CsvSource({"128, true", "1769, true", "1770, true", "10240, true", "127, false", "10241, false"})
    void shouldBoundTheMemory(int mib, boolean good) {
        Draft draft = new Draft();
        draft.memoryMib = mib;
        judge(draft, good, "memoryMib: " + mib + ", must be 128..10240");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "900, true", "0, false", "901, false"})
    void shouldBoundTheTimeout(int sec, boolean good) {
        Draft draft = new Draft();
        draft.timeoutSec = sec;
        judge(draft, good, "timeoutSec: " + sec + ", must be 1..900");
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false", "0, false"})
    void shouldBoundTheName(int length, boolean good) {
        Draft draft = new Draft();
        draft.name = "n".repeat(length);
        judge(draft, good, "name: " + draft.name + ", must be 1..64 of a-z, A-Z, 0-9, - and _");
    }

    @ParameterizedTest
    @ValueSource(strings = {"provided", "go1.x", "java8", "nodejs", "nodejs14.x", "cobol85", "Python3.11"})
    void shouldRefuseUnknownAndRetiredRuntimes(String runtime) {
        Draft draft = new Draft();
        draft.runtime = runtime;
        assertThatThrownBy(draft::config).hasMessageStartingWith("runtime: " + runtime + ", must be one of ");
    }

    private static void judge(Draft draft, boolean good, String message) {
        if (good) {
            assertThat(draft.config().name()).isEqualTo(draft.name);
        } else {
            refuse(draft, message);
        }
    }
}
