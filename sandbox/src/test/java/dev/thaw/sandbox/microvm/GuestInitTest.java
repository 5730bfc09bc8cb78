package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.microvm.images.GuestMount;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real init and the real channel, without a machine between them. */
@Tag("slow")
final class GuestInitTest {
    @TempDir
    Path folder;

    @BeforeEach
    void requireInit() {
        GuestBox.require();
    }

    @Test
    void shouldConfineTheRuntime() {
        String script = """
                id -u; id -g; hostname; pwd; echo "$A"; cat /etc/hosts; cat /proc/self/status
                touch /var/task/x 2>/dev/null || echo read-only
                df -k /tmp | tail -1; echo all
                """;
        try (GuestBox box = new GuestBox(folder, Map.of("run", script))
                .variable("A", "a b=c")
                .prepare("run")) {
            int output = box.guest.takeOutputFd();
            box.guest.start();
            String text = GuestBox.read(output, "all\n");
            assertThat(text).startsWith("993\n990\nguest-test\n/var/task\na b=c\n");
            assertThat(text).contains("sandbox.localdomain", "read-only", "NoNewPrivs:\t1", "Seccomp:\t2", " 16384 ");
            assertThat(text).contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000");
            box.expect("exited 0 0");
        }
    }

    @Test
    void shouldCarryConnectionsToTheRuntimeApi() {
        String script = "exec curl -s --data-binary @/usr/bin/sort http://127.0.0.1:9001/response\n";
        try (GuestBox box = new GuestBox(folder, Map.of("run", script)).prepare("run")) {
            int output = box.guest.takeOutputFd();
            FdSocket api = new FdSocket(box.guest.takeRuntimeApiFd());
            box.guest.start();
            FdSocket connection = api.accept();
            long size = folder.getFileSystem().getPath("/usr/bin/sort").toFile().length();
            String head = connection.readUntil("\r\n\r\n");
            assertThat(head).startsWith("POST /response HTTP/1.1").contains("Content-Length: " + size);
            connection.skip(size);
            connection.write("HTTP/1.1 202 Accepted\r\nContent-Length: 3\r\n\r\nyes");
            assertThat(GuestBox.read(output, "yes")).isEqualTo("yes");
            box.expect("exited 0 0");
            assertThat(connection.readToEnd()).isEmpty();
        }
    }

    @Test
    void shouldServeMoreConnectionsThanThereAreNumbers() {
        String script = """
                exec python3 -c 'import socket
                all = [socket.create_connection(("127.0.0.1", 9001)) for i in range(150)]
                for c in all: c.sendall(b"?\\n")
                print(sum(len(c.makefile("rb").read()) for c in all), flush=True)'
                """;
        try (GuestBox box = new GuestBox(folder, Map.of("run", script)).prepare("run")) {
            int output = box.guest.takeOutputFd();
            FdSocket api = new FdSocket(box.guest.takeRuntimeApiFd());
            box.guest.start();
            for (int i = 0; i < 150; i++) {
                FdSocket connection = api.accept();
                connection.readUntil("\n");
                connection.write("yes");
                connection.close();
            }
            assertThat(GuestBox.read(output, "\n")).isEqualTo("450\n");
        }
    }

    /** The server closes behind a long answer: whoever reads slowly still gets all of it. */
    @Test
    void shouldDeliverAnAnswerToItsEndAfterTheServerHasClosed() {
        String script = """
                exec python3 -c 'import socket, time
                c = socket.create_connection(("127.0.0.1", 9001)); c.sendall(b"?\\n"); print("asked", flush=True)
                time.sleep(0.3); print(len(c.makefile("rb").read()), flush=True)'
                """;
        try (GuestBox box = new GuestBox(folder, Map.of("run", script)).prepare("run")) {
            int output = box.guest.takeOutputFd();
            FdSocket api = new FdSocket(box.guest.takeRuntimeApiFd());
            box.guest.start();
            FdSocket connection = api.accept();
            connection.readUntil("\n");
            assertThat(connection.tryWrite(new byte[4 << 20])).isTrue();
            connection.close();
            assertThat(GuestBox.read(output, "4194304")).contains("asked\n4194304");
        }
    }

    @Test
    void shouldNotHoldMoreThanAWindowForARuntimeThatDoesNotRead() {
        String script = "exec 3<>/dev/tcp/127.0.0.1/9001; echo >&3; kill -STOP $$; cat <&3 | wc -c\n";
        try (GuestBox box = new GuestBox(folder, Map.of("run", "exec /bin/bash -c '" + script + "'")).prepare("run")) {
            int output = box.guest.takeOutputFd();
            FdSocket api = new FdSocket(box.guest.takeRuntimeApiFd());
            box.guest.start();
            FdSocket connection = api.accept();
            connection.readUntil("\n");
            int sent = connection.writeWhatFits(16 << 20);
            assertThat(sent).isBetween(Frames.WINDOW_BYTES, 8 << 20);
            box.guest.connectInside(1, ignored -> {}); // others go on
            box.guest.kill();
            box.expect("exited 0 9");
            connection.close();
            assertThat(output).isPositive();
        }
    }

