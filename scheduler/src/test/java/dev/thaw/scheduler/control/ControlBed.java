package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.control.state.FullDisk;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.functions.RootFolder;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.agrona.ErrorHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A control plane over a state folder and written-down deployments, called by operation. */
final class ControlBed implements AutoCloseable {
    static final String ROLE = "arn:aws:iam::000000000000:role/lambda-role";
    static final int ACCOUNT_CONCURRENCY = 1_000;

    final FakeDeployments deployments = new FakeDeployments();
    final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    final Path folder;
    private final StateStore store;
    final ControlPlane plane;
    final ControlState state;
    final Map<String, String> problems;
    private final AtomicInteger urlsMade = new AtomicInteger();
    long nowMs = 1_700_000_000_123L;

    ControlBed(Path folder) {
        this(folder, List.of());
    }

    ControlBed(Path folder, List<TemplateFunction> template) {
        this(folder, template, deployments -> {});
    }

    /** On a host that is made ready first. */
    ControlBed(Path folder, List<TemplateFunction> template, Consumer<FakeDeployments> host) {
        host.accept(deployments);
        this.folder = folder;
        try {
            store = StateStore.open(folder);
            ErrorHandler errors = new FullDisk(folder, () -> nowMs, notes::add, faults::add);
            ControlThread thread = new ControlThread(ControlThread.DEFAULT_QUEUE_LENGTH, errors);
            state = new ControlState(new ControlState.Ports(
                    store,
                    new CodeStore(folder.resolve("code")),
                    folder.resolve("buckets"),
                    RootFolder.EVERYWHERE,
                    RootFolder.of(folder.resolve("targets")),
                    deployments,
                    thread,
                    sha256 -> "http://here/" + sha256,
                    ACCOUNT_CONCURRENCY,
                    () -> nowMs,
                    errors));
            problems = startOrClose(thread, template);
            PermissionOperations permissions = new PermissionOperations(state.catalog(), store, () -> "revision");
            FunctionUrlOperations urls = new FunctionUrlOperations(
                    state.catalog(),
                    store,
                    id -> "http://" + id + "/",
                    () -> "url" + urlsMade.incrementAndGet(),
                    () -> nowMs);
            plane = new ControlPlane(
                    thread,
                    List.of(state.handlers(), permissions.handlers(), urls.handlers()),
                    state.transaction(),
                    errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> startOrClose(ControlThread thread, List<TemplateFunction> template) {
        try {
            return thread.call(() -> state.start(template));
        } catch (RuntimeException refused) {
            thread.close();
            store.close();
            throw refused;
        }
    }

    static String zip(String... namesAndTexts) {
        return Base64.getEncoder().encodeToString(zipBytes(namesAndTexts));
    }

    static byte[] zipBytes(String... namesAndTexts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                ZipEntry entry = new ZipEntry(namesAndTexts[i]);
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /** Creates a function of one file. */
    JsonNode create(String name) {
        return create(name, "{}");
    }

    /** The same with other members, which replace those. */
    JsonNode create(String name, String members) {
        ObjectNode body = json("{'Runtime':'provided.al2023','Handler':'h'}");
        body.put("FunctionName", name).put("Role", ROLE);
        body.putObject("Code").put("ZipFile", zip("bootstrap", "echo " + name));
        body.setAll(json(members));
        return body("CreateFunction", "", body);
    }

    /** Of a function, without a body. */
    JsonNode of(String operation, String function) {
        return call(operation, Map.of("FunctionName", function), Map.of(), "{}");
    }

    /** Of a function, with a body. */
    JsonNode of(String operation, String function, String body) {
        return call(operation, Map.of("FunctionName", function), Map.of(), body);
    }

    JsonNode body(String operation, String function, ObjectNode body) {
        return finished(
                plane.call(operation, new OperationInput("id", Map.of("FunctionName", function), Map.of(), body)));
    }

    /** With any labels and parameters, single quotes for double ones. */
    JsonNode call(String operation, Map<String, String> labels, Map<String, String> query, String body) {
        return finished(later(operation, labels, query, body));
    }

    CompletableFuture<@Nullable JsonNode> later(
            String operation, Map<String, String> labels, Map<String, String> query, String body) {
        Map<String, List<String>> parameters = new HashMap<>();
        query.forEach((name, value) -> parameters.put(name, List.of(value.split(",", -1))));
        return plane.call(operation, new OperationInput("id", labels, parameters, json(body)));
    }

    private static JsonNode finished(CompletableFuture<@Nullable JsonNode> answer) {
        try {
            JsonNode node = answer.join();
            return node == null ? JsonMapper.shared().createObjectNode() : node;
        } catch (CompletionException e) {
            if (e.getCause() instanceof ServiceFault fault) {
                throw fault;
            }
            throw e;
        }
    }

    /** What was asked of the plane before, and what it owes itself, is done. */
    void settle() {
        for (int i = 0; i < 3; i++) {
            call("ListFunctions", Map.of(), Map.of(), "{}");
        }
    }

    /** Names of the packages in the store of that folder, and of what is left of any. */
    static List<String> packages(Path folder) throws IOException {
        try (var paths = Files.list(folder.resolve("code"))) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("boot"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        plane.close();
        store.close();
        assertThat(faults).isEmpty();
    }
}
