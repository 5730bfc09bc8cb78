import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * An external extension on the JDK alone: subscribes to the platform's telemetry and prints what it gets. It does not
 * ask for the function's output: what it prints is part of that.
 */
final class TelemetryPrinter {
    private static final String API = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API");
    private static final String IDENTIFIER = "Lambda-Extension-Identifier";
    private static final int PORT = 4244;

    private TelemetryPrinter() {}

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 0);
        server.createContext("/", TelemetryPrinter::print);
        server.start();
        HttpURLConnection registration = call("POST", "/2020-01-01/extension/register", "Lambda-Extension-Name", args[0]);
        send(registration, "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}");
        read(registration);
        String id = registration.getHeaderField(IDENTIFIER);
        HttpURLConnection subscription = call("PUT", "/2022-07-01/telemetry", IDENTIFIER, id);
        send(subscription, """
                {"schemaVersion":"2022-12-13","types":["platform"],"buffering":{"timeoutMs":25},
                 "destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:%d/"}}""".formatted(PORT));
        read(subscription);
        String event = "";
        while (!event.contains("\"SHUTDOWN\"")) {
            event = read(call("GET", "/2020-01-01/extension/event/next", IDENTIFIER, id));
            System.out.println("event " + event);
        }
        server.stop(1); // the last telemetry is on its way
    }

    private static void print(HttpExchange exchange) throws IOException {
        System.out.println("telemetry " + text(exchange.getRequestBody()));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static HttpURLConnection call(String method, String path, String header, String value) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(API + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty(header, value);
        return connection;
    }

    private static void send(HttpURLConnection connection, String body) throws IOException {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(HttpURLConnection connection) throws IOException {
        return text(connection.getInputStream());
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
