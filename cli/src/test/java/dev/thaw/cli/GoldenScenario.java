package dev.thaw.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls that lead to the answers of one recording, as {@code golden.replay} writes them: one call a line, {@code step
 * Operation {input} name=/pointer}. The step names the recorded answer, {@code -} where there is none; what the pointer
 * finds in an answer stands for {@code $name} afterwards. {@code ~path} leaves a known difference out.
 *
 * @param recording name of the recorded test
 */
record GoldenScenario(String recording, List<Call> calls) {
    private static final Pattern LINE = Pattern.compile("(\\S+) ([A-Z]\\w+) (\\{.*})((?: \\w+=/\\S+| ~/?\\S+)*)");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    /** @param kept pointers into the answer, by variable */
    record Call(String step, String operation, String input, Map<String, String> kept, List<String> ignored) {
        static Call parse(String line) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a call: " + line);
            }
            Map<String, String> kept = new LinkedHashMap<>();
            List<String> ignored = new ArrayList<>();
            for (String word : matcher.group(4).strip().split(" ", -1)) {
                if (word.startsWith("~")) {
                    ignored.add(word.substring(1));
                } else if (!word.isEmpty()) {
                    kept.put(word.split("=", 2)[0], word.split("=", 2)[1]);
                }
            }
            return new Call(matcher.group(1), matcher.group(2), matcher.group(3), kept, ignored);
        }
    }

    /** All of a file: {@code = name} begins one, {@code #} a comment. */
    static List<GoldenScenario> parse(List<String> lines) {
        List<GoldenScenario> scenarios = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("= ")) {
                scenarios.add(new GoldenScenario(line.substring(2).strip(), new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                scenarios.getLast().calls().add(Call.parse(line.strip()));
            }
        }
        return scenarios;
    }

    /** Makes the calls; every difference from what was recorded, with its step. */
    List<String> replay(
            JsonNode recorded,
            Map<String, String> constants,
            GoldenMatch match,
            BiFunction<String, JsonNode, GoldenMatch.Answer> client) {
        Map<String, String> variables = new HashMap<>(constants);
        List<String> differences = new ArrayList<>();
        for (Call call : calls) {
            GoldenMatch.Answer answer = client.apply(call.operation, JSON.readTree(filled(call.input, variables)));
            call.kept.forEach((name, pointer) ->
                    variables.put(name, answer.json().at(pointer).asString("")));
            if (call.step.equals("-")) {
                if (answer.status() >= 300 && !call.ignored.contains("failure")) {
                    differences.add("- " + call.operation + ": " + answer);
                }
            } else {
                compare(call, recorded, match, answer, differences);
            }
        }
        return differences;
    }

    private static void compare(
            Call call, JsonNode recorded, GoldenMatch match, GoldenMatch.Answer answer, List<String> differences) {
        JsonNode expected = recorded.at("/" + call.step);
        if (expected.isMissingNode()) {
            differences.add(call.step + ": no such recorded step");
            return;
        }
        for (String difference : match.differences(expected, answer)) {
            if (call.ignored.stream().noneMatch(difference::startsWith)) {
                differences.add(call.step + " " + difference);
            }
        }
    }

    private static String filled(String input, Map<String, String> variables) {
        return VARIABLE.matcher(input).replaceAll(variable -> {
            String value = variables.get(variable.group(1));
            return Matcher.quoteReplacement(value == null ? variable.group() : value);
        });
    }
}
