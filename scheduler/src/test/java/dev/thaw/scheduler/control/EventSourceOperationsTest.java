package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.thaw.results.live.SourceState;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.events.TargetEndpoints;
import dev.thaw.scheduler.events.source.EventSources;
import dev.thaw.scheduler.functions.RootFolder;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.concurrent.CachedEpochClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Over a function {@code f} with version 1 and alias {@code live}, and a queue's server that nobody runs. */
final class EventSourceOperationsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CREATE = "CreateEventSourceMapping";
    private static final String GET = "GetEventSourceMapping";
    private static final String UPDATE = "UpdateEventSourceMapping";
    private static final String DELETE = "DeleteEventSourceMapping";
    private static final String LIST = "ListEventSourceMappings";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String ID = "00000000-0000-0000-0000-000000000001";

    private final StateStore store = StateStore.inMemory();
    private final Transaction transaction = new Transaction(store, problem -> {});
    private final CachedEpochClock clock = new CachedEpochClock();
    private final Catalog catalog = new AttachedOperations().catalog;
    private EventSources sources = sources(URI.create("http://127.0.0.1:1"));
    private EventSourceOperations operations = operations();
    private int lastId;

    private EventSources sources(@Nullable URI sqs) {
        EventInvoker nobody = new EventInvoker() {
            @Override
            public void invoke(FunctionEvent event, Consumer<AttemptResult> result) {
                throw new AssertionError("nothing is received");
            }

            @Override
            public boolean knows(String functionArn) {
                return false;
            }
        };
        return new EventSources(new EventSources.Ports(
                nobody, new TargetEndpoints(sqs, null, null, RootFolder.NONE), clock, problem -> {}));
    }

    private EventSourceOperations operations() {
        return new EventSourceOperations(
                catalog, store, transaction, sources, () -> new UUID(0, ++lastId).toString(), clock);
    }

    @AfterEach
    void close() {
        sources.close();
        store.close();
    }

    private @Nullable JsonNode tried(String operation, String uuid, String body, String... query) {
        Map<String, List<String>> parameters = new HashMap<>();
        for (String parameter : query) {
            String[] pair = parameter.split("=", 2);
            parameters.put(pair[0], List.of(pair[1]));
        }
        ObjectNode json = (ObjectNode) JSON.readTree(body.replace('\'', '"'));
        JsonNode output = Objects.requireNonNull(operations.handlers().get(operation))
                .handle(new OperationInput("request", Map.of("UUID", uuid), parameters, json));
        transaction.commit();
        return output;
    }

    private JsonNode call(String operation, String body, String... query) {
        return Objects.requireNonNull(tried(operation, ID, body, query));
    }

    private void refused(int status, String type, String message, String operation, String uuid, String body) {
        assertThatThrownBy(() -> tried(operation, uuid, body)).isInstanceOfSatisfying(ServiceFault.class, fault -> {
            assertThat(fault.text()).isEqualTo(message);
            assertThat(fault.errorType()).isEqualTo(type);
            assertThat(fault.status()).isEqualTo(status);
        });
    }

    private static String of(String members) {
        return "{'FunctionName':'f','EventSourceArn':'" + QUEUE + "'" + members + "}";
    }

    @Test
    void shouldCreateGetUpdateAndDelete() {
        clock.update(1_500);
        JsonNode created = call(CREATE, of(""));
        assertThat(created)
                .isEqualTo(JSON.readTree(("{'UUID':'" + ID
                                + "','EventSourceMappingArn':'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:"
                                + ID + "','EventSourceArn':'" + QUEUE + "','FunctionArn':'" + FUNCTION
                                + "','BatchSize':10,'MaximumBatchingWindowInSeconds':0,'FunctionResponseTypes':[],"
                                + "'State':'Creating','StateTransitionReason':'USER_INITIATED','LastModified':1.5}")
                        .replace('\'', '"')));
        assertThat(call(GET, "{}").path("State").stringValue()).isEqualTo("Enabled");
        clock.update(4_000);
        JsonNode updated = call(
                UPDATE,
                "{'Enabled':false,'BatchSize':25,'MaximumBatchingWindowInSeconds':2,"
                        + "'FunctionResponseTypes':['ReportBatchItemFailures'],'ScalingConfig':{'MaximumConcurrency':3}}");
        assertThat(updated.path("State").stringValue()).isEqualTo("Disabling");
        JsonNode got = call(GET, "{}");
        assertThat(got.path("State").stringValue()).isEqualTo("Disabled");
        assertThat(got.path("BatchSize").intValue()).isEqualTo(25);
        assertThat(got.path("MaximumBatchingWindowInSeconds").intValue()).isEqualTo(2);
        assertThat(got.at("/FunctionResponseTypes/0").stringValue()).isEqualTo("ReportBatchItemFailures");
        assertThat(got.at("/ScalingConfig/MaximumConcurrency").intValue()).isEqualTo(3);
        assertThat(got.path("LastModified").doubleValue()).isEqualTo(4.0);
        assertThat(call(UPDATE, "{'Enabled':true,'ScalingConfig':{}}")
                        .path("State")
                        .stringValue())
                .isEqualTo("Enabling");
        assertThat(call(GET, "{}").has("ScalingConfig")).isFalse();
        assertThat(call(DELETE, "{}").path("State").stringValue()).isEqualTo("Deleting");
        assertThat(sources.isWorking(ID)).isFalse();
        refused(404, "ResourceNotFoundException", "The resource you requested does not exist.", GET, ID, "{}");
    }

    @Test
    void shouldGoOnWithItsMappingsAfterARestart() {
        call(
                CREATE,
                of(",'FilterCriteria':{'Filters':[{'Pattern':'{\\'body\\':[1]}'}]}")
                        .replace("\\'", "\\\""));
        call(CREATE, "{'FunctionName':'f:live','EventSourceArn':'" + QUEUE + "','Enabled':false}");
        sources.close();
        sources = sources(URI.create("http://127.0.0.1:1"));
        operations = operations();
        operations.resume();
        JsonNode first = call(GET, "{}");
        assertThat(first.path("State").stringValue()).isEqualTo("Enabled");
        assertThat(first.at("/FilterCriteria/Filters/0/Pattern").stringValue()).isEqualTo("{\"body\":[1]}");
        assertThat(sources.isWorking(new UUID(0, 2).toString())).isFalse();
        assertThat(sources.states())
                .extracting(SourceState::source, SourceState::functionArn, SourceState::state)
                .containsExactly(
                        tuple(QUEUE, "arn:aws:lambda:us-east-1:000000000000:function:f", "Enabled"),
                        tuple(QUEUE, "arn:aws:lambda:us-east-1:000000000000:function:f:live", "Disabled"));
        call(DELETE, "{}");
        assertThat(sources.states())
                .singleElement()
                .extracting(SourceState::lastResult)
                .isNull();
    }

    @Test
    void shouldSayWhyAMappingRestsAfterARestartWithoutTheQueuesServer() {
        call(CREATE, of(""));
        sources.close();
        sources = sources(null);
        operations = operations();
        operations.resume();
        JsonNode got = call(GET, "{}");
        assertThat(got.path("State").stringValue()).isEqualTo("Enabling");
        assertThat(got.path("StateTransitionReason").stringValue())
                .isEqualTo("No endpoint is set for queues: start the server with --endpoint sqs=URL.");
    }

    @ParameterizedTest
    @CsvSource({
        "f, ''",
        "f:$LATEST, :$LATEST",
        "f:1, :1",
        "f:live, :live",
        "arn:aws:lambda:us-east-1:000000000000:function:f:live, :live"
    })
    void shouldKeepTheFunctionAsItWasNamed(String name, String qualifier) {
        JsonNode created = call(CREATE, "{'FunctionName':'" + name + "','EventSourceArn':'" + QUEUE + "'}");
        assertThat(created.path("FunctionArn").stringValue()).isEqualTo(FUNCTION + qualifier);
    }

    @Test
    void shouldListByFunctionAndBySource() {
        call(CREATE, of(""));
        call(CREATE, "{'FunctionName':'f:live','EventSourceArn':'" + QUEUE + "'}");
        call(CREATE, "{'FunctionName':'f','EventSourceArn':'" + QUEUE + "2'}");
        assertThat(call(LIST, "{}").path("EventSourceMappings")).hasSize(3);
        assertThat(call(LIST, "{}", "FunctionName=f").path("EventSourceMappings"))
                .hasSize(2);
        assertThat(call(LIST, "{}", "FunctionName=f:live").path("EventSourceMappings"))
                .hasSize(1);
        assertThat(call(LIST, "{}", "EventSourceArn=" + QUEUE + "2").path("EventSourceMappings"))
                .hasSize(1);
        JsonNode page = call(LIST, "{}", "MaxItems=2");
        String marker = page.path("NextMarker").stringValue();
        assertThat(call(LIST, "{}", "MaxItems=2", "Marker=" + marker).path("EventSourceMappings"))
                .hasSize(1);
    }

    private static String kafka(String members) {
        return "{'FunctionName':'f','SelfManagedEventSource':{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':['127.0.0.1:1']}},"
                + "'Topics':['t'],'StartingPosition':'TRIM_HORIZON'" + members + "}";
    }

    @Test
    void shouldCreateAMappingOfATopic() {
        JsonNode created = call(CREATE, kafka(""));
        assertThat(created.path("BatchSize").intValue()).isEqualTo(100);
        assertThat(created.has("EventSourceArn")).isFalse();
        assertThat(created.at("/SelfManagedEventSource/Endpoints/KAFKA_BOOTSTRAP_SERVERS/0")
                        .stringValue())
                .isEqualTo("127.0.0.1:1");
        assertThat(created.at("/SelfManagedKafkaEventSourceConfig/ConsumerGroupId")
                        .stringValue())
                .isEqualTo(ID);
        assertThat(created.at("/Topics/0").stringValue()).isEqualTo("t");
        assertThat(created.path("StartingPosition").stringValue()).isEqualTo("TRIM_HORIZON");
        assertThat(created.path("LastProcessingResult").stringValue()).isEqualTo("No records processed");
        JsonNode updated = call(
                UPDATE,
                "{'Enabled':false,'MaximumRetryAttempts':3,'MaximumRecordAgeInSeconds':60,"
                        + "'BisectBatchOnFunctionError':true,"
                        + "'DestinationConfig':{'OnFailure':{'Destination':'" + QUEUE + "'}}}");
        assertThat(updated.path("MaximumRetryAttempts").intValue()).isEqualTo(3);
        assertThat(updated.path("MaximumRecordAgeInSeconds").intValue()).isEqualTo(60);
        assertThat(updated.path("BisectBatchOnFunctionError").booleanValue()).isTrue();
        assertThat(updated.at("/DestinationConfig/OnFailure/Destination").stringValue())
                .isEqualTo(QUEUE);
        refused(
                409,
                "ResourceConflictException",
                "An event source mapping with event source (\"127.0.0.1:1\"), function (\"" + FUNCTION
                        + "\"), topics (\"t\") already exists. Please update or delete the existing mapping with UUID "
                        + ID,
                CREATE,
                ID,
                kafka(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ",'Topics':['a','b'] | Topics: 2, must be one.",
                ",'StartingPosition':null | 1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
                ",'StartingPosition':'AT_TIMESTAMP' | StartingPositionTimestamp is needed with StartingPosition AT_TIMESTAMP, and with no other.",
                ",'ScalingConfig':{} | Unsupported ScalingConfig parameter for given event source mapping type.",
                ",'SourceAccessConfigurations':[] | SourceAccessConfigurations is not served here.",
                ",'DestinationConfig':{'OnFailure':{'Destination':'arn:aws:lambda:us-east-1:000000000000:function:g'}} | DestinationConfig: arn:aws:lambda:us-east-1:000000000000:function:g: must be a queue, a topic or a folder",
            })
    void shouldRefuseWhatDoesNotBelongToATopic(String members, String message) {
        refused(400, "InvalidParameterValueException", message, CREATE, ID, kafka(members));
    }

    @Test
    void shouldRefuseASecondMappingOfTheSamePair() {
        call(CREATE, of(""));
        refused(
                409,
                "ResourceConflictException",
                "An event source mapping with SQS arn (\" " + QUEUE + " \") and function (\" f \") already exists."
                        + " Please update or delete the existing mapping with UUID " + ID,
                CREATE,
                ID,
                of(""));
    }

    @Test
    void shouldOutliveItsFunction() {
        call(CREATE, of(""));
        catalog.removeFunction("f");
        assertThat(call(GET, "{}").path("State").stringValue()).isEqualTo("Enabled");
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, UPDATE, DELETE})
    void shouldSayWhichAreNotThere(String operation) {
        refused(
                404,
                "ResourceNotFoundException",
                "The resource you requested does not exist.",
                operation,
                "11111111-1111-1111-1111-111111111111",
                "{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'FunctionName':'g','EventSourceArn':'arn:aws:sqs:us-east-1:000000000000:q'} | Function does not exist",
                "{'FunctionName':'f'} | Unrecognized event source.",
                "{'FunctionName':'f','EventSourceArn':'arn:aws:kinesis:us-east-1:000000000000:stream/s'} | Event sources of service kinesis are not served here: queues (sqs) and self-managed Kafka are.",
                "{'FunctionName':'f','EventSourceArn':'arn:aws:sqs:us-east-1:000000000000:q.fifo'} | FIFO queues are no event source here: only standard queues are.",
                "{'FunctionName':'f','SelfManagedEventSource':{}} | SelfManagedEventSource: KAFKA_BOOTSTRAP_SERVERS must not be empty.",
            })
    void shouldRefuseWhatItCannotRead(String body, String message) {
        refused(400, "InvalidParameterValueException", message, CREATE, ID, body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ",'BatchSize':11 | Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
                ",'DestinationConfig':{} | Unsupported DestinationConfig parameter for given event source mapping type.",
                ",'BisectBatchOnFunctionError':true | Unsupported BisectBatchOnFunctionError parameter for given event source mapping type.",
                ",'MaximumRetryAttempts':1 | Unsupported MaximumRetryAttempts parameter for given event source mapping type.",
                ",'StartingPosition':'LATEST' | StartingPosition is not valid for SQS event sources.",
                ",'KMSKeyArn':'arn:aws:kms:us-east-1:000000000000:key/k' | KMSKeyArn is not served here.",
                ",'FilterCriteria':{'Filters':[{'Pattern':'x'}]} | Invalid filter pattern definition: must be JSON",
            })
    void shouldRefuseWhatDoesNotBelongToAQueue(String members, String message) {
        refused(400, "InvalidParameterValueException", message, CREATE, ID, of(members));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ",'BatchSize':0 | Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
                ",'BatchSize':10001 | Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
                ",'MaximumBatchingWindowInSeconds':301 | Value '301' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member must have value less than or equal to 300",
                ",'StartingPosition':'invalid' | Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
                ",'ScalingConfig':{'MaximumConcurrency':1} | Value '1' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 2",
            })
    void shouldHoldTheServiceModel(String members, String violation) {
        refused(400, "ValidationException", "1 validation error detected: " + violation, CREATE, ID, of(members));
    }
}
