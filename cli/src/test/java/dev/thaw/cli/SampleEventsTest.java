package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code thaw events} prints is what typed handlers read (contract.md section 6.6). */
final class SampleEventsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @SuppressWarnings("UnusedVariable") // by its name, below
    private static final List<String> NAMES = EventsCommand.NAMES;

    /** As a managed Java runtime gives it to a handler of this type. */
    private static <T> T read(String name, Class<T> type) throws IOException {
        byte[] json = EventsCommand.sample(name).getBytes(StandardCharsets.UTF_8);
        ClassLoader loader = SampleEventsTest.class.getClassLoader();
        return LambdaEventSerializers.serializerFor(type, loader).fromJson(new ByteArrayInputStream(json));
    }

    @Test
    void shouldGiveHandlersOfTypesWhatTheyExpect() throws IOException {
        assertThat(read("s3", S3Event.class)
                        .getRecords()
                        .getFirst()
                        .getS3()
                        .getObject()
                        .getKey())
                .isEqualTo("2024/beach.jpg");
        assertThat(read("sns", SNSEvent.class).getRecords().getFirst().getSNS().getMessage())
                .isEqualTo("The kettle is on.");
        assertThat(read("sqs", SQSEvent.class).getRecords().getFirst().getBody())
                .isEqualTo("{\"order\":17,\"item\":\"teapot\"}");
        DynamodbEvent table = read("dynamodb", DynamodbEvent.class);
        AttributeValue key = Objects.requireNonNull(
                table.getRecords().getFirst().getDynamodb().getKeys().get("isbn"));
        assertThat(key.getS()).isEqualTo("978-0-00-000000-2");
        assertThat(StandardCharsets.UTF_8
                        .decode(read("kinesis", KinesisEvent.class)
                                .getRecords()
                                .getFirst()
                                .getKinesis()
                                .getData())
                        .toString())
                .isEqualTo("{\"celsius\":7.5}");
        assertThat(read("apigateway-v1", APIGatewayProxyRequestEvent.class).getPath())
                .isEqualTo("/teas/assam");
        assertThat(read("apigateway-v2", APIGatewayV2HTTPEvent.class)
                        .getRequestContext()
                        .getHttp()
                        .getMethod())
                .isEqualTo("POST");
        assertThat(read("schedule", ScheduledEvent.class).getDetailType()).isEqualTo("Scheduled Event");
    }

    /** Types for mails are not among those of handlers in Java. */
    @Test
    void shouldHaveAMailsSubjectWhereHandlersLook() throws IOException {
        JsonNode mail = JSON.readTree(EventsCommand.sample("ses"));
        assertThat(mail.at("/Records/0/ses/mail/commonHeaders/subject").stringValue())
                .isEqualTo("Cocoa, please");
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void shouldPrintOneByItsName(String name) {
        Cli run = Cli.run("events", name);
        assertThat(run.exit()).isZero();
        assertThat(JSON.readTree(run.out()).isEmpty()).isFalse();
    }

    @Test
    void shouldListTheirNames() {
        Cli run = Cli.run("events");
        assertThat(run.out().lines()).containsExactlyElementsOf(EventsCommand.NAMES);
        assertThat(run.exit()).isZero();
    }

    @Test
    void shouldSayWhichThereAre() {
        Cli run = Cli.run("events", "fax");
        assertThat(run.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(run.errLines())
                .containsExactly("thaw: NAME: 'fax', must be one of apigateway-v1, apigateway-v2, dynamodb, kinesis,"
                        + " s3, schedule, ses, sns, sqs");
    }
}
