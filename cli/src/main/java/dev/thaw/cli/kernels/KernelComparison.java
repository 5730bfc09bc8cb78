package dev.thaw.cli.kernels;

import dev.thaw.results.ArchRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Some kernels in some builds on this host, held to the checksums of plain Java, and timed where they run natively. */
public final class KernelComparison {
    private final KernelHost host;
    private final List<KernelWork> work;
    private final List<KernelStart> starts;
    private final List<String> notRun = new ArrayList<>();

    /**
     * Fails with a line that names what is not known.
     *
     * @param binaries folder of the C builds
     */
    public KernelComparison(Path binaries, List<String> kernels, List<String> builds) throws IOException {
        host = KernelHost.find(binaries);
        work = kernels.stream().distinct().map(KernelWork::of).toList();
        starts = builds.stream()
                .distinct()
                .map(KernelBuild::of)
                .flatMap(each -> host.starts(each, notRun).stream())
                .toList();
    }

    /** All that there are. */
    public static List<String> kernels() {
        return KernelWork.keys();
    }

    /** All that there are, whether this host can run them or not. */
    public static List<String> builds() {
        return KernelBuild.names();
    }

    /**
     * Runs and times them.
     *
     * @param passes new processes and a warm-up each; with none nothing is timed
     * @param roundNs how long a build runs a kernel in a round
     * @param told hears what cannot run here, before anything is timed
     */
    public ArchRun run(int passes, int rounds, long roundNs, long seed, Consumer<String> told) throws IOException {
        KernelTrials trials = new KernelTrials(host, reference(), notRun);
        List<KernelStart> ran = trials.run(starts);
        if (ran.isEmpty()) {
            throw new IOException("arch: no build can run here: " + String.join("; ", notRun));
        }
        notRun.forEach(told);
        List<String> keys = work.stream().map(KernelWork::key).toList();
        trials.time(ran, new KernelRounds(keys, passes, rounds, roundNs, seed));
        return trials.result(notRun);
    }

    /** Plain Java, in a process of its own like all others. */
    private List<ArchRun.Kernel> reference() throws IOException {
        KernelStart start =
                host.starts(KernelBuild.REFERENCE, new ArrayList<>()).getFirst();
        List<ArchRun.Kernel> kernels = new ArrayList<>();
        try (KernelProcess process = KernelProcess.start(start)) {
            for (KernelWork each : work) {
                KernelAnswer answer = process.run(each.key(), 0);
                kernels.add(new ArchRun.Kernel(each.key(), each.unit, answer.units(), answer.checksum()));
            }
        }
        return kernels;
    }
}
