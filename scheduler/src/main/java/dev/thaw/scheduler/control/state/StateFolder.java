package dev.thaw.scheduler.control.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/** The folder of the state: where its pieces lie, and how a state that cannot be opened is set aside. */
public final class StateFolder {
    /** Deployment packages, by their content. */
    public static final String CODE = "code";

    private StateFolder() {}

    /**
     * Opens the state in a folder; one that is damaged is set aside first. One that is in use, whose key is wrong, or of
     * another version is refused all the same: nothing is wrong with it.
     *
     * @param report is told, in one line, of a state that was set aside
     */
    public static StateStore recover(Path folder, String stamp, Consumer<String> report) throws IOException {
        try {
            return StateStore.open(folder);
        } catch (StateException unusable) {
            if (!unusable.isDamage()) {
                throw unusable;
            }
            Path aside = setAside(folder, stamp);
            report.accept(unusable.getMessage() + "; it is set aside in " + aside);
            return StateStore.open(folder);
        }
    }

    /**
     * Moves the functions' state, its key and its packages into a folder of their own, so that a new state can begin.
     * Nothing is deleted.
     *
     * @param stamp names that folder
     * @return where it lies now
     */
    static Path setAside(Path folder, String stamp) throws IOException {
        Path aside = folder.resolve("aside-" + stamp);
        Files.createDirectories(aside);
        for (String name :
                List.of(StateFile.NAME, StateFile.LOG, StateFile.NAME + "-shm", StateFile.MARK, StateFile.KEY, CODE)) {
            Path piece = folder.resolve(name);
            if (Files.exists(piece)) {
                Files.move(piece, aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return aside;
    }
}
