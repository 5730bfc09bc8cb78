package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.CreateFailed;
import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.RecordedEvents.Exited;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.StartStages;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.microvm.FirecrackerContract.Play;
import dev.thaw.sandbox.microvm.MicroVmConfig.Choice;
import dev.thaw.sandbox.microvm.MicroVmConfig.Program;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import dev.thaw.sandbox.microvm.images.GuestMount;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way of a function in Firecracker, but for Firecracker: in its place, in the real jail, a program that only
 * sleeps; its API and its vsock are played from outside of the jail, and the guest is the real init without a machine.
 */
@Tag("slow")
final class FirecrackerMachineTest {
    private static final String SLEEPER = "#include <unistd.h>\nint main(void) { for (;;) pause(); }\n";
    private static final String BOOTSTRAP = """
            api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
            event=$(curl -s $api/next)
            curl -s -d "$event, and back" $api/1/response
            echo done; exec sleep 1000
            """;

    private static final long STEP_NS = 1_000_000;

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();
    private final CompletableFuture<FirecrackerContract> contract = new CompletableFuture<>();
    /** Whoever asks it finds that it was set back by an hour. */
    private final AtomicLong epochSec = new AtomicLong(1_800_000_000);

    private final AtomicLong monotonicNs = new AtomicLong();
    private final CompletableFuture<GuestProcess> guest = new CompletableFuture<>();
    private Path program;
    private MicroVmBackend backend;

