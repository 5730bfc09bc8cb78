package dev.thaw.cli;

import dev.thaw.results.CauseText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thaw invoke}: one synchronous invocation of a running server; response on stdout, log tail on stderr. */
@Command(
        name = "invoke",
        description = "Invoke a function once and print its response.",
        mixinStandardHelpOptions = true)
final class InvokeCommand implements Callable<Integer> {
    private static final int EXIT_FUNCTION_ERROR = 1;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FUNCTION", description = "Name or ARN.")
    private String function = "";

    @Option(names = "--payload", paramLabel = "JSON|@FILE", description = "The event (default: ${DEFAULT-VALUE}).")
    private String payload = "{}";

    @Option(
            names = "--log-type",
            paramLabel = "None|Tail",
            description = "Tail prints the last 4 KB of the log on stderr.")
    private String logType = "None";

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = HttpUrls.class,
            description = "The server (default: ${DEFAULT-VALUE}).")
    private URI url = ServeCommand.DEFAULT_URL;

    @Mixin
    private SigningOptions signing = new SigningOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        String path = "/2015-03-31/functions/" + URLEncoder.encode(function, StandardCharsets.UTF_8) + "/invocations";
        HttpRequest request = SigningOptions.request(
                        signing.credentials(),
                        "POST",
                        url.resolve(path),
                        Map.of("X-Amz-Log-Type", logType, "Content-Type", "application/json"),
                        body())
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return print(client.send(request, BodyHandlers.ofByteArray()));
        } catch (ConnectException e) {
            throw new IOException("no server at " + url + ": start one with 'thaw serve'", e);
        } catch (IOException e) {
            throw new IOException("no answer from " + url + ": " + CauseText.of(e), e);
        }
    }

    private byte[] body() {
        if (!payload.startsWith("@")) {
            return payload.getBytes(StandardCharsets.UTF_8);
        }
        Path file = Path.of(payload.substring(1));
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new WrongUse("--payload: cannot read " + file + ": " + CauseText.of(e));
        }
    }

    private int print(HttpResponse<byte[]> response) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        response.headers()
                .firstValue("X-Amz-Log-Result")
                .ifPresent(tail -> err.print(new String(Base64.getDecoder().decode(tail), StandardCharsets.UTF_8)));
        OutputStream out = System.out;
        out.write(response.body());
        out.write('\n');
        out.flush();
        if (response.statusCode() != 200) {
            err.println("thaw: " + url + " answered " + response.statusCode() + " "
                    + response.headers().firstValue("x-amzn-ErrorType").orElse(""));
        }
        err.flush();
        boolean functionError =
                response.headers().firstValue("X-Amz-Function-Error").isPresent();
        return response.statusCode() != 200 || functionError ? EXIT_FUNCTION_ERROR : 0;
    }
}
