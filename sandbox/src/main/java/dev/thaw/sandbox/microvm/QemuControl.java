package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.KernelException;
import dev.thaw.sandbox.kernel.LocalSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks QMP with a QEMU: one command at a time, each answered within a bound. What QEMU says is not trusted with more
 * than a bounded line.
 *
 * <p>Threading: safe on any thread; a command blocks until it is answered, and whoever has another one until then.
 */
final class QemuControl implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ANSWER_BOUND_SEC = 20;
    private static final int LINE_LIMIT = 1 << 20;
    private static final int POLL_MS = 1;

    private final StringBuilder read = new StringBuilder();
    /** -1 once it is closed. */
    private int fd;

    private boolean greeted;

    /** The descriptor, of which nothing was read yet, is its own from now on; -1 for none. */
    QemuControl(int fd) {
        this.fd = fd;
    }

    /** {@code arguments} are JSON. */
    synchronized JsonNode execute(String command, String arguments) throws IOException {
        greet();
        return ask(command, arguments);
    }

    private JsonNode ask(String command, String arguments) throws IOException {
        Kernel.check(Kernel.write(fd, line(command, arguments)), "tell QEMU " + command);
        return answer(command);
    }

    /** Gives QEMU a copy of a descriptor, under a name. */
    synchronized void give(String name, int given) throws IOException {
        greet();
        byte[] line = line("getfd", "{\"fdname\":\"" + name + "\"}");
        Kernel.check(LocalSocket.sendWithFd(fd, line, given), "give QEMU a descriptor");
        JsonNode _ = answer("getfd");
    }

    /** Before its first command. */
    private void greet() throws IOException {
        if (fd < 0) {
            throw new IOException("QEMU has ended");
        }
        if (!greeted) {
            LocalSocket.setReadBoundSec(fd, ANSWER_BOUND_SEC);
            if (!readLine().has("QMP")) {
                throw new IOException("QEMU does not greet");
            }
            JsonNode _ = ask("qmp_capabilities", "{}");
            greeted = true;
        }
    }

    /** Memory that a file holds already is not part of the device state. */
    void ignoreSharedMemory() throws IOException {
        execute("migrate-set-capabilities", "{\"capabilities\":[{\"capability\":\"x-ignore-shared\",\"state\":true}]}");
    }

    /** Asks until the answer's {@code status} is another. */
    String awaitStatus(String question, Set<String> passing) throws IOException {
        while (true) {
            String status = execute(question, "{}").path("status").asString("");
            if (!passing.contains(status)) {
                return status;
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", stop);
            }
        }
    }

    private static byte[] line(String command, String arguments) {
        return ("{\"execute\":\"" + command + "\",\"arguments\":" + arguments + "}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Events come in between. */
    private JsonNode answer(String command) throws IOException {
        JsonNode said = readLine();
        while (!said.has("return") && !said.has("error")) {
            said = readLine();
        }
        if (said.has("error")) {
            throw new IOException("QEMU refuses " + command + ": "
                    + OneLine.of(said.path("error").path("desc").asString("")));
        }
        return said.path("return");
    }

    private JsonNode readLine() throws IOException {
        int end = read.indexOf("\n");
        while (end < 0) {
            if (read.length() > LINE_LIMIT) {
                throw new IOException("QEMU says more than " + LINE_LIMIT + " characters in a line");
            }
            String more = readMore();
            if (more.isEmpty()) {
                throw new IOException("QEMU has ended");
            }
            read.append(more);
            end = read.indexOf("\n");
        }
        String line = read.substring(0, end);
        read.delete(0, end + 1);
        try {
            return JSON.readTree(line);
        } catch (JacksonException wrong) {
            throw new IOException("QEMU says what is no JSON", wrong);
        }
    }

    private String readMore() throws IOException {
        try {
            return Kernel.readText(fd);
        } catch (KernelException late) {
            throw new IOException("QEMU does not answer within " + ANSWER_BOUND_SEC + " s: " + late.getMessage(), late);
        }
    }

    /** Its QEMU has ended, so whoever still speaks is about to hear of it. */
    @Override
    public synchronized void close() {
        Kernel.close(fd);
        fd = -1;
    }
}
