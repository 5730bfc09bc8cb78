package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.SeccompFilter;
import dev.thaw.sandbox.microvm.images.GuestMount;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A {@link GuestProcess} and the host's end of its channel. */
final class GuestBox implements AutoCloseable {
    final GuestChannels channels;
    final GuestChannel guest;
    final RecordedGuestEvents events = new RecordedGuestEvents();

    private final GuestProcess process;
    private final List<List<String>> extensions = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

    /** Skips the calling test, with a printed line, where there is no such init or no right to make namespaces. */
    static void require() {
        boolean can = Files.isExecutable(GuestProcess.INIT) && Files.isWritable(Path.of("/proc/sys/kernel/hostname"));
        if (!can) {
            System.out.println(
                    "skipped: guest's init needs root, and " + GuestProcess.INIT + " (make -C sandbox/src/main/c)");
        }
        Assumptions.assumeTrue(can);
    }

    /** Boots one; {@code scripts} are shell scripts of its function image, by name. */
    GuestBox(Path folder, Map<String, String> scripts) {
        process = new GuestProcess(folder, scripts);
        channels = new GuestChannels(folder.resolve("sockets"));
        guest = channels.open(process.hostFd, events);
    }

    GuestBox extension(String script) {
        extensions.add(List.of("/var/task/" + script));
        return this;
    }

    GuestBox variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Prepares it to run a script of its image as the runtime. */
    GuestBox prepare(String script) {
        guest.hello(1_700_000_000_000_000_000L);
        guest.prepare(spec(List.of("/var/task/" + script)));
        expect("ready");
        expect("prepared");
        return this;
    }

    GuestSpec spec(List<String> runtime) {
        return spec(environment, extensions, runtime);
    }

    /** Of the processes' own root, with the scripts at {@code /var/task}. */
    static GuestSpec spec(Map<String, String> environment, List<List<String>> extensions, List<String> runtime) {
        List<GuestMount> mounts = List.of(
                new GuestMount.Bind(GuestMount.IMAGE, GuestMount.ROOT),
                new GuestMount.Bind("/usr", "/root/usr"),
                new GuestMount.Bind("/task", "/root/var/task"));
        return new GuestSpec(
                993,
                990,
                64 << 20,
                100,
                16 << 20,
                "guest-test",
                "/var/task",
                environment,
                List.of("SECRET"),
                extensions,
                runtime,
                mounts,
                ByteBuffer.wrap(SeccompFilter.program(Architecture.host())));
    }

    void expect(String event) {
        String told = events.next();
        if (!told.equals(event)) {
            throw new AssertionError("expected " + event + ", was told " + told + "; faults: " + events.faults);
        }
    }

    /** A connection to a port inside, or the negated errno. */
    int connect(int port) throws Exception {
        CompletableFuture<Integer> connected = new CompletableFuture<>();
        guest.connectInside(port, connected::complete);
        return connected.get(20, TimeUnit.SECONDS);
    }

    /** Reads until {@code enough} is in it; fails after 20 s. */
    static String read(int fd, String enough) {
        StringBuilder text = new StringBuilder();
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!text.toString().contains(enough)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no '" + enough + "' in: " + text);
            }
            long count = Kernel.read(fd, Kernel.data().address(), 4096);
            if (count > 0) {
                byte[] bytes = Kernel.data().asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
                text.append(new String(bytes, StandardCharsets.UTF_8));
            } else if (count == 0) {
                throw new AssertionError("ended without '" + enough + "': " + text);
            } else {
                Thread.onSpinWait();
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        channels.close();
        process.close();
    }
}
