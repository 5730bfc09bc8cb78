package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of processes, and those that no sandbox has a part in. */
final class FaultsTest extends FaultContract {
    @Override
    String backend() {
        return "process";
    }

    @Override
    boolean outlivesItsProcesses() {
        return true;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GARBAGE\r\n\r\n",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: minus\r\n\r\n",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost x\r\n\r\n"
            })
    void shouldRefuseMalformedHttp(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            String answer = readToEnd(socket);

            assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("Malformed HTTP request");
        }
    }
}
