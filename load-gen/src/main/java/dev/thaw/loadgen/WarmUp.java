package dev.thaw.loadgen;

import dev.thaw.results.ServerRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Lets the JIT compile the driver before a run: sends requests to a responder of its own on the loopback interface, so
 * that no function is invoked. Without it the first second of a run is late by the compiler's time.
 *
 * <p>Threading: {@link #run} blocks its caller; the responder has one thread for each connection, {@code thaw-load-warm}.
 */
public final class WarmUp {
    private static final int CONNECTIONS = 4;
    private static final double RATE_PER_SEC = 10_000;
    private static final String THREAD = "thaw-load-warm";

    private final byte[] response = response();
    private final ServerSocket server;
    private int requestBytes;

    private WarmUp(ServerSocket server) {
        this.server = server;
    }

    /** Half of the time open loop, half as fast as it goes. */
    public static void run(long durationNs, NanoClock clock) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress())) {
            new WarmUp(server).drive(durationNs / 2, clock);
        }
    }

    private void drive(long durationNs, NanoClock clock) throws InterruptedException {
        Target target =
                Target.invokeApi("http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
        DriverConfig config = DriverConfig.of(target)
                .withConnections(CONNECTIONS, CONNECTIONS)
                .withTimeouts(DriverConfig.DEFAULT_REQUEST_TIMEOUT_NS, durationNs);
        LoadPlan.Function function = new LoadPlan.Function("warm", 128, Payload.Spin.of(128));
        requestBytes = new RequestTemplate(target, function, config.recordWanted()).copiedBytes();
        Thread acceptor = new Thread(this::accept, THREAD);
        acceptor.setDaemon(true);
        acceptor.start();
        try (OpenLoopDriver driver = new OpenLoopDriver(config, clock)) {
            driver.connect();
            LoadPlan plan = LoadPlan.of(function, durationNs, () -> ArrivalSequence.poisson(RATE_PER_SEC, 1));
            driver.run(plan, sample -> {}, clock.nanoTime());
        }
        try (OpenLoopDriver driver = new OpenLoopDriver(config, clock)) {
            driver.runClosedLoop(List.of(function), CONNECTIONS, durationNs, sample -> {}, clock.nanoTime());
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread thread = new Thread(() -> answer(socket), THREAD);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // The warm-up is over and its socket closed.
        }
    }

    /** Requests are all of one length. */
    private void answer(Socket socket) {
        byte[] request = new byte[requestBytes];
        try (socket) {
            InputStream in = socket.getInputStream();
            while (in.readNBytes(request, 0, requestBytes) == requestBytes) {
                socket.getOutputStream().write(response);
            }
        } catch (IOException e) {
            // The warm-up is over and its connection closed.
        }
    }

    private static byte[] response() {
        ServerRecord record = new ServerRecord();
        record.clear();
        byte[] text = new byte[ServerRecord.MAX_ENCODED_LENGTH];
        String value = new String(text, 0, record.encode(text), StandardCharsets.US_ASCII);
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + ServerRecord.HEADER + ": " + value
                        + "\r\nContent-Length: 2\r\n\r\n{}")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