    @Test
    void shouldStartExtensionsFirstAndHideVariables() {
        Map<String, String> scripts = Map.of(
                "run", "echo runtime $SECRET $(pwd)\n",
                "one", "echo one $SECRET $PUBLIC $(pwd); exit 3\n",
                "two", "echo two; exec sleep 1000\n");
        try (GuestBox box = new GuestBox(folder, scripts)
                .extension("one")
                .extension("two")
                .variable("SECRET", "secret")
                .variable("PUBLIC", "public")
                .prepare("run")) {
            int output = box.guest.takeOutputFd();
            int extensionOutput = box.guest.takeExtensionOutputFd();
            box.guest.start();
            box.expect("exited 0 768");
            assertThat(GuestBox.read(extensionOutput, "public")).contains("one public /\n");
            box.guest.startRuntime();
            assertThat(GuestBox.read(output, "\n")).isEqualTo("runtime secret /var/task\n");
            box.expect("exited 2 0");
            box.guest.kill();
            box.expect("exited 1 9");
        }
    }

    @Test
    void shouldTerminateAndKillTheRuntimeAlone() {
        Map<String, String> scripts = Map.of(
                "run", "trap 'echo asked' TERM; echo up; while :; do sleep 1000 & wait $!; done\n",
                "one", "exec sleep 1000\n");
        try (GuestBox box = new GuestBox(folder, scripts).extension("one").prepare("run")) {
            int output = box.guest.takeOutputFd();
            box.guest.start();
            box.guest.startRuntime();
            GuestBox.read(output, "up\n");
            box.guest.terminateRuntime();
            GuestBox.read(output, "asked\n");
            box.guest.killRuntime();
            box.expect("exited 1 9");
            box.guest.kill();
            box.expect("exited 0 9");
        }
    }

    @Test
    void shouldKeepTmpThroughAReset() {
        String script = "cat /tmp/kept 2>/dev/null; echo kept >/tmp/kept; echo up; sleep 1000 & exec sleep 1000\n";
        try (GuestBox box = new GuestBox(folder, Map.of("run", script)).prepare("run")) {
            int first = box.guest.takeOutputFd();
            int firstApi = box.guest.takeRuntimeApiFd();
            box.guest.start();
            GuestBox.read(first, "up\n");
            box.guest.reset();
            box.expect("reset");
            int second = box.guest.takeOutputFd();
            assertThat(box.guest.takeRuntimeApiFd()).isNotEqualTo(-1).isNotEqualTo(firstApi);
            box.guest.start();
            assertThat(GuestBox.read(second, "up\n")).isEqualTo("kept\nup\n");
        }
    }

    @Test
    void shouldConnectInside() throws Exception {
        String script = """
                exec python3 -c 'import socket
                s = socket.socket(); s.bind(("127.0.0.1", 8080)); s.listen(); print("up", flush=True)
                c = s.accept()[0]; c.sendall(c.recv(100).upper()); c.close()
                s.accept()'
                """;
        try (GuestBox box = new GuestBox(folder, Map.of("run", script)).prepare("run")) {
            int output = box.guest.takeOutputFd();
            box.guest.start();
            GuestBox.read(output, "up\n");
            FdSocket connection = new FdSocket(box.connect(8080));
            connection.write("hello");
            assertThat(connection.readToEnd()).isEqualTo("HELLO");
            int refused = -111;
            assertThat(box.connect(8081)).isEqualTo(refused);
        }
    }

    @Test
    void shouldAskAgainWhatWaitedAtACheckpoint() {
        String script = """
                exec python3 -c 'import http.client
                c = http.client.HTTPConnection("127.0.0.1", 9001)
                c.request("POST", "/first", b"x" * 9000); c.getresponse().read()
                c.request("GET", "/next"); print(c.getresponse().read(), flush=True)'
                """;
        try (GuestBox box = new GuestBox(folder, Map.of("run", script)).prepare("run")) {
            int output = box.guest.takeOutputFd();
            FdSocket api = new FdSocket(box.guest.takeRuntimeApiFd());
            box.guest.start();
            FdSocket before = api.accept();
            before.readUntil("xxx\0".substring(0, 3));
            before.skip(8997);
            before.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            String asked = before.readUntil("\r\n\r\n");
            assertThat(asked).startsWith("GET /next");
            box.guest.checkpoint();
            box.expect("checkpointed");
            assertThat(before.readToEnd()).isEmpty();
            box.guest.restored(1_700_000_000_000_000_000L, 1);
            box.expect("ready");
            FdSocket after = api.accept();
            assertThat(after.readUntil("\r\n\r\n")).isEqualTo(asked);
            after.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevent");
            assertThat(GuestBox.read(output, "event")).contains("b'event'");
            box.expect("exited 0 0");
        }
    }

    @Test
    void shouldSayWhyItCannotBePrepared() {
        try (GuestBox box = new GuestBox(folder, Map.of())) {
            box.expect("ready");
            box.guest.prepare(new GuestSpec(
                    993,
                    990,
                    1 << 20,
                    10,
                    1 << 20,
                    "x",
                    "/",
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of("/bin/true"),
                    List.of(new GuestMount.Bind("/nothing", "/root")),
                    ByteBuffer.allocate(0)));
            assertThat(box.events.next())
                    .startsWith("prepare failed: cannot bind")
                    .contains("/root: errno 2");
        }
    }

    @Test
    void shouldTellThatAProgramCannotRun() {
        try (GuestBox box = new GuestBox(folder, Map.of()).prepare("missing")) {
            int output = box.guest.takeOutputFd();
            box.guest.start();
            assertThat(GuestBox.read(output, "\n")).isEqualTo("cannot execute /var/task/missing\n");
            box.expect("exited 0 32512");
        }
    }

    @Test
    void shouldEndWithItsChannel() {
        try (GuestBox box = new GuestBox(folder, Map.of("run", "exec sleep 1000")).prepare("run")) {
            box.guest.start();
            box.guest.powerOff();
            assertThat(box.events.next()).startsWith("lost: the machine's end of the channel is closed");
        }
    }
}
