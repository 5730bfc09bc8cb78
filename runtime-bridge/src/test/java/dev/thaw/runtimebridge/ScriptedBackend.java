package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.SandboxStats;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** A backend that builds and answers nothing unless its test says so. Output pipes are real. */
final class ScriptedBackend implements SandboxBackend {
    final List<ScriptedSandbox> sandboxes = new ArrayList<>();
    /** Commands that fail, such as {@code freeze}. */
    final List<String> failing = new ArrayList<>();
    /** A connection into a sandbox is never made, and never refused. */
    boolean unreachable;

    /** Whether its sandboxes are emulated machines. */
    boolean emulated;

    /** External extensions that its sandboxes have. */
    List<String> extensions = List.of();

    ScriptedBackend() {
        Epoll.ensureAvailability(); // loads what makes pipes
    }

    ScriptedSandbox last() {
        return sandboxes.getLast();
    }

    @Override
    public void create(SandboxSpec spec, SandboxEvents events) {
        sandboxes.add(new ScriptedSandbox(spec, events));
        failWhereAsked("create");
    }

    @Override
    public Isolation isolation() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        sandboxes.forEach(ScriptedSandbox::closePipe);
    }

    private void failWhereAsked(String command) {
        if (failing.contains(command)) {
            throw new IllegalStateException(command + " failed with errno 5");
        }
    }

    /** What it was told, and what the test lets it say. */
    final class ScriptedSandbox implements Sandbox {
        final List<String> commands = new ArrayList<>();
        final SandboxSpec spec;
        private final String name;
        private final SandboxEvents events;
        private final List<FileDescriptor> writeEnds = new ArrayList<>();
        private final List<FileDescriptor> extensionEnds = new ArrayList<>();

        private ScriptedSandbox(SandboxSpec spec, SandboxEvents events) {
            this.spec = spec;
            this.name = spec.name();
            this.events = events;
        }

        void created() {
            events.onCreated(this);
        }

        void snapshotTaken() {
            events.onSnapshotTaken(this);
        }

        void snapshotFailed(String reason) {
            events.onSnapshotFailed(this, reason);
        }

        void wasReset() {
            events.onReset(this);
        }

        void exited(int code) {
            events.onExited(this, new ExitStatus(code, 0, false));
        }

        void extensionExited(int index, int code) {
            events.onExtensionExited(this, index, new ExitStatus(code, 0, false));
        }

        void destroyed() {
            events.onDestroyed(this);
        }

        /** Its runtime writes to the pipe that was made last. */
        void print(String text) {
            print(writeEnds, text);
        }

        void printByExtension(String text) {
            print(extensionEnds, text);
        }

        private static void print(List<FileDescriptor> ends, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                ends.getLast().write(ByteBuffer.allocateDirect(bytes.length).put(bytes), 0, bytes.length);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void take(String command) {
            commands.add(command);
            failWhereAsked(command);
        }

        private void closePipe() {
            try {
                for (FileDescriptor end : writeEnds) {
                    end.close();
                }
                for (FileDescriptor end : extensionEnds) {
                    end.close();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int takeRuntimeApiFd() {
            return -1;
        }

        @Override
        public String runtimeApiAddress() {
            return "127.0.0.1:9001";
        }

        @Override
        public int takeOutputFd() {
            return newPipe(writeEnds);
        }

        private static int newPipe(List<FileDescriptor> writeEnds) {
            try {
                FileDescriptor[] ends = FileDescriptor.pipe();
                writeEnds.add(ends[1]);
                return ends[0].intValue();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public int takeExtensionOutputFd() {
            return extensions.isEmpty() ? -1 : newPipe(extensionEnds);
        }

        /** Where nobody ever listens. */
        @Override
        public void connectInside(int port, IntConsumer connected) {
            if (!unreachable) {
                connected.accept(-111);
            }
        }

        @Override
        public void start(boolean boosted) {
            take("start");
        }

        @Override
        public List<String> extensions() {
            return extensions;
        }

        @Override
        public void startRuntime() {
            take("startRuntime");
        }

        @Override
        public void terminateRuntime() {
            take("terminateRuntime");
        }

        @Override
        public void killRuntime() {
            take("killRuntime");
        }

        @Override
        public void endBoost() {
            take("endBoost");
        }

        @Override
        public void freeze() {
            take("freeze");
        }

        @Override
        public void thaw() {
            take("thaw");
        }

        @Override
        public void kill() {
            take("kill");
        }

        @Override
        public void exhaustMemory() {
            take("exhaustMemory");
        }

        @Override
        public void snapshot(Path folder) {
            take("snapshot " + folder);
        }

        @Override
        public void reset() {
            take("reset");
        }

        @Override
        public void destroy() {
            take("destroy");
        }

        @Override
        public void readStats(SandboxStats stats) {
            stats.peakMemoryBytes = 1;
        }

        @Override
        public boolean emulated() {
            return emulated;
        }
    }
}
