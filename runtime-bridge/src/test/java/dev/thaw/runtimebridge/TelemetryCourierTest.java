package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches over real sockets, HTTP and TCP. */
final class TelemetryCourierTest {
    private static final int BOUND_MS = 20_000;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final BlockingQueue<String> heard = new ArrayBlockingQueue<>(16);
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        Epoll.ensureAvailability();
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        server.setSoTimeout(BOUND_MS);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private TelemetryCourier courier(String request) {
        TelemetrySubscription.Destination destination =
                new TelemetrySubscription.Destination(server.getLocalPort(), request);
        return new TelemetryCourier(destination, TelemetryCourierTest::connect, loop);
    }

    /** As the sandbox does: non-blocking, still connecting. */
    private static void connect(int port, IntConsumer connected) {
        try {
            io.netty.channel.unix.Socket socket = io.netty.channel.unix.Socket.newSocketStream();
            boolean _ = socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            connected.accept(socket.intValue());
        } catch (IOException refused) {
            connected.accept(-111);
        }
    }

    private void send(TelemetryCourier courier, String batch) {
        loop.execute(() -> courier.send(batch.getBytes(StandardCharsets.UTF_8), new TelemetryCarrier.Listener() {
            @Override
            public void onDelivered() {
                heard.add("delivered");
            }

            @Override
            public void onRefused(String reason) {
                heard.add("refused: " + reason);
            }

            @Override
            public void onUnreachable(String reason) {
                heard.add("unreachable: " + reason);
            }
        }));
    }

    private String await() throws InterruptedException {
        return String.valueOf(heard.poll(BOUND_MS, TimeUnit.MILLISECONDS));
    }

    private static String readRequest(Socket from) throws IOException {
        from.setSoTimeout(BOUND_MS);
        StringBuilder text = new StringBuilder();
        InputStream in = from.getInputStream();
        while (text.indexOf("]") < 0) {
            text.append((char) in.read());
        }
        return text.toString();
    }

    private static void answer(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        to.getOutputStream().flush();
    }

    @Test
    void shouldPostAnArrayAndKeepTheConnection() throws Exception {
        TelemetryCourier courier = courier("POST /in HTTP/1.1\r\nHost: sandbox.localdomain:80");
        send(courier, "[1]");
        try (Socket subscriber = server.accept()) {
            assertThat(readRequest(subscriber))
                    .isEqualTo("POST /in HTTP/1.1\r\nHost: sandbox.localdomain:80\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]");
            assertThat(heard).isEmpty();
            answer(subscriber, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(await()).isEqualTo("delivered");
            send(courier, "[2]");
            assertThat(readRequest(subscriber)).endsWith("[2]");
            answer(subscriber, "HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(await()).isEqualTo("delivered");
        }
    }

    @Test
    void shouldConnectAnewWhereTheSubscriberClosedOrSaidSo() throws Exception {
        TelemetryCourier courier = courier("POST / HTTP/1.1\r\nHost: sandbox:80");
        for (String answer : new String[] {
            "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        }) {
            send(courier, "[1]");
            try (Socket subscriber = server.accept()) {
                readRequest(subscriber);
                answer(subscriber, answer);
            }
            assertThat(await()).isEqualTo("delivered");
        }
    }

    @Test
    void shouldTellWhatTheSubscriberRefused() throws Exception {
        TelemetryCourier courier = courier("POST / HTTP/1.1\r\nHost: sandbox:80");
        send(courier, "[1]");
        try (Socket subscriber = server.accept()) {
            readRequest(subscriber);
            answer(subscriber, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
            assertThat(await()).isEqualTo("refused: subscriber answered with status 503");
        }
    }

    @Test
    void shouldTellThatAConnectionEndedWithoutAnAnswer() throws Exception {
        TelemetryCourier courier = courier("POST / HTTP/1.1\r\nHost: sandbox:80");
        for (String answer : new String[] {"", "no http at all\r\n\r\n"}) {
            send(courier, "[1]");
            try (Socket subscriber = server.accept()) {
                readRequest(subscriber);
                answer(subscriber, answer);
            }
            assertThat(await()).startsWith("unreachable: ");
        }
    }

    @Test
    void shouldTellThatNobodyListens() throws Exception {
        TelemetryCourier courier = courier("POST / HTTP/1.1\r\nHost: sandbox:80");
        server.close();
        send(courier, "[1]");
        assertThat(await()).startsWith("unreachable: ");
    }

    @Test
    void shouldWriteLinesOverTcp() throws Exception {
        TelemetryCourier courier = courier("");
        send(courier, "1\n2\n");
        try (Socket subscriber = server.accept()) {
            assertThat(await()).isEqualTo("delivered");
            assertThat(new String(subscriber.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("1\n2\n");
        }
    }

    @Test
    void shouldCloseAConnectionThatComesTooLate() throws Exception {
        TelemetryCourier courier = courier("");
        loop.execute(courier::close);
        send(courier, "1\n");
        try (Socket subscriber = server.accept()) {
            subscriber.setSoTimeout(BOUND_MS);
            assertThat(subscriber.getInputStream().read()).isEqualTo(-1);
        }
    }
}
