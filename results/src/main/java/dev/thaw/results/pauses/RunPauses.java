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
public record RunPauses(@Nullable Pauses server, Pauses generator) {
    /** Of a run without processes. */
    public static final RunPauses NONE = new RunPauses(null, Pauses.NONE);

    /** Empty where it does not tell. */
    public List<Pause> ofServer() {
        return server == null ? List.of() : server.all();
    }

    public PausedTime serverCollections() {
        return collections(ofServer());
    }

    public PausedTime generatorCollections() {
        return collections(generator.all());
    }

    /** Late wake-ups of either process. One that a collection of its own process took half of is that collection's. */
    public PausedTime stalls() {
        return PausedTime.of(
                Stream.concat(stalls(ofServer()), stalls(generator.all())).toList());
    }

    /** Times in which what drove the load had no processor. */
    public CpuWaits generatorCpuWaits() {
        return cpuWaits(generator);
    }

    /** Times in which what serves had no processor. */
    public CpuWaits serverCpuWaits() {
        return cpuWaits(server);
    }

    private static CpuWaits cpuWaits(@Nullable Pauses of) {
        return CpuWaits.of(of == null || of.cpuWaits() == null ? List.of() : of.cpuWaits());
    }

    private static Stream<Pause> stalls(List<Pause> pauses) {
        PausedTime collections = collections(pauses);
        return of(
                pauses,
                Pause.Kind.STALL,
                each -> 2 * collections.within(each.fromNs(), each.toNs()) < each.durationNs());
    }

    private static PausedTime collections(List<Pause> pauses) {
        return PausedTime.of(of(pauses, Pause.Kind.COLLECTION, _ -> true).toList());
    }

    private static Stream<Pause> of(List<Pause> pauses, Pause.Kind kind, Predicate<Pause> wanted) {
        return pauses.stream().filter(each -> each.kind() == kind && wanted.test(each));
    }
}
