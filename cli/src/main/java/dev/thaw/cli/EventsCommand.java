package dev.thaw.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code thaw events}: sample events of other services, as handlers of their types expect them. */
@Command(
        name = "events",
        description = "List sample events, or print one, for thaw invoke --payload.",
        mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {
    /** Each is a resource {@code events/NAME.json}. */
    static final List<String> NAMES =
            List.of("apigateway-v1", "apigateway-v2", "dynamodb", "kinesis", "s3", "schedule", "ses", "sns", "sqs");

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which one (default: list their names).")
    private @Nullable String name;

    @Override
    public Integer call() throws IOException {
        if (name != null && !NAMES.contains(name)) {
            throw new WrongUse("NAME: '" + name + "', must be one of " + String.join(", ", NAMES));
        }
        System.out.println(name == null ? String.join("\n", NAMES) : sample(name));
        return 0;
    }

    /** JSON as it is printed. */
    static String sample(String name) throws IOException {
        try (InputStream in = EventsCommand.class.getResourceAsStream("events/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("sample event " + name + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
