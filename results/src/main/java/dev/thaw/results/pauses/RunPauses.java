package dev.thaw.results.pauses;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pauses of a run's two processes, which may be one, in ns since the run's start.
 *
 * @param server null where it does not tell
 * @param generator of who drove the load
 */
public record RunPauses(@Nullable List<Pause> server, List<Pause> generator) {
    /** Of a run without processes. */
    public static final RunPauses NONE = new RunPauses(null, List.of());

    public RunPauses {
        server = server == null ? null : List.copyOf(server);
        generator = List.copyOf(generator);
    }

    public PausedTime serverCollections() {
        return collections(server == null ? List.of() : server);
    }

    public PausedTime generatorCollections() {
        return collections(generator);
    }

    /** Late wake-ups of either process. One in a collection of its own process is that collection's. */
    public PausedTime stalls() {
        return PausedTime.of(
                Stream.concat(stalls(server == null ? List.of() : server).stream(), stalls(generator).stream())
                        .toList());
    }

    private static List<Pause> stalls(List<Pause> pauses) {
        PausedTime collections = collections(pauses);
        return of(pauses, Pause.Kind.STALL, each -> collections.within(each.fromNs(), each.toNs()) == 0);
    }

    private static PausedTime collections(List<Pause> pauses) {
        return PausedTime.of(of(pauses, Pause.Kind.COLLECTION, _ -> true));
    }

    private static List<Pause> of(List<Pause> pauses, Pause.Kind kind, Predicate<Pause> wanted) {
        return pauses.stream()
                .filter(each -> each.kind() == kind && wanted.test(each))
                .toList();
    }
}
