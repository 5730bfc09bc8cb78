package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.kernel.Epoll;
import dev.thaw.sandbox.kernel.Kernel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Prints what sandboxes cost on this host. Not a test: it asserts nothing. */
final class SandboxMeasurement {
    private SandboxMeasurement() {}

    /** Argument: a folder with a {@code bootstrap} that connects to the Runtime API at once. */
    public static void main(String[] arguments) throws Exception {
        Path code = Path.of(arguments[0]);
        try (ProcessBackend backend = new ProcessBackend()) {
            System.out.println(backend.isolation().describe());
            for (int round = 0; round < 3; round++) {
                coldPath(backend, code, 200);
            }
            for (int inFlight : new int[] {1, 2, 4, 8}) {
                sustained(backend, code, 1000, inFlight);
            }
            hotCalls(backend, code);
        }
    }

    private static void coldPath(ProcessBackend backend, Path code, int count) {
        long[] createdNs = new long[count];
        long[] connectedNs = new long[count];
        long[] destroyedNs = new long[count];
        for (int i = 0; i < count; i++) {
            RecordedEvents events = new RecordedEvents();
            long startNs = System.nanoTime();
            backend.create(Functions.spec("cold" + i, code), events);
            Sandbox sandbox = events.await(Created.class).sandbox();
            createdNs[i] = System.nanoTime() - startNs;
            int api = sandbox.takeRuntimeApiFd();
            int output = sandbox.takeOutputFd();
            sandbox.start(true);
            awaitReadable(api);
            connectedNs[i] = System.nanoTime() - startNs;
            long destroyNs = System.nanoTime();
            sandbox.destroy();
            events.await(Destroyed.class);
            destroyedNs[i] = System.nanoTime() - destroyNs;
            Kernel.close(api);
            Kernel.close(output);
        }
        print("create -> onCreated", createdNs);
        print("create -> first connect", connectedNs);
        print("destroy -> onDestroyed", destroyedNs);
    }

    private static void awaitReadable(int fd) {
        int epoll = Epoll.create();
        Kernel.check(Epoll.add(epoll, fd, 1), "epoll_ctl");
        Epoll.await(epoll);
        Kernel.close(epoll);
    }

    /** Sandboxes that are built, reach the Runtime API and are gone again, with a bound on how many at once. */
    private static void sustained(ProcessBackend backend, Path code, int count, int inFlight) throws Exception {
        Thread[] lanes = new Thread[inFlight];
        long startNs = System.nanoTime();
        for (int lane = 0; lane < inFlight; lane++) {
            String name = "lane" + lane + "-";
            lanes[lane] = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < count / inFlight; i++) {
                    RecordedEvents events = new RecordedEvents();
                    backend.create(Functions.spec(name + i, code), events);
                    Sandbox sandbox = events.await(Created.class).sandbox();
                    int api = sandbox.takeRuntimeApiFd();
                    int output = sandbox.takeOutputFd();
                    sandbox.start(true);
                    awaitReadable(api);
                    sandbox.destroy();
                    events.await(Destroyed.class);
                    Kernel.close(api);
                    Kernel.close(output);
                }
            });
        }
        for (Thread lane : lanes) {
            lane.join();
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        System.out.printf("%d at once: %.0f sandboxes/s created, connected, destroyed%n", inFlight, count / seconds);
    }

    private static void hotCalls(ProcessBackend backend, Path code) {
        RecordedEvents events = new RecordedEvents();
        backend.create(Functions.spec("hot", code), events);
        Sandbox sandbox = events.await(Created.class).sandbox();
        int api = sandbox.takeRuntimeApiFd();
        sandbox.start(true);
        awaitReadable(api);
        SandboxStats stats = new SandboxStats();
        print("freeze", repeat(sandbox::freeze, sandbox::thaw));
        print("thaw", repeat(sandbox::thaw, sandbox::freeze));
        print("readStats", repeat(() -> sandbox.readStats(stats), () -> {}));
        print("endBoost", repeat(sandbox::endBoost, () -> {}));
        Kernel.close(api);
        sandbox.destroy();
        events.await(Destroyed.class);
    }

    private static long[] repeat(Runnable measured, Runnable between) {
        LongSupplier timed = () -> {
            long startNs = System.nanoTime();
            measured.run();
            long tookNs = System.nanoTime() - startNs;
            between.run();
            return tookNs;
        };
        for (int i = 0; i < 20_000; i++) {
            var _ = timed.getAsLong();
        }
        return java.util.stream.LongStream.generate(timed).limit(5000).toArray();
    }

    private static void print(String name, long[] samplesNs) {
        Arrays.sort(samplesNs);
        int last = samplesNs.length - 1;
        System.out.printf(
                "%-24s p50 %8.1f  p99 %8.1f  max %8.1f us%n",
                name, samplesNs[last / 2] / 1e3, samplesNs[last * 99 / 100] / 1e3, samplesNs[last] / 1e3);
    }
}