    @BeforeEach
    void open() throws Exception {
        GuestBox.require();
        boolean can = Stream.of("gcc", "bwrap", "curl")
                .allMatch(name -> HostPrograms.find(name).isPresent());
        if (!can) {
            System.out.println("skipped: Firecracker's jail is tried where gcc, bwrap and curl are there");
        }
        Assumptions.assumeTrue(can);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path source = Files.writeString(folder.resolve("sleeper.c"), SLEEPER);
        program = folder.resolve("firecracker");
        Process compiler = new ProcessBuilder("gcc", "-O1", "-o", program.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();
        MicroVmConfig config =
                new MicroVmConfig(OptionalInt.empty(), folder, Choice.AUTO, Program.FIRECRACKER, 0, Set.of());
        backend = new MicroVmBackend(
                config,
                new AnyFiles(source),
                () -> Instant.ofEpochSecond(epochSec.addAndGet(-3_600)),
                () -> monotonicNs.addAndGet(STEP_NS),
                it -> new VmmChoice(config, () -> "", new Firecracker(program.toString()), () -> ""));
    }

    @AfterEach
    void close() throws IOException {
        if (backend != null) {
            backend.close();
        }
        if (guest.isDone()) {
            guest.join().close();
        }
        if (contract.isDone()) {
            contract.join().close();
        }
    }

    /** A kernel and disks that nobody reads, and where the real init finds its function. */
    private record AnyFiles(Path any) implements GuestFiles {
        @Override
        public Boot boot(Architecture architecture) {
            return new Boot(any, any, "quiet", "0");
        }

        @Override
        public Disks disks(SandboxSpec spec) {
            List<GuestMount> mounts = List.of(
                    new GuestMount.Bind(GuestMount.IMAGE, GuestMount.ROOT),
                    new GuestMount.Bind("/usr", "/root/usr"),
                    new GuestMount.Bind("/task", "/root/var/task"));
            return new Disks(List.of(any, any), mounts);
        }
    }

    /** Serves Firecracker's API in the jail of the program that sleeps there, as soon as it does. */
    private void playFirecracker(Play play, String request) {
        Thread.ofPlatform().name("fc-finder").daemon().start(() -> {
            try {
                long pid = findSleeper();
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Path socket = Path.of("/proc/" + pid + "/root" + FirecrackerControl.API_SOCKET);
                CompletableFuture<Path> bound = new CompletableFuture<>();
                backend.spawner().execute(() -> {
                    try {
                        server.bind(UnixDomainSocketAddress.of(socket));
                        bound.complete(socket);
                    } catch (IOException failure) {
                        bound.completeExceptionally(failure);
                    }
                });
                bound.join();
                contract.complete(new FirecrackerContract(server, () -> startGuest(pid), play, request));
            } catch (IOException | RuntimeException failure) {
                contract.completeExceptionally(failure);
            }
        });
    }

    private long findSleeper() {
        List<ProcessHandle> found = sleepers();
        while (found.isEmpty()) {
            found = sleepers();
        }
        return found.getFirst().pid();
    }

    private List<ProcessHandle> sleepers() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.info()
                            .command()
                            .filter(program.toString()::equals)
                            .isPresent())
                    .toList();
        }
    }

    /** As the guest's kernel and Firecracker would: a connection to the host's port is one to a path of the jail. */
    private void startGuest(long pid) {
        String path = "/proc/" + pid + "/root" + FirecrackerControl.VSOCK + "_" + FirecrackerControl.CHANNEL_PORT;
        long fd = LocalSocket.connect(path);
        if (fd < 0) {
            guest.completeExceptionally(new AssertionError("nobody listens for the guest: errno " + -fd));
        } else {
            guest.complete(new GuestProcess(folder, Map.of("bootstrap", BOOTSTRAP), fd << 32 | 0xffff_ffffL));
        }
    }

    private SandboxSpec spec() {
        return Functions.spec("fire-" + ProcessHandle.current().pid(), Functions.shell(folder, "code", BOOTSTRAP), 128);
    }

    @Test
    void shouldCarryAnInvocation() {
        playFirecracker(Play.HONEST, "");
        backend.create(spec(), events);
        Sandbox sandbox = events.await(Created.class).sandbox();
        assertThat(contract.join().asked).startsWith("PUT /machine-config").endsWith("PUT /actions");
        StartStages stages = sandbox.startStages();
        assertThat(stages.vmmNs() + stages.kernelNs() + stages.initNs())
                .as("order, first word, creation")
                .isEqualTo(2 * STEP_NS);
        FdSocket api = new FdSocket(sandbox.takeRuntimeApiFd());
        int output = sandbox.takeOutputFd();
        sandbox.start(true);
        FdSocket next = api.accept();
        assertThat(next.readUntil("\r\n\r\n")).startsWith("GET /2018-06-01/runtime/invocation/next ");
        next.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nthere");
        FdSocket response = api.accept();
        assertThat(response.readUntil("and back")).endsWith("\r\n\r\nthere, and back");
        response.write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        assertThat(GuestBox.read(output, "done")).contains("done");
        sandbox.freeze();
        sandbox.thaw();
        sandbox.destroy();
        events.await(Destroyed.class);
        assertThat(sleepers()).isEmpty();
    }

    @Test
    void shouldTellThatFirecrackerIsGone() {
        playFirecracker(Play.HONEST, "");
        backend.create(spec(), events);
        Sandbox sandbox = events.await(Created.class).sandbox();
        FdSocket api = new FdSocket(sandbox.takeRuntimeApiFd());
        sandbox.start(true);
        api.accept().readUntil("\r\n\r\n");
        sleepers().forEach(ProcessHandle::destroyForcibly);
        assertThat(events.await(Exited.class).status().signal()).isEqualTo(Kernel.SIGKILL);
        sandbox.destroy();
        events.await(Destroyed.class);
    }

    @Test
    void shouldTellWhatFirecrackerRefuses() {
        playFirecracker(Play.REFUSE, "PUT /vsock");
        backend.create(spec(), events);
        assertThat(events.await(CreateFailed.class).reason())
                .contains("Firecracker refuses PUT /vsock with 400: played: no way");
    }

    @Test
    void shouldTellThatItsSocketIsGone() {
        playFirecracker(Play.VANISH, "PUT /boot-source");
        backend.create(spec(), events);
        assertThat(events.await(CreateFailed.class).reason())
                .contains("Firecracker closed its socket before it answered PUT /boot-source");
    }
}
