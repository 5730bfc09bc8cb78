package dev.thaw.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Bench;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.CreateFailed;
import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol of {@link Sandbox} with real processes (contract.md 1.4, 1.8, 2.4 to 2.6). */
@Tag("slow")
final class ProcessSandboxLifecycleTest {
    @TempDir
    static Path folder;

    private static ProcessBackend backend;

    @BeforeAll
    static void open() {
        Functions.requireFullIsolation();
        backend = new ProcessBackend();
    }

    @AfterAll
    static void close() {
        if (backend != null) {
            backend.close();
        }
    }

    private Bench bench(String name, String script) {
        return new Bench(backend, Functions.spec(name, Functions.shell(folder, name, script)));
    }

    @Test
    void shouldReportTheSignalThatEndedTheRuntime() {
        try (Bench bench = bench("signal", "kill -SEGV $$").start()) {
            bench.outputAfter(new ExitStatus(-1, 11, false));
        }
    }

    @Test
    void shouldTellACommandNotFoundFromAMissingBootstrap() {
        try (Bench bench = bench("notfound", "exit 127").start()) {
            bench.outputAfter(new ExitStatus(127, 0, false, false));
        }
    }

    @Test
    void shouldConnectToAPortInsideTheSandbox() throws InterruptedException {
        Path code = Functions.python(folder, "listen", """
                import socket
                s = socket.create_server(("127.0.0.1", 8080))
                print("listening", flush=True)
                print(s.accept()[0].recv(5))
                """);
        try (Bench bench = new Bench(backend, Functions.spec("listen", code)).start()) {
            bench.outputUntil(output -> output.contains("listening"));
            int fd = connect(bench, 8080);
            Kernel.write(fd, new byte[] {'h', 'e', 'l', 'l', 'o'});
            assertThat(bench.outputAfter(new ExitStatus(0, 0, false))).isEqualTo("b'hello'\n");
            Kernel.close(fd);
        }
    }

    @Test
    void shouldSayThatThereIsNoSandboxToConnectTo() throws InterruptedException {
        Bench bench = bench("gone", "exit 0").start();
        bench.close();
        assertThat(connect(bench, 8080)).isEqualTo(-Kernel.ESRCH);
    }

    private static int connect(Bench bench, int port) throws InterruptedException {
        BlockingQueue<Integer> connected = new ArrayBlockingQueue<>(1);
        bench.sandbox.connectInside(port, connected::add);
        return connected.take();
    }

    @Test
    void shouldServeTheRuntimeApiSocketInsideTheSandbox() {
        Path code = Functions.python(folder, "connect", """
                import socket, os
                s = socket.create_connection(("127.0.0.1", 9001))
                print("connected", os.environ["AWS_LAMBDA_RUNTIME_API"])
                """);
        try (Bench bench = new Bench(backend, Functions.spec("connect", code)).start()) {
            assertThat(bench.sandbox.runtimeApiAddress()).isEqualTo("127.0.0.1:9001");
            assertThat(bench.outputAfter(new ExitStatus(0, 0, false))).isEqualTo("connected 127.0.0.1:9001\n");
        }
    }

