package dev.thaw.sandbox.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small shell process that clears the control groups when this JVM dies without closing its backend.
 *
 * <p>Bubblewrap's own tie to its parent has a gap: a parent that dies before the child has asked to be told leaves the
 * child running, and the closed pipe even starts it. The watch closes the gap, and removes the groups as well.
 */
public final class DeathWatch implements AutoCloseable {
    /** Waits for a word; without one the JVM is dead. Kills in every group of every tree until the trees can go. */
    private static final String SCRIPT = """
            read -r word && exit 0
            trap '' TERM INT HUP
            for round in 1 2 3 4 5 6 7 8 9 10; do
              for tree in "$@"; do
                for pid in $(cat "$tree"/*/tasks "$tree"/*/cgroup.procs "$tree"/*/cgroup.threads 2>/dev/null); do
                  kill -9 "$pid"
                done
                rmdir "$tree"/*/* "$tree"/* "$tree"
              done
              sleep 0.05
            done
            """;

    private final int wordFd;
    private final int pidFd;

    private DeathWatch(int wordFd, int pidFd) {
        this.wordFd = wordFd;
        this.pidFd = pidFd;
    }

    public static DeathWatch over(List<Path> trees) {
        long pipe = Kernel.pipe();
        int readEnd = (int) pipe;
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "thaw-death-watch"));
        trees.forEach(tree -> words.add(tree.toString()));
        try {
            int pid = ProcessSpawner.spawn(words, new int[] {readEnd, nothing, nothing}, -1);
            return new DeathWatch((int) (pipe >> 32), (int) Kernel.openProcess(pid));
        } finally {
            Kernel.close(readEnd);
            Kernel.close(nothing);
        }
    }

    /** Kills and removes what is left, as if this JVM had died. */
    public void act() {
        Kernel.close(wordFd);
        Kernel.awaitAndReap(pidFd);
        Kernel.close(pidFd);
    }

    /** Ends the watch: all is cleared up. */
    @Override
    public void close() {
        Kernel.write(wordFd, new byte[] {'\n'});
        Kernel.awaitAndReap(pidFd);
        Kernel.close(wordFd);
        Kernel.close(pidFd);
    }
}
