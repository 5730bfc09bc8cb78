package dev.thaw.cli.kernels;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A build at work: a process that runs kernels as its standard input says. It ends when that ends, so none is left behind
 * when this process dies.
 *
 * <p>Threading: one thread at a time.
 */
final class KernelProcess implements AutoCloseable {
    /** More than the slowest kernel takes on the slowest emulator. */
    private static final long ANSWER_WITHIN_S = 60;
    /** 128 and the number of SIGILL. */
    private static final int ILLEGAL_INSTRUCTION = 132;

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private final int vectorBits;

    private KernelProcess(KernelStart start) throws IOException {
        process = new ProcessBuilder(start.command())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // the JVM warns of incubating modules
                .start();
        in = process.outputWriter(US_ASCII);
        out = process.inputReader(US_ASCII);
        vectorBits = introduced(line());
    }

    static KernelProcess start(KernelStart start) throws IOException {
        return new KernelProcess(start);
    }

    /** {@code build NAME}, or {@code build NAME BITS}. */
    private static int introduced(String line) throws IOException {
        String[] words = line.split(" ", -1);
        if (!words[0].equals("build") || (words.length > 2 && !words[2].matches("\\d{1,5}"))) {
            throw new IOException("began with '" + line + "'");
        }
        return words.length > 2 ? Integer.parseInt(words[2]) : 0;
    }

    /** How wide its vectors are, where it says; otherwise 0. */
    int vectorBits() {
        return vectorBits;
    }

    /** Runs a kernel as often as fits into the time, at least once. */
    KernelAnswer run(String kernel, long forNs) throws IOException {
        return KernelAnswer.parse(kernel, ask("run " + kernel + " " + forNs));
    }

    /** SHA-256 of a text by the code of the kernel, in hexadecimal; C builds alone can tell. */
    String digest(String text) throws IOException {
        return ask("digest " + text);
    }

    private String ask(String line) throws IOException {
        try {
            in.write(line + "\n");
            in.flush();
        } catch (IOException e) {
            throw ended();
        }
        return line();
    }

    private String line() throws IOException {
        CompletableFuture<Process> tooLate = CompletableFuture.supplyAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(ANSWER_WITHIN_S, TimeUnit.SECONDS));
        @Nullable String line = out.readLine();
        tooLate.cancel(false);
        if (line == null) {
            throw ended();
        }
        return line;
    }

    private IOException ended() {
        process.destroyForcibly();
        int status = process.onExit().join().exitValue();
        return status == ILLEGAL_INSTRUCTION
                ? new IllegalInstruction()
                : new IOException("ended with status " + status + " instead of an answer");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** The processor, or its emulator, lacks an instruction of the build. */
    static final class IllegalInstruction extends IOException {
        private static final long serialVersionUID = 1L;

        IllegalInstruction() {
            super("the processor or its emulator lacks an instruction that the build uses");
        }
    }
}
