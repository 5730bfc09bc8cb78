package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.SamTemplate;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The template of the developer guide's tutorial, complete with queue and table, taken from the guide's text where that
 * lies beside the checkout. The text has lost its indentation, its policies and the values of two variables: the first is
 * put back by line, the second have no effect here, the third stand where the next page begins.
 */
final class TutorialTemplateTest {
    private static final Path GUIDE = Path.of("../../shared/seeds/003_50d764b17c0b3329.txt");
    private static final String FIRST = "AWSTemplateFormatVersion: '2010-09-09'";
    /** Of each line that is left. */
    private static final String INDENTATION = "0000122333333" + "343443434" + "3433455663455122312";

    private static final Map<String, String> MENDED = Map.of(
            "CodeUri:", "CodeUri: .",
            "Description: \"'", "Description: ''",
            "LAMBDATACTABLE_TABLE_NAME:", "LAMBDAIACTABLE_TABLE_NAME: !Ref LambdaIaCTable",
            "LAMBDAIACTABLE_TABLE_ARN:", "LAMBDAIACTABLE_TABLE_ARN: !GetAtt LambdaIaCTable.Arn",
            "Type: AWS::SQS: :Queue", "Type: AWS::SQS::Queue");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void shouldServeTheTutorialsTemplate() throws IOException {
        boolean there = Files.exists(GUIDE);
        if (!there) {
            System.out.println("skipped: TutorialTemplateTest, no " + GUIDE);
        }
        Assumptions.assumeTrue(there);
        Path app = Files.createDirectory(folder.resolve("app"));
        Path file = Files.writeString(app.resolve("template.yaml"), template());
        Files.writeString(app.resolve("lambda_function.py"), "def lambda_handler(event, context): return event");

        TemplateFunction function = SamTemplate.readAll(file).getFirst();

        assertThat(function.config().environment())
                .containsEntry("LAMBDAIACTABLE_TABLE_NAME", "LambdaIaCTable")
                .containsEntry(
                        "LAMBDAIACTABLE_TABLE_ARN", "arn:aws:dynamodb:us-east-1:000000000000:table/LambdaIaCTable");
        try (ControlBed bed = new ControlBed(folder.resolve("state"), List.of(function))) {
            List<String> notes =
                    new TemplateOperations(bed.plane, TemplateTriggers.NONE, () -> bed.nowMs).apply(List.of(function));
            JsonNode configuration = bed.of("GetFunctionConfiguration", "LambdaIaCDemo");
            assertThat(configuration.path("Runtime").asString()).isEqualTo("python3.11");
            assertThat(configuration.path("MemorySize").asInt()).isEqualTo(128);
            JsonNode invoke = bed.of("GetFunctionEventInvokeConfig", "LambdaIaCDemo");
            assertThat(invoke.path("MaximumEventAgeInSeconds").asInt()).isEqualTo(21_600);
            assertThat(invoke.path("MaximumRetryAttempts").asInt()).isEqualTo(2);
            // Here no event sources are served: the queue's is told, and nothing else.
            assertThat(notes).singleElement().asString().contains("Events.LambdaIaCQueue of LambdaIaCDemo");
        }
    }

    private static String template() throws IOException {
        List<String> guide =
                Files.readAllLines(GUIDE).stream().map(String::strip).toList();
        List<String> text = guide.subList(guide.lastIndexOf(FIRST), guide.size());
        List<String> lines = new ArrayList<>(text.subList(0, text.indexOf("Policies:")));
        int table = text.indexOf("Type: AWS::DynamoDB::Table");
        lines.addAll(text.subList(text.indexOf("Events:"), table + 1));
        lines.removeIf(String::isEmpty);
        assertThat(lines).hasSize(INDENTATION.length());
        StringBuilder template = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            template.append("  ".repeat(INDENTATION.charAt(i) - '0'))
                    .append(MENDED.getOrDefault(line, line))
                    .append('\n');
        }
        return template.toString();
    }
}
