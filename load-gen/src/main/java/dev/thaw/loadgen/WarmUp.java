package dev.thaw.loadgen;

import dev.thaw.loadgen.trace.ArrivalSequence;
import dev.thaw.results.Rehearsal;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunRecorder;
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
 * Lets the JIT compile the driver and the recorder before a run: sends requests to a responder of its own on the loopback
 * interface, so that no function is invoked. Without it the first seconds of a run are late by the compiler's time.
 *
 * <p>Threading: {@link #run} blocks its caller; the responder has one thread for each connection, {@code thaw-load-warm}.
 */
public final class WarmUp {
    private static final int CONNECTIONS = 4;
    private static final double RATE_PER_SEC = 10_000;
    private static final long ROUND_NS = 250_000_000L;
    /** Before a round's first start, as before a run's: its first wait is a long one. */
    private static final long LEAD_NS = 20_000_000L;

    private static final List<RunPlan.RunFunction> RECORDED = List.of(new RunPlan.RunFunction("warm", 128, "unknown"));
    /** Compiling this much of a round's time is as good as none. */
    private static final long QUIET_MS = 10;

    private static final int QUIET_ROUNDS = 4;
    private static final String THREAD = "thaw-load-warm";

    /** As of our server and as of others, which send no record: what was compiled for one alone would be thrown away. */
    private final byte[][] responses = {ownResponse(), foreignResponse()};

    private final ServerSocket server;
    private final NanoClock clock;
    private final Target target;
    private final List<LoadPlan.Function> functions = List.of(
            new LoadPlan.Function("warm", 128, Payload.Spin.of(128)),
            new LoadPlan.Function("warm", 128, new Payload.Fixed(ascii("{}"))));
    private final DriverConfig config;
    private volatile int requestBytes;

    private WarmUp(ServerSocket server, NanoClock clock) {
        this.server = server;
        this.clock = clock;
        target = Target.invokeApi("http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
        config = DriverConfig.of(target)
                .withConnections(CONNECTIONS, CONNECTIONS)
                .withTimeouts(DriverConfig.DEFAULT_REQUEST_TIMEOUT_NS, ROUND_NS);
    }

    /**
     * Rounds of a quarter of a second, in turn open loop and as fast as it goes, until the compiler has come to rest, for
     * {@code atMostNs}.
     *
     * @throws IOException where the loopback interface or the folder for temporary files fails
     */
    public static void run(long atMostNs, NanoClock clock) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress())) {
            new WarmUp(server, clock).drive(clock.nanoTime() + atMostNs);
        }
    }

    private void drive(long untilNanoTime) throws IOException, InterruptedException {
        Thread acceptor = new Thread(this::accept, THREAD);
        acceptor.setDaemon(true);
        acceptor.start();
        CompilerWatch compiler = new CompilerWatch();
        int quiet = 0;
        for (int round = 0; quiet < QUIET_ROUNDS && clock.nanoTime() - untilNanoTime < 0; round++) {
            try (Rehearsal rehearsal =
                    new Rehearsal(RECORDED)) { // afresh: a recorder's histograms grow in its first moments
                round(round, rehearsal.recorder());
            }
            quiet = compiler.spentMs() <= QUIET_MS ? quiet + 1 : 0;
        }
    }

    private void round(int round, RunRecorder recorder) throws InterruptedException {
        SampleSink sink = SampleSink.into(recorder);
        LoadPlan.Function function = functions.get(round / 2 % functions.size());
        requestBytes = new RequestTemplate(config, function, 0).copiedBytes();
        try (OpenLoopDriver driver = new OpenLoopDriver(config, clock)) {
            driver.connect();
            driver.tellCpuWaits(recorder);
            long startNs = clock.nanoTime() + LEAD_NS;
            if (round % 2 == 0) {
                ArrivalSequence arrivals = round % 4 == 0
                        ? ArrivalSequence.poisson(RATE_PER_SEC, round)
                        : ArrivalSequence.constant(RATE_PER_SEC);
                LoadPlan plan = LoadPlan.of(List.of(function), ROUND_NS, () -> arrivals);
                driver.run(plan, sink, startNs);
            } else {
                driver.runClosedLoop(List.of(function), CONNECTIONS, ROUND_NS, sink, startNs);
            }
        }
    }

    private void accept() {
        try {
            for (int connection = 0; ; connection++) {
                byte[] response = responses[connection % responses.length];
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread thread = new Thread(() -> answer(socket, response), THREAD);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // The warm-up is over and its socket closed.
        }
    }

    /** Requests of a round are all of one length. */
    private void answer(Socket socket, byte[] response) {
        byte[] request = new byte[requestBytes];
        try (socket) {
            InputStream in = socket.getInputStream();
            while (in.readNBytes(request, 0, request.length) == request.length) {
                socket.getOutputStream().write(response);
            }
        } catch (IOException e) {
            // The warm-up is over and its connection closed.
        }
    }

    private static byte[] ownResponse() {
        ServerRecord record = new ServerRecord();
        record.clear();
        byte[] text = new byte[ServerRecord.MAX_ENCODED_LENGTH];
        String value = new String(text, 0, record.encode(text), StandardCharsets.US_ASCII);
        return ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + ServerRecord.HEADER + ": " + value
                + "\r\nContent-Length: 2\r\n\r\n{}");
    }

    private static byte[] foreignResponse() {
        return ascii("HTTP/1.1 200 OK\r\nServer: warm-up\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                + "Content-Type: text/plain\r\nContent-Length: 6\r\nConnection: keep-alive\r\n\r\n\"warm\"");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
