package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thaw.runtimebridge.DeployedFunction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.ObjectName;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ProvisionedConcurrencyStatusEnum;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** What the management API asks of the data plane, done with real sandboxes: limits, provisioning, updates under load. */
@Tag("slow")
final class ConcurrencyManagementTest {
    private static final String TELL =
            "handler () { echo \"\\\"$AWS_LAMBDA_INITIALIZATION_TYPE $AWS_LAMBDA_FUNCTION_VERSION\\\"\"; }\n";

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireProgram("curl");
        server = RunningServer.startManaged(folder);
        lambda = LambdaClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(client -> client.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
        }
    }

    @Test
    void shouldKeepNothingOfWhatUpdatesReplaced() throws Exception {
        create("replaced");
        long before = deployments(); // of other tests' servers, too
        for (int update = 0; update < 40; update++) {
            String secret = "secret" + update;
            lambda.updateFunctionConfiguration(request -> request.functionName("replaced")
                    .environment(environment -> environment.variables(Map.of("KEY", secret))));
        }
        lambda.invoke(request -> request.functionName("replaced"));
        lambda.deleteFunction(request -> request.functionName("replaced"));

        // What is retired is let go of within a cycle of the scheduler.
        long kept = deployments();
        for (int look = 0; look < 100 && kept >= before + 20; look++) {
            kept = deployments();
        }
        assertThat(kept).isLessThan(before + 20);
    }

    /** Deployed functions that something still refers to, by the virtual machine's own count. */
    private static long deployments() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .toString()
                .lines()
                .filter(line -> line.contains(DeployedFunction.class.getName()))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[1]))
                .sum();
    }

    private static void create(String name) throws IOException {
        SdkBytes code = SdkBytes.fromByteArray(AwsCli.zipped(TutorialCode.whole(TELL)));
        lambda.createFunction(request -> request.functionName(name)
                .handler("function.handler")
                .runtime(Runtime.PROVIDED_AL2023)
                .role("arn:aws:iam::123456789012:role/lambda-role")
                .code(source -> source.zipFile(code)));
        lambda.waiter().waitUntilFunctionActiveV2(request -> request.functionName(name));
    }

    private static String told(String name) {
        InvokeResponse response = lambda.invoke(request -> request.functionName(name));
        return response.payload().asUtf8String().strip();
    }

    @Test
    void shouldInitialiseAPublishedVersionAhead() throws IOException {
        create("ahead");
        lambda.publishVersion(request -> request.functionName("ahead"));
        lambda.createAlias(request -> request.functionName("ahead").name("PROD").functionVersion("1"));
        assertThatThrownBy(() -> lambda.putProvisionedConcurrencyConfig(request ->
                        request.functionName("ahead").qualifier("$LATEST").provisionedConcurrentExecutions(2)))
                .isInstanceOf(InvalidParameterValueException.class);

        lambda.putProvisionedConcurrencyConfig(
                request -> request.functionName("ahead").qualifier("PROD").provisionedConcurrentExecutions(2));
        Await.until(
                "it is ready",
                () -> lambda.getProvisionedConcurrencyConfig(
                                        request -> request.functionName("ahead").qualifier("PROD"))
                                .status()
                        == ProvisionedConcurrencyStatusEnum.READY);

        assertThat(told("ahead:PROD")).isEqualTo("\"provisioned-concurrency 1\"");
        assertThat(told("ahead")).isEqualTo("\"on-demand $LATEST\"");
    }

    @Test
    void shouldShowWhatARuleProvisions() throws IOException {
        create("ruled");
        lambda.publishVersion(request -> request.functionName("ruled"));
        try (AutoScaling _ = new AutoScaling(
                        List.of(AutoScaleRule.parse("ruled:1=2..3")),
                        server.deployments(),
                        server::provision,
                        SystemEpochClock.INSTANCE)
                .start()) {
            Await.until(
                    "its configuration is there",
                    () -> !lambda.listProvisionedConcurrencyConfigs(request -> request.functionName("ruled"))
                            .provisionedConcurrencyConfigs()
                            .isEmpty());
        }
        assertThat(lambda.getProvisionedConcurrencyConfig(
                                request -> request.functionName("ruled").qualifier("1"))
                        .requestedProvisionedConcurrentExecutions())
                .isEqualTo(2);
    }

    @Test
    void shouldSwitchAllVersionsOffAndOnAgain() throws IOException {
        create("limited");
        lambda.publishVersion(request -> request.functionName("limited"));
        lambda.putFunctionConcurrency(request -> request.functionName("limited").reservedConcurrentExecutions(0));
        for (String name : List.of("limited", "limited:1")) {
            TooManyRequestsException refused = catchThrowableOfType(TooManyRequestsException.class, () -> told(name));
            assertThat(refused.reasonAsString()).isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
        }

        lambda.deleteFunctionConcurrency(request -> request.functionName("limited"));

        assertThat(told("limited:1")).isEqualTo("\"on-demand 1\"");
    }

    @Test
    void shouldServeEveryInvocationWhileTheFunctionIsChanged() throws Exception {
        create("changing");
        AtomicBoolean stop = new AtomicBoolean();
        Callable<List<String>> load = () -> {
            List<String> answers = new ArrayList<>();
            while (!stop.get()) {
                answers.add(told("changing"));
            }
            return answers;
        };
        FutureTask<List<String>> running = new FutureTask<>(load);
        Thread.ofPlatform().name("load").start(running);
        for (int change = 0; change < 10; change++) {
            int memoryMib = 128 + change;
            lambda.updateFunctionConfiguration(
                    request -> request.functionName("changing").memorySize(memoryMib));
            lambda.waiter().waitUntilFunctionUpdatedV2(request -> request.functionName("changing"));
        }
        stop.set(true);

        assertThat(running.get()).isNotEmpty().allMatch("\"on-demand $LATEST\""::equals);
    }
}
