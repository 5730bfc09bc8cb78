package dev.thaw.cli.evidence.ab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@code thaw serve} for one run, on a port that the kernel chose; it ends with the run. */
final class StartedServer implements AutoCloseable {
    private static final String LISTENING = "listening on ";
    private static final long POLL_MS = 20;
    private static final long WITHIN_MS = TimeUnit.MINUTES.toMillis(5);

    private final Children children;
    private final Process process;
    private final String url;

    private StartedServer(Children children, Process process, String url) {
        this.children = children;
        this.process = process;
        this.url = url;
    }

    /** {@code keepsState}: it knows where its state is to lie; builds before that have one place. Fails with one line. */
    static StartedServer start(Children children, Build build, List<String> options, boolean keepsState, Path folder)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("serve", "--port", "0"));
        words.addAll(List.of("--logs", folder.resolve("functions").toString()));
        if (keepsState) {
            words.addAll(List.of("--state", folder.resolve("state").toString()));
        }
        words.addAll(options);
        ProcessLog log = new ProcessLog(folder.resolve("serve.log"));
        Process process = children.start(build.command(words), build.variables(), log.file());
        for (long waitedMs = 0; waitedMs < WITHIN_MS; waitedMs += POLL_MS) {
            Optional<String> url = log.after(LISTENING);
            if (url.isPresent()) {
                return new StartedServer(children, process, url.get());
            }
            if (process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                children.requireGoing();
                throw new IOException("its server did not start: " + log.complaint());
            }
        }
        children.end(process);
        throw new IOException("its server did not start within 5 minutes");
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        children.end(process);
    }
}
