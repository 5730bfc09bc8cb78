package dev.thaw.runtimebridge;

import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.LoggingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Functions for tests. */
final class Functions {
    private Functions() {}

    static DeployedFunction of(String name, Path codeDirectory, int timeoutSec, Map<String, String> environment) {
        return of("provided.al2023", name, codeDirectory, timeoutSec, environment);
    }

    static DeployedFunction of(String name, Path codeDirectory, int timeoutSec, LoggingConfig logging) {
        FunctionConfig config = of(name, codeDirectory, timeoutSec, Map.of()).config();
        return new DeployedFunction(config.withLogging(logging), codeDirectory, List.of(), Map.of(), "us-east-1");
    }

    static DeployedFunction of(
            String runtime, String name, Path codeDirectory, int timeoutSec, Map<String, String> environment) {
        FunctionConfig config = new FunctionConfig(
                name,
                codeDirectory,
                "function.handler",
                runtime,
                "x86_64",
                256,
                timeoutSec,
                512,
                List.of(),
                environment,
                -1);
        return new DeployedFunction(config, codeDirectory, List.of(), Map.of(), "us-east-1");
    }
}
