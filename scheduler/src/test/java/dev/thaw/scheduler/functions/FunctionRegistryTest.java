package dev.thaw.scheduler.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FunctionRegistryTest {
    private final FunctionRegistry functions = new FunctionRegistry();

    @Test
    void shouldNumberFunctionsDensely() {
        RegisteredFunction first = functions.add(config("first", 128, 3));
        RegisteredFunction second = functions.add(config("second", 128, 3));
        assertThat(first.functionId()).isZero();
        assertThat(second.functionId()).isEqualTo(1);
        assertThat(second.arn()).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:second");
        assertThat(functions.byId(1)).isSameAs(second);
        assertThat(functions.byName("second")).isSameAs(second);
        assertThat(functions.byName("third")).isNull();
        assertThat(functions.all()).containsExactly(first, second);
        assertThatThrownBy(() -> functions.add(config("first", 128, 3)))
                .hasMessage("name: first, must be new, it is registered");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f",
                "f:$LATEST",
                "function:f",
                "000000000000:function:f",
                "us-east-1:000000000000:function:f",
                "arn:aws:lambda:us-east-1:000000000000:function:f",
                "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"
            })
    void shouldResolveEverySpelling(String text) {
        RegisteredFunction function = functions.add(config("f", 128, 3));
        assertThat(functions.resolve(reference(text))).isSameAs(function);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g",
                "f:1",
                "f:BLUE",
                "111111111111:function:f",
                "arn:aws:lambda:eu-west-1:000000000000:function:f"
            })
    void shouldNotResolveOthers(String text) {
        functions.add(config("f", 128, 3));
        assertThat(functions.resolve(reference(text))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a:b:c", "a:", "x\u00e9"})
    void shouldNotParseOtherText(String text) {
        assertThat(FunctionReference.parse(text)).isNull();
    }

    @Test
    void shouldBoundNames() {
        assertThat(FunctionReference.parse("a".repeat(64))).isNotNull();
        assertThat(FunctionReference.parse("a".repeat(65))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ok|128|0|timeoutSec: 0, must be 1..900",
                "ok|128|901|timeoutSec: 901, must be 1..900",
                "ok|127|3|memoryMib: 127, must be 128..10240",
                "ok|10241|3|memoryMib: 10241, must be 128..10240",
                "a b|128|3|name: a b, must be 1..64 of a-z, A-Z, 0-9, - and _",
            })
    void shouldRefuseBadSettings(String name, int memoryMib, int timeoutSec, String message) {
        assertThatThrownBy(() -> config(name, memoryMib, timeoutSec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseRetiredRuntimesAndReservedVariables() {
        assertThatThrownBy(() -> new FunctionConfig(
                        "f", Path.of("c"), "h", "go1.x", "x86_64", 128, 3, 512, List.of(), Map.of(), -1))
                .hasMessageStartingWith("runtime: go1.x, must be one of provided.al2023, ");
        assertThatThrownBy(() -> new FunctionConfig(
                        "f",
                        Path.of("c"),
                        "h",
                        "java21",
                        "x86_64",
                        128,
                        3,
                        512,
                        List.of(),
                        Map.of("_HANDLER", "x"),
                        -1))
                .hasMessage("environment: _HANDLER, is reserved, the platform sets it");
        assertThatThrownBy(() -> new FunctionConfig(
                        "f", Path.of("c"), "white space", "java21", "x86_64", 128, 3, 512, List.of(), Map.of(), -1))
                .hasMessage("handler: white space, must be 1..128 characters without white space");
    }

    private static FunctionReference reference(String text) {
        return Objects.requireNonNull(FunctionReference.parse(text));
    }

    private static FunctionConfig config(String name, int memoryMib, int timeoutSec) {
        return new FunctionConfig(
                name,
                Path.of("code"),
                "handler",
                "provided.al2023",
                "x86_64",
                memoryMib,
                timeoutSec,
                512,
                List.of(),
                Map.of(),
                FunctionConfig.UNRESERVED);
    }
}
