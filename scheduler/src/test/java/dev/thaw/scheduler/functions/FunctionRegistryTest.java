package dev.thaw.scheduler.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.thaw.scheduler.functions.FunctionRoutes.AliasRoute;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FunctionRegistryTest {
    private static final SplittableRandom RANDOM = new SplittableRandom(4);

    private final FunctionRegistry functions = new FunctionRegistry();
    private long ran;

    @Test
    void shouldNumberDeploymentsDensely() {
        RegisteredFunction first = add("first", "$LATEST");
        RegisteredFunction second = add("second", "7");
        assertThat(first.functionId()).isZero();
        assertThat(second.functionId()).isEqualTo(1);
        assertThat(second.arn()).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:second");
        assertThat(second.qualifiedArn()).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:second:7");
        assertThat(functions.byId(1)).isSameAs(second);
    }

    @Test
    void shouldKeepNoConfigurationOfWhatIsGone() {
        for (int update = 0; update < 40; update++) {
            add("f", "$LATEST");
        }
        FunctionConfig secret = new FunctionConfig(
                "f",
                Path.of("code"),
                "h",
                "java25",
                "arm64",
                256,
                9,
                512,
                List.of(Path.of("layer")),
                Map.of("KEY", "secret"),
                FunctionConfig.UNRESERVED);
        int functionId = functions.add(secret, "3").functionId();

        functions.forget(functionId);

        RegisteredFunction gone = functions.byId(functionId);
        assertThat(functions.count()).isEqualTo(41);
        assertThat(gone.qualifiedArn()).endsWith(":f:3");
        assertThat(gone.config().environment()).isEmpty();
        assertThat(gone.config().layers()).isEmpty();
        assertThat(gone.config().codeUri().toString()).isEmpty();
        assertThat(gone.config().timeoutSec()).isEqualTo(9);
        assertThat(functions.byId(7).config().codeUri().toString()).isNotEmpty();
    }

    @Test
    void shouldFindANameOnlyWhileItIsRouted() {
        RegisteredFunction second = add("second", "$LATEST");
        RegisteredFunction first = add("first", "$LATEST");
        assertThat(functions.byName("first")).isNull();
        functions.route("first", FunctionRoutes.latestOnly(first.functionId()));
        assertThat(functions.onlyName()).isEqualTo("first");
        functions.route("second", FunctionRoutes.latestOnly(second.functionId()));
        assertThat(functions.all()).containsExactly(second, first);
        assertThat(functions.onlyName()).isNull();

        functions.unroute("first");

        assertThat(functions.byName("first")).isNull();
        assertThat(functions.resolve(reference("first:$LATEST"))).isNull();
        assertThat(functions.all()).containsExactly(second);
    }

    @Test
    void shouldRefuseRoutesToWhatIsNotDeployedUnderTheName() {
        int functionId = add("f", "$LATEST").functionId();
        assertThatThrownBy(() -> functions.route("f", FunctionRoutes.latestOnly(functionId + 1)))
                .hasMessage("route: f to 1, must be deployed as it");
        assertThatThrownBy(() -> functions.route("g", FunctionRoutes.latestOnly(functionId)))
                .hasMessage("route: g to 0, must be deployed as it");
        assertThat(functions.byName("f")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f|f|$LATEST",
                "f:$LATEST|f:$LATEST|$LATEST",
                "function:f|f|$LATEST",
                "000000000000:function:f|f|$LATEST",
                "us-east-1:000000000000:function:f|f|$LATEST",
                "us-east-1:000000000000:f|f|$LATEST",
                "arn:aws:lambda:f|f|$LATEST",
                "arn:aws:lambda:000000000000:f:BLUE|f:BLUE|2",
                "arn:aws:lambda:us-east-1:000000000000:function:f|f|$LATEST",
                "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST|f:$LATEST|$LATEST",
                "f:1|f:1|1",
                "function:f:2|f:2|2",
                "f:BLUE|f:BLUE|2",
                "arn:aws:lambda:us-east-1:000000000000:function:f:BLUE|f:BLUE|2"
            })
    void shouldResolveEverySpellingAndKeepItsQualifier(String text, String qualified, String version) {
        routeVersionsAndAlias();
        InvocationRoute route = Objects.requireNonNull(functions.resolve(reference(text)));
        assertThat(route.choose(RANDOM).version()).isEqualTo(version);
        assertThat(route.invokedFunctionArn()).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:" + qualified);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g",
                "f:3",
                "f:GREEN",
                "f:blue",
                "111111111111:function:f",
                "us-gov-west-1:f",
                "f.g",
                "arn:aws:lambda:eu-west-1:000000000000:function:f",
                "arn:aws:lambda:eu-west-1:000000000000:function:f:1"
            })
    void shouldNotResolveOthers(String text) {
        routeVersionsAndAlias();
        assertThat(functions.resolve(reference(text))).isNull();
    }

    @Test
    void shouldDrawEachInvocationOfAnAliasByItsWeight() {
        int one = add("f", "1").functionId();
        int two = add("f", "2").functionId();
        functions.route("f", new FunctionRoutes(one, Map.of(), Map.of("PART", new AliasRoute(one, two, 0.03))));
        InvocationRoute route = Objects.requireNonNull(functions.resolve(reference("f:PART")));
        int hits = 0;
        for (int invocation = 0; invocation < 10_000; invocation++) {
            hits += route.choose(RANDOM).version().equals("2") ? 1 : 0;
        }
        assertThat(hits).isBetween(300 - 51, 300 + 51);
        assertThatThrownBy(() -> new AliasRoute(one, two, 1.1)).hasMessage("additionalWeight: 1.1, must be 0..1");
    }

    /** One clean window is enough: what is not ours may allocate once. */
    @Test
    void shouldAllocateNothingOnTheWayOfAnInvocation() {
        routeVersionsAndAlias();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long leastBytes = Long.MAX_VALUE;
        for (int window = 0; window < 20 && leastBytes > 0; window++) {
            long beforeBytes = threads.getCurrentThreadAllocatedBytes();
            for (int invocation = 0; invocation < 10_000; invocation++) {
                InvocationRoute route = functions.byName("f");
                ran += route == null ? 0 : route.choose(RANDOM).functionId() + 1;
            }
            leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - beforeBytes);
        }
        assertThat(leastBytes).isZero();
        assertThat(ran).isPositive();
    }

    @Test
    void shouldSwapAllRoutesOfANameAtOnce() {
        routeVersionsAndAlias();
        int next = add("f", "$LATEST").functionId();

        functions.route("f", FunctionRoutes.latestOnly(next));

        assertThat(Objects.requireNonNull(functions.byName("f")).primary().functionId())
                .isEqualTo(next);
        assertThat(functions.resolve(reference("f:BLUE"))).isNull();
        assertThat(functions.resolve(reference("f:1"))).isNull();
    }

    private void routeVersionsAndAlias() {
        int latest = add("f", "$LATEST").functionId();
        int one = add("f", "1").functionId();
        int two = add("f", "2").functionId();
        functions.route(
                "f", new FunctionRoutes(latest, Map.of("1", one, "2", two), Map.of("BLUE", AliasRoute.to(two))));
    }

    private RegisteredFunction add(String name, String version) {
        return functions.add(config(name, 128, 3), version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a:b:c", "a:", "x\u00e9"})
    void shouldNotParseOtherText(String text) {
        assertThat(FunctionReference.parse(text)).isNull();
    }

    /** As recorded of the service: a name that is too long is one that is not there. */
    @Test
    void shouldNotFindLongNames() {
        assertThat(functions.resolve(reference("a".repeat(65)))).isNull();
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
