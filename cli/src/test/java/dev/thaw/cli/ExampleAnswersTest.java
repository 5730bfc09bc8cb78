package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.sandbox.Architecture;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.SamTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The examples of {@code template.yaml} and {@code managed.yaml} on both backends and both architectures: the same
 * answers. Those with hooks for snapshots have a test of their own.
 */
@Tag("slow")
final class ExampleAnswersTest {
    /** A language's start in an emulated machine takes a multiple of its CPU time. */
    private static final int PATIENT_SEC = 180;

    /** A processor of its own: an init that takes longer than its limit goes on at the share of the memory. */
    private static final int ONE_VCPU_MIB = 1769;

    private static final String RECTANGLE = "{\"length\":6,\"width\":7}";

    /** Of the function {@code name} on x86_64, {@code foreign} on arm64. */
    private record Example(String name, String foreign, String event, String answer) {
        Example(String name, String event, String answer) {
            this(name, name, event, answer);
        }

        String on(Architecture architecture) {
            return architecture == Architecture.ARM64 ? foreign : name;
        }
    }

    /** An example somewhere. */
    record Case(String backend, Architecture architecture, String function, String event, String answer) {
        String served() {
            return function + "-on-" + architecture.key();
        }

        @Override
        public String toString() {
            return function + ", " + backend + ", " + architecture.key();
        }
    }

    private static final List<Example> EXAMPLES = List.of(
            new Example("echo", "echo-arm64", "{\"n\":1}", "{\"n\":1}"),
            new Example(
                    "hash",
                    "hash-arm64",
                    "\"abc\"",
                    "\"6cc43f858fbb763301637b5af970e2a46b46f461f27e5a0f41e009c59b827b25\""),
            new Example(
                    "kernel",
                    "kernel-arm64",
                    "{\"kernel\":\"sha256\",\"repeat\":1}",
                    "{\"kernel\":\"sha256\",\"checksum\":\"cc64726fa77c776f\""),
            new Example("dot", "dot-arm64", "{\"n\":1,\"seed\":2}", "{\"dot\":0.090879522,\"n\":1,"),
            new Example("drip", "{\"parts\":3,\"bytes\":2,\"pauseMs\":1}", "aabbcc"),
            new Example("spin", "spin-arm64", "{\"memoryMib\":3}", "{\"cpuUs\":"),
            new Example("probe", "{\"do\":\"count\"}", "{\"count\":1}"),
            new Example("stream", "{\"parts\":[\"one\",\"two\"]}", "onetwo"),
            new Example("shell-echo", "{\"text\":\"Hello\"}", "Echoing request: '{\"text\":\"Hello\"}'"),
            new Example("python-area", RECTANGLE, "\"{\\\"area\\\": 42}\""),
            new Example("managed-python-area", RECTANGLE, "\"{\\\"area\\\": 42}\""),
            new Example("java-area", RECTANGLE, "{\"area\":42.0,\"requestId\":\"ID\"}"),
            new Example("java-upper", "{\"text\":\"abc\"}", "{\"TEXT\":\"ABC\"}"),
            new Example("node-area", RECTANGLE, "{\"area\":42,\"requestId\":\"ID\"}"),
            new Example("node-words", "{\"words\":[\"one\",\"two\"]}", "onetwo"));

    @TempDir
    static Path folder;

    private static final Map<String, RunningServer> SERVERS = new HashMap<>();
    private static final Map<Case, String> MISSING = new HashMap<>();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        for (String backend : List.of("process", "microvm")) {
            List<FunctionConfig> functions = functions(backend);
            if (!functions.isEmpty()) {
                SERVERS.put(
                        backend,
                        RunningServer.start(
                                folder.resolve(backend),
                                options -> options.backend = backend,
                                functions.toArray(FunctionConfig[]::new)));
            }
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(RunningServer::close);
        SERVERS.clear();
    }

    static List<Case> cases() {
        return Stream.of("process", "microvm")
                .flatMap(backend -> Stream.of(Architecture.values())
                        .flatMap(architecture -> EXAMPLES.stream()
                                .map(example -> new Case(
                                        backend,
                                        architecture,
                                        example.on(architecture),
                                        example.event(),
                                        example.answer()))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheSameAnswerEverywhere(Case example) {
        String missing = MISSING.getOrDefault(example, "");
        if (!missing.isEmpty()) {
            System.out.println("skipped: " + example + ": " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        Reply reply = Optional.ofNullable(SERVERS.get(example.backend()))
                .orElseThrow()
                .invoke(example.served(), example.event());
        assertThat(reply.functionError()).as(reply.toString()).isEmpty();
        assertThat(reply.text().replace(reply.requestId(), "ID")).startsWith(example.answer());
    }

    /** Those that can run; why the others cannot goes to {@link #MISSING}. */
    private static List<FunctionConfig> functions(String backend) throws IOException {
        Map<String, FunctionConfig> templates = new HashMap<>();
        for (String template : List.of("template.yaml", "managed.yaml")) {
            SamTemplate.read(Host.example("..").resolve(template).normalize())
                    .forEach(config -> templates.put(config.name(), config));
        }
        ServerOptions options = new ServerOptions();
        options.backend = backend;
        List<FunctionConfig> functions = new ArrayList<>();
        try (Backends backends = Backends.open(options)) {
            for (Case example : cases()) {
                FunctionConfig template = templates.get(example.function());
                if (example.backend().equals(backend) && template != null) {
                    FunctionConfig config = on(example, template);
                    try {
                        backends.runtimes().mountsOf(config);
                        functions.add(config);
                    } catch (WrongUse absent) {
                        MISSING.put(example, String.valueOf(absent.getMessage()));
                    }
                }
            }
        }
        return functions;
    }

    /** Of those in C without an entry for arm64, the package that the others have. */
    private static Path codeUri(Architecture architecture, FunctionConfig template) {
        return architecture == Architecture.ARM64 && template.codeUri().endsWith("x86_64")
                ? template.codeUri().resolveSibling("arm64")
                : template.codeUri();
    }

    private static FunctionConfig on(Case example, FunctionConfig template) {
        boolean isMicroVm = example.backend().equals("microvm");
        return new FunctionConfig(
                example.served(),
                codeUri(example.architecture(), template),
                template.handler(),
                template.runtime(),
                example.architecture().key(),
                isMicroVm ? ONE_VCPU_MIB : template.memoryMib(),
                isMicroVm ? PATIENT_SEC : template.timeoutSec(),
                template.ephemeralStorageMib(),
                template.layers(),
                template.environment(),
                FunctionConfig.UNRESERVED);
    }
}
