package dev.thaw.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.kernel.Epoll;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a function cannot do from inside, whatever holds it in. {@code intruder.c} tries all of it once, beside a
 * neighbour of the same backend; the tests read what came of that.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class IsolationContract {
    private static final int MEMORY_MIB = 128;
    private static final int TMP_MIB = 24;
    private static final long CLOCK_ERROR_MS = 2000;

    private @Nullable SandboxBackend backend;
    private @Nullable Bench neighbour;
    private @Nullable Bench intruder;
    private final Map<String, String> results = new HashMap<>();
    private String neighboursWord = "";
    private String intrudersWord = "";
    private String neighboursEntropy = "";
    private boolean strangerCalled;
    private long startedEpochMs;
    private long endedEpochMs;

    /** Skips, with a printed line, where this host cannot. */
    protected abstract SandboxBackend open();

    protected abstract Architecture architecture();

    @BeforeAll
    void attack(@TempDir Path folder) throws IOException, InterruptedException {
        backend = open();
        Path secret = Files.writeString(folder.resolve("secret"), "of the host");
        try (ServerSocket port = new ServerSocket(0)) {
            neighbour = bench("neighbour", code(folder, "neighbour", "exec /var/task/intruder stay neighbour"));
            neighboursWord = wordFrom(neighbour.start());
            String said = neighbour.outputUntil(text -> text.contains("staying"));
            neighboursEntropy = said.replaceAll("(?s).*entropy=(\\w*).*", "$1");
            String once = "[ -e /tmp/again ] && exec /var/task/intruder fill\n: > /tmp/again\n";
            String attack = "exec /var/task/intruder attack " + port.getLocalPort() + " " + secret;
            intruder = bench("intruder", code(folder, "intruder", once + attack));
            startedEpochMs = System.currentTimeMillis();
            intrudersWord = wordFrom(intruder.start());
            read(intruder.outputAfter(new ExitStatus(0, 0, false)));
            endedEpochMs = System.currentTimeMillis();
            strangerCalled = connects(neighbour) || connects(intruder);
        }
    }

    @AfterAll
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    private Bench bench(String name, Path code) {
        SandboxSpec spec = Functions.spec(name, code, MEMORY_MIB, architecture());
        return new Bench(
                Objects.requireNonNull(backend),
                new SandboxSpec(
                        name, architecture(), code, List.of(), Map.of(), MEMORY_MIB, TMP_MIB, spec.environment()));
    }

    /** A package with the intruder and a script that starts it. */
    private Path code(Path folder, String name, String script) throws IOException, InterruptedException {
        Path code = Functions.shell(folder, name, script);
        String compiler = architecture() == Architecture.host()
                ? "gcc"
                : architecture() == Architecture.ARM64 ? "aarch64-linux-gnu-gcc" : "x86_64-linux-gnu-gcc";
        if (HostPrograms.find(compiler).isEmpty()) {
            System.out.println("skipped: needs " + compiler);
        }
        Assumptions.assumeTrue(HostPrograms.find(compiler).isPresent(), compiler);
        Path program = code.resolve("intruder");
        String[] words = {compiler, "-O1", "-static", "-o", program.toString(), "src/test/c/intruder.c"};
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return code;
    }

    private void read(String output) {
        output.lines().filter(line -> line.contains("=")).forEach(line -> {
            int at = line.indexOf('=');
            results.put(line.substring(0, at), line.substring(at + 1));
        });
    }

    private String result(String of) {
        return results.getOrDefault(of, "nothing was said of it");
    }

    /** What the first to call this sandbox's Runtime API says there. */
    private static String wordFrom(Bench bench) {
        int epoll = Epoll.create();
        Kernel.check(Epoll.add(epoll, bench.runtimeApiFd(), 1), "epoll_ctl");
        Epoll.await(epoll);
        Kernel.close(epoll);
        int connection = (int) Kernel.check(LocalSocket.accept(bench.runtimeApiFd()), "accept");
        try {
            return Functions.outputUntil(connection, _ -> false);
        } finally {
            Kernel.close(connection);
        }
    }

    private static boolean connects(Bench bench) {
        Kernel.setNonBlocking(bench.runtimeApiFd());
        return LocalSocket.accept(bench.runtimeApiFd()) >= 0;
    }

    @Test
    void shouldReachNobodyOverTheNetwork() {
        assertThat(result("host's port")).isEqualTo("ECONNREFUSED");
        assertThat(result("host's port by IPv6")).isIn("ECONNREFUSED", "EADDRNOTAVAIL", "EAFNOSUPPORT", "ENETUNREACH");
        assertThat(result("another host")).isEqualTo("ENETUNREACH");
        assertThat(result("an emulated gateway")).isEqualTo("ENETUNREACH");
        assertThat(result("another host by IPv6")).isIn("ENETUNREACH", "EAFNOSUPPORT", "EADDRNOTAVAIL");
        assertThat(result("a datagram")).isEqualTo("ENETUNREACH");
        assertThat(result("packets")).isIn("EPERM", "EAFNOSUPPORT");
        assertThat(result("raw sockets")).isEqualTo("EPERM");
    }

    /** These families know no network namespace, or are the kernel's most attacked corners. */
    @Test
    void shouldOpenNoSocketsOfOtherFamilies() {
        assertThat(result("sockets to a hypervisor")).isIn("EPERM", "EAFNOSUPPORT");
        assertThat(result("the kernel's ciphers")).isIn("EPERM", "EAFNOSUPPORT");
    }

    @Test
    void shouldSpeakToItsOwnRuntimeApiAlone() {
        assertThat(neighboursWord).isEqualTo("neighbour");
        assertThat(intrudersWord).isEqualTo("intruder");
        assertThat(strangerCalled).isFalse();
    }

    @Test
    void shouldFindNothingOfItsHostAndOfItsNeighbours() {
        assertThat(result("host's file")).isEqualTo("ENOENT");
        assertThat(result("neighbour's file")).isEqualTo("ENOENT");
        assertThat(result("intruders in sight")).isEqualTo("1");
        assertThat(result("environment of process 1")).isEmpty();
        assertThat(result("trace process 1")).isEqualTo("EPERM");
        assertThat(result("read memory of process 1")).isEqualTo("EPERM");
        assertThat(results.keySet())
                .filteredOn(name -> name.startsWith("read "))
                .hasSizeGreaterThan(12);
        assertThat(results.entrySet())
                .filteredOn(result -> result.getKey().startsWith("read "))
                .allSatisfy(result ->
                        assertThat(result.getValue()).as(result.getKey()).isIn("ENOENT", "EACCES", "EPERM", "EISDIR"));
    }

    @Test
    void shouldChangeNothingButItsTmp() {
        assertThat(result("write /var/task/x")).isEqualTo("EROFS");
        assertThat(result("write /usr/x")).isIn("EROFS", "EACCES");
        assertThat(result("change the mode of code")).isEqualTo("EROFS");
        assertThat(results.keySet())
                .filteredOn(name -> name.startsWith("write "))
                .hasSizeGreaterThan(8);
        assertThat(results.entrySet())
                .filteredOn(result -> result.getKey().startsWith("write "))
                .allSatisfy(result ->
                        assertThat(result.getValue()).as(result.getKey()).isIn("ENOENT", "EACCES", "EPERM", "EROFS"));
    }

    @Test
    void shouldHoldNoPrivilegeAndGainNone() {
        assertThat(result("no new privileges")).isEqualTo("1");
        assertThat(result("filter")).isEqualTo("2");
        for (String kind : List.of("effective", "permitted", "bounding", "ambient")) {
            assertThat(result(kind + " capabilities")).as(kind).isEqualTo("0000000000000000");
        }
        assertThat(result("user")).isEqualTo("993");
        for (String attempt : List.of(
                "mount",
                "unshare",
                "enter a namespace",
                "change root",
                "make a device",
                "restart",
                "load a module",
                "load a kernel",
                "load a program into the kernel",
                "watch the processor",
                "rings of the kernel",
                "handle page faults",
                "keys of the kernel",
                "set the clock",
                "name the host",
                "swap",
                "read the kernel's log")) {
            assertThat(result(attempt)).as(attempt).isEqualTo("EPERM");
        }
        assertThat(result("become root")).isIn("EPERM", "EINVAL"); // which is nobody, in a user namespace
        assertThat(result("lower the nice value")).isEqualTo("EACCES");
    }

    @Test
    void shouldHaveNoMoreProcessesThanItsLimit() {
        String[] processes = result("processes").split(" ", -1);
        assertThat(Integer.parseInt(processes[0])).isBetween(1000, 1024);
        assertThat(processes[1]).isEqualTo("EAGAIN");
    }

    @Test
    void shouldOpenNoMoreFilesThanItsLimit() {
        assertThat(result("descriptors")).isEqualTo("1023 EMFILE");
    }

    @Test
    void shouldHaveNoMoreDiskThanItsTmp() {
        String[] disk = result("disk").split(" ", -1);
        assertThat(Long.parseLong(disk[0])).isBetween((TMP_MIB - 1L) << 20, (long) TMP_MIB << 20);
        assertThat(disk[1]).isEqualTo("ENOSPC");
    }

    @Test
    void shouldKnowTheTime() {
        assertThat(Long.parseLong(result("epochMs")))
                .isBetween(startedEpochMs - CLOCK_ERROR_MS, endedEpochMs + CLOCK_ERROR_MS);
    }

    @Test
    void shouldHaveEntropyOfItsOwn() {
        assertThat(neighboursEntropy).hasSize(32);
        assertThat(result("entropy")).hasSize(32).isNotEqualTo(neighboursEntropy);
    }

    /** Last: the intruder comes again. */
    @Test
    void shouldBeKilledAloneWhereItExceedsItsMemory() {
        Bench again = Objects.requireNonNull(intruder);
        again.reset();
        again.start();
        assertThat(again.outputAfter(new ExitStatus(-1, 9, true))).contains("filling");
        assertThat(again.stats().oomKills).isPositive();
        assertThat(again.stats().peakMemoryBytes)
                .isBetween((MEMORY_MIB * 9L / 10) << 20, (MEMORY_MIB + 1L) << 20); // a page more, at times
        again.reset(); // init is there
        assertThat(Objects.requireNonNull(neighbour).events.isEmpty()).isTrue();
    }
}
