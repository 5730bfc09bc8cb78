package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runtime of the developer guide's tutorial, taken from the guide's text, where that lies beside the checkout
 * (contract.md section 1.8: the conformance runtime). Not a letter of it is changed.
 */
@Tag("slow")
final class TutorialRuntimeTest {
    private static final Path GUIDE = Installation.root().resolve("../shared/seeds/003_50d764b17c0b3329.txt");
    private static final Pattern PAGE_BREAK =
            Pattern.compile("|Create a function \\d+|https://\\S+|AWS Lambda Developer Guide|\f.*");
    private static final String EVENT = "{\"text\":\"Hello\"}";

    @TempDir
    static Path folder;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireProgram("curl");
        Host.requireFile(GUIDE);
    }

    /** The lines from one to another of the guide, without the page breaks, with lines that were wrapped made whole. */
    private static String script(List<String> guide, String after, String first, String last) {
        int heading = guide.indexOf(after);
        List<String> text = guide.subList(heading, guide.size());
        List<String> lines = text.subList(text.indexOf(first), text.indexOf(last) + 1);
        return lines.stream()
                        .filter(line -> !PAGE_BREAK.matcher(line.strip()).matches())
                        .collect(Collectors.joining("\n"))
                        .replaceAll("(http://|REQUEST_ID/)\n", "$1")
                        .replaceAll("tr -d\n", "tr -d ")
                + "\n";
    }

    private static FunctionConfig function(String name, Path code, List<Path> layers) {
        return Functions.managed(name, "provided.al2023", "function.handler", code, layers, Map.of());
    }

    @Test
    void shouldEchoAsTheTutorialSaysFromThePackageAndFromALayer() throws IOException {
        List<String> guide = Files.readAllLines(GUIDE);
        String bootstrap = script(
                guide, "2. Create a new file called bootstrap. This is the custom runtime.", "#!/bin/sh", "done");
        String handler = script(guide, "Example function.sh", "function handler () {", " }");
        Path whole = Functions.file(folder, "whole", "function.sh", handler);
        Functions.file(folder, "whole", "bootstrap", bootstrap);
        Path code = Functions.file(folder, "code", "function.sh", handler);
        Path layer = Functions.file(folder, "layer", "bootstrap", bootstrap);
        try (RunningServer server = RunningServer.start(
                folder.resolve("server"),
                _ -> {},
                function("whole", whole, List.of()),
                function("layered", code, List.of(layer)))) {
            for (String function : List.of("whole", "layered")) {
                Reply reply = server.invoke(function, EVENT);
                assertThat(reply.text()).as(reply.toString()).isEqualTo("Echoing request: '" + EVENT + "'");
                assertThat(server.invoke(function, EVENT).log()).contains(EVENT);
            }
        }
    }
}