    @Test
    void shouldKeepTmpOverResetAndStartAgain() {
        String script = "cat /tmp/kept 2>/dev/null; echo first > /tmp/kept; (sleep 1000 &) ; sleep 1000";
        try (Bench bench = bench("reset", script + " & echo up; wait").start()) {
            bench.outputUntil(text -> text.contains("up\n"));
            bench.reset();
            bench.sandbox.start(false);
            assertThat(bench.outputUntil(text -> text.contains("up\n"))).contains("first\n");
            bench.reset();
            bench.start();
            assertThat(bench.outputUntil(text -> text.contains("up\n"))).contains("first\n");
            assertThat(bench.events.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldHaveTheKernelKillARuntimeWhoseMemoryIsFilledAndGiveTheMemoryBack() {
        try (Bench bench = bench("filled", "echo up; sleep 1000").start()) {
            for (int round = 1; round <= 2; round++) {
                bench.outputUntil(text -> text.contains("up\n"));
                bench.sandbox.exhaustMemory();
                bench.outputAfter(new ExitStatus(-1, 9, true));
                assertThat(bench.stats().oomKills).isGreaterThanOrEqualTo(round);
                bench.reset();
                bench.start();
            }
            bench.outputUntil(text -> text.contains("up\n"));
            assertThat(bench.events.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldFillTheMemoryBeforeTheStartAndInAResetAndADestroy() {
        try (Bench bench = bench("filled-early", "echo up; sleep 1000")) {
            bench.sandbox.exhaustMemory();
            bench.outputAfter(new ExitStatus(-1, 9, true));
            bench.reset();
            bench.start();
            bench.outputUntil(text -> text.contains("up\n"));
            bench.sandbox.exhaustMemory();
            bench.sandbox.reset();
            bench.events.skipTo(RecordedEvents.Reset.class);
            bench.sandbox.exhaustMemory();
        }
    }

    @Test
    void shouldResetAfterACrash() {
        try (Bench bench = bench("crash", "echo run; exit 1").start()) {
            bench.outputAfter(new ExitStatus(1, 0, false));
            bench.reset();
            bench.start();
            assertThat(bench.outputAfter(new ExitStatus(1, 0, false))).isEqualTo("run\n");
        }
    }

    @Test
    void shouldBoundTmpAndKillNoNeighbour() {
        String fill = "head -c 600000000 /dev/zero > /tmp/big; wc -c < /tmp/big; rm /tmp/big; echo done";
        Path code = Functions.shell(folder, "fill", fill);
        try (Bench bench = new Bench(backend, Functions.spec("fill", code, 1024)).start()) {
            String output = bench.outputAfter(new ExitStatus(0, 0, false));
            assertThat(output).contains("No space left on device").contains((512 << 20) + "\n");
        }
    }

    @Test
    void shouldKillAnOverrunOfMemoryAndNothingElse() {
        Path hungry = Functions.python(folder, "hungry", "x = bytearray(400 << 20)\nprint('survived')\n");
        try (Bench neighbour = bench("neighbour", "echo up; sleep 1000").start()) {
            neighbour.outputUntil(text -> text.contains("up"));
            try (Bench bench = new Bench(backend, Functions.spec("hungry", hungry, 128)).start()) {
                assertThat(bench.outputAfter(new ExitStatus(-1, 9, true))).doesNotContain("survived");
                assertThat(bench.stats().oomKills).isPositive();
                assertThat(bench.stats().peakMemoryBytes).isBetween(100L << 20, 128L << 20);
                bench.reset();
                bench.start();
                bench.outputAfter(new ExitStatus(-1, 9, true));
            }
            assertThat(neighbour.stats().oomKills).isZero();
            assertThat(neighbour.events.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldBoundTheNumberOfProcesses() {
        Path code = Functions.python(folder, "forks", """
                import os, time
                n = 0
                try:
                    while n < 2000:
                        if os.fork() == 0: time.sleep(1000)
                        n += 1
                except OSError as e: print(n, e.errno)
                """);
        try (Bench bench = new Bench(backend, Functions.spec("forks", code, 3008)).start()) {
            String[] words =
                    bench.outputUntil(text -> text.contains("\n")).strip().split(" ", -1);
            assertThat(Integer.parseInt(words[0])).isBetween(1000, 1024);
            assertThat(words[1]).isEqualTo("11");
        }
    }

    @Test
    void shouldBoundTheNumberOfDescriptors() {
        Path code = Functions.python(folder, "files", """
                import os
                last = 0
                try:
                    while last < 5000: last = os.dup(0)
                except OSError as e: print(last, e.errno)
                """);
        try (Bench bench = new Bench(backend, Functions.spec("files", code, 128)).start()) {
            assertThat(bench.outputUntil(text -> text.contains("\n")).strip()).isEqualTo("1023 24");
        }
    }

    @Test
    void shouldBuildManyAtOnce() {
        Path code = Functions.shell(folder, "many", "echo up; sleep 1000");
        List<RecordedEvents> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RecordedEvents events = new RecordedEvents();
            backend.create(Functions.spec("many" + i, code), events);
            all.add(events);
        }
        for (RecordedEvents events : all) {
            Sandbox sandbox = events.await(Created.class).sandbox();
            int api = sandbox.takeRuntimeApiFd();
            sandbox.start(true);
            sandbox.destroy();
            events.await(Destroyed.class);
            Kernel.close(api);
        }
    }

    @Test
    void shouldRefuseANameInUseAndACodeFolderThatIsNot() {
        try (Bench bench = bench("twice", "sleep 1000")) {
            RecordedEvents events = new RecordedEvents();
            backend.create(Functions.spec("twice", folder), events);
            assertThat(events.await(CreateFailed.class).reason()).isEqualTo("sandbox twice: the name is in use");
            backend.create(Functions.spec("nowhere", folder.resolve("nowhere")), events);
            assertThat(events.await(CreateFailed.class).reason())
                    .contains("nowhere does not exist")
                    .doesNotContain("\n");
            assertThat(bench.events.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldRunForeignCodeByEmulation() throws Exception {
        Architecture foreign = Architecture.host() == Architecture.X86_64 ? Architecture.ARM64 : Architecture.X86_64;
        String compiler = foreign == Architecture.ARM64 ? "aarch64-linux-gnu-gcc" : "x86_64-linux-gnu-gcc";
        boolean ready = HostPrograms.find(compiler).isPresent()
                && HostPrograms.find(HostPrograms.emulator(foreign)).isPresent();
        if (!ready) {
            System.out.println("skipped: no " + compiler + " or no emulator of " + foreign.key());
        }
        Assumptions.assumeTrue(ready);
        Path code = Files.createDirectory(folder.resolve("foreign"));
        Path source = Files.writeString(
                folder.resolve("foreign.c"),
                "#include <stdio.h>\n#include <sys/utsname.h>\nint main(void){struct utsname u;uname(&u);puts(u.machine);return 5;}\n");
        int compiled = new ProcessBuilder(
                        compiler, "-static", "-o", code.resolve("bootstrap").toString(), source.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(compiled).isZero();
        SandboxSpec native64 = Functions.spec("foreign", code);
        SandboxSpec spec =
                new SandboxSpec("foreign", foreign, code, List.of(), Map.of(), 256, 512, native64.environment());
        try (Bench bench = new Bench(backend, spec).start()) {
            assertThat(bench.sandbox.emulated()).isTrue();
            assertThat(bench.outputAfter(new ExitStatus(5, 0, false)))
                    .isEqualTo(foreign == Architecture.ARM64 ? "aarch64\n" : "x86_64\n");
        }
    }

    @Test
    void shouldMergeLayersTheLaterOneOnTop() throws IOException {
        Path one = Functions.shell(folder, "layer1", "exit 1");
        Path two = Functions.shell(folder, "layer2", "cat /opt/one /opt/both; exit 2");
        Files.writeString(one.resolve("one"), "one\n");
        Files.writeString(one.resolve("both"), "covered\n");
        Files.writeString(two.resolve("both"), "two\n");
        Path empty = Files.createDirectories(folder.resolve("nocode"));
        SandboxSpec spec = new SandboxSpec(
                "layers",
                Architecture.host(),
                empty,
                List.of(one, two),
                Map.of(),
                256,
                512,
                Functions.spec("layers", empty).environment());
        try (Bench bench = new Bench(backend, spec).start()) {
            assertThat(bench.outputAfter(new ExitStatus(2, 0, false))).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void shouldRunAManagedRuntimeOverThePackagesOwn() throws IOException {
        Path runtime = Functions.shell(folder, "runtime", "cat /var/runtime/name /var/lang/name; exit 2");
        Path language = Files.createDirectories(folder.resolve("language"));
        Files.writeString(runtime.resolve("name"), "client\n");
        Files.writeString(language.resolve("name"), "language\n");
        Path code = Functions.shell(folder, "managed", "exit 1");
        SandboxSpec spec = new SandboxSpec(
                "managed",
                Architecture.host(),
                code,
                List.of(),
                Map.of(SandboxSpec.RUNTIME_DIRECTORY, runtime, SandboxSpec.LANGUAGE_DIRECTORY, language),
                256,
                512,
                Functions.spec("managed", code).environment());
        try (Bench bench = new Bench(backend, spec).start()) {
            assertThat(bench.outputAfter(new ExitStatus(2, 0, false))).isEqualTo("client\nlanguage\n");
        }
    }
}
