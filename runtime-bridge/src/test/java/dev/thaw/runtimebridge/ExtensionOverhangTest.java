package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What extensions do after the answer and beside its log, in made-up time (contract.md sections 2.3 and 4). */
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class ExtensionOverhangTest {
    private static final String BOTH = "[\"INVOKE\",\"SHUTDOWN\"]";

    @TempDir
    private Path directory;

    private BridgeBed bed;

    @BeforeEach
    void open() {
        bed = new BridgeBed(directory);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void shouldTellWithTheNextAnswerHowLongExtensionsWorkedOnAfterTheLast() {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = readyBeside(extension);
        answer(runtime, "id-1");
        bed.pass(500, TimeUnit.MILLISECONDS);
        next(extension);
        bed.invoke();
        next(extension); // done before the runtime
        bed.pass(20, TimeUnit.MILLISECONDS);
        answer(runtime, "id-2");
        bed.invoke();
        answer(runtime, "id-3");

        assertThat(bed.overhangsNs).containsExactly(-1L, TimeUnit.MILLISECONDS.toNanos(500), 0L);
    }

    @Test
    void shouldTellOfNoOverhangWhereNoExtensionHearsOfInvocations() {
        external("a");
        ScriptedExtension extension = bed.register("a", "[\"SHUTDOWN\"]");
        EmbeddedChannel runtime = readyBeside(extension);
        answer(runtime, "id-1");
        bed.invoke();
        answer(runtime, "id-2");

        assertThat(bed.overhangsNs).containsExactly(-1L, -1L);
    }

    @Test
    void shouldLogWhatExtensionsWroteInInitBeforeTheFirstStartAndBreakNoLine() throws IOException {
        external("a");
        bed.backend.last().printByExtension("a starts\n");
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = readyBeside(extension);
        bed.backend.last().print("half a line");
        bed.backend.last().printByExtension("a hears\n");
        answer(runtime, "id-1");
        next(extension);

        assertThat(bed.log())
                .containsSubsequence("a starts\nSTART RequestId: id-1", "\nEND RequestId: id-1")
                .contains("\nhalf a line\n", "\na hears\n");
    }

    /** An invocation has caused an environment whose external extensions have just been started. */
    private void external(String... names) {
        bed.backend.extensions = List.of(names);
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
    }

    /** The runtime and the extension have asked for their first event. */
    private EmbeddedChannel readyBeside(ScriptedExtension extension) {
        EmbeddedChannel runtime = bed.connectRuntime();
        next(extension);
        return runtime;
    }

    /** The runtime answers and asks for more. */
    private void answer(EmbeddedChannel runtime, String requestId) {
        bed.respond(runtime, requestId, "hello");
        bed.askForMore(runtime);
        bed.deliver();
    }

    private void next(ScriptedExtension extension) {
        extension.answer();
        String answer = extension.next();
        assertThat(answer).doesNotContain("errorType");
        bed.deliver();
    }
}
