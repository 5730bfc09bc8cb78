package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.FunctionEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A function that answers at once, or not until it is told to. */
final class FakeFunction implements EventInvoker {
    private static final JsonMapper JSON = new JsonMapper();

    final List<JsonNode> events = new ArrayList<>();
    final List<String> traceIds = new ArrayList<>();
    final List<Consumer<AttemptResult>> waiting = new ArrayList<>();
    Function<JsonNode, AttemptResult> answer = event -> ran("null");
    boolean answersAtOnce = true;
    boolean known = true;

    static AttemptResult ran(String body) {
        return new AttemptResult.Ran("$LATEST", false, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static AttemptResult failed() {
        return new AttemptResult.Ran("$LATEST", true, new byte[0]);
    }

    @Override
    public void invoke(FunctionEvent event, Consumer<AttemptResult> result) {
        JsonNode payload = JSON.readTree(event.payload());
        events.add(payload);
        traceIds.add(event.traceId());
        if (answersAtOnce) {
            result.accept(answer.apply(payload));
        } else {
            waiting.add(result);
        }
    }

    @Override
    public boolean knows(String functionArn) {
        return known;
    }

    /** How many records each event had. */
    List<Integer> sizes() {
        return events.stream().map(event -> event.path("Records").size()).toList();
    }
}
