package dev.thaw.cli;

import dev.thaw.results.ServerRecord;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's answer to an invocation, with everything that it can tell. {@code rawBody} has a character for each byte. */
record Reply(
        int status,
        String rawBody,
        String functionError,
        String errorType,
        String requestId,
        String executedVersion,
        String log,
        String header) {
    private static final Pattern DURATION = Pattern.compile("\tDuration: (\\d+\\.\\d\\d) ms");

    static Reply of(HttpResponse<byte[]> response) {
        byte[] log = Base64.getDecoder().decode(header(response, "x-amz-log-result"));
        return new Reply(
                response.statusCode(),
                new String(response.body(), StandardCharsets.ISO_8859_1),
                header(response, "x-amz-function-error"),
                header(response, "x-amzn-errortype"),
                header(response, "x-amzn-requestid"),
                header(response, "x-amz-executed-version"),
                new String(log, StandardCharsets.UTF_8),
                header(response, ServerRecord.HEADER));
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The very bytes. */
    byte[] body() {
        return rawBody.getBytes(StandardCharsets.ISO_8859_1);
    }

    String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    ServerRecord server() {
        ServerRecord record = new ServerRecord();
        if (!record.decode(header)) {
            throw new AssertionError("no record in " + this);
        }
        return record;
    }

    /** The number that a one-member object such as {@code {"count":3}} holds. */
    long number() {
        return Long.parseLong(text().replaceAll("\\{\"\\w+\":(-?\\d+)}", "$1"));
    }

    /** The last line of the log: REPORT. */
    String report() {
        return log.lines()
                .filter(line -> line.startsWith("REPORT "))
                .findFirst()
                .orElse("");
    }

    double durationMs() {
        Matcher matcher = DURATION.matcher(report());
        if (!matcher.find()) {
            throw new AssertionError("no Duration in " + this);
        }
        return Double.parseDouble(matcher.group(1));
    }

    @Override
    public String toString() {
        return status + " " + errorType + " " + functionError + " "
                + text().substring(0, Math.min(500, text().length())) + "\n" + log;
    }
}
