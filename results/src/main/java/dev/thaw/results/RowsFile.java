package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code invocations.csv.zst}: one row for each invocation. {@code outside_ns} is what the server's phases do not
 * cover (network, client, writing the answer), so that phases and it add up to {@code done_ns - sent_ns}. Fields that
 * the server did not tell are empty.
 *
 * <p>Threading: one thread.
 */
final class RowsFile implements AutoCloseable {
    static final String NAME = "invocations.csv.zst";
    /** Fast enough for any rate that the generator reaches; the file is read rarely. */
    private static final int COMPRESSION_LEVEL = 1;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int NUMBERS_BYTES = 40 * 21;
    private static final int FAULTS_BYTES =
            1 + InjectedFault.words(InjectedFault.ALL_BITS).length();

    private final Path file;
    private final BundleFailure failure;
    private final OutputStream out;
    private final AsciiLine line;
    private final byte[][] functions;
    private final byte[][] statuses;
    private long rows;

    RowsFile(Path directory, List<RunPlan.RunFunction> plan, BundleFailure failure) throws IOException {
        functions = plan.stream().map(each -> quoted(each.name())).toArray(byte[][]::new);
        statuses = Stream.of(SampleStatus.ALL)
                .map(each -> each.key().getBytes(UTF_8))
                .toArray(byte[][]::new);
        line = new AsciiLine(NUMBERS_BYTES
                + FAULTS_BYTES
                + Stream.of(functions).mapToInt(name -> name.length).max().orElse(0));
        this.failure = failure;
        file = directory.resolve(NAME);
        out = new BufferedOutputStream(
                new ZstdOutputStreamNoFinalizer(WatchedStream.open(file, failure), COMPRESSION_LEVEL), BUFFER_BYTES);
        out.write((header() + "\n").getBytes(UTF_8));
    }

    static String header() {
        String phases = Stream.of(Phase.ALL).map(RowsFile::column).collect(Collectors.joining(","));
        return "function,intended_start_ns,sent_ns,done_ns,status," + phases
                + ",outside_ns,cold_trigger,cold_victim,suppressed_init,out_of_memory,throttled_ns,cpu_ns,"
                + "peak_memory_bytes,billed_ms,memory_mib,environment_id,host_id,extension_overhang_ns,faults,"
                + Stream.of(BootStage.ALL).map(stage -> stage.key() + "_ns").collect(Collectors.joining(","))
                + ",unbilled_init_ms";
    }

    /** Of a phase. */
    static String column(Phase phase) {
        return snake(phase.key()) + "_ns";
    }

    void write(Sample sample) {
        line.clear();
        line.field(functions[sample.function]).field(sample.intendedStartNs);
        boolean sent = sample.status != SampleStatus.UNSENT;
        boolean done = sent && sample.status != SampleStatus.LOST;
        known(sent, sample.sentNs);
        known(done, sample.doneNs);
        line.field(statuses[sample.status.ordinal()]);
        serverFields(sample);
        line.end();
        try {
            out.write(line.bytes(), 0, line.length());
            rows++;
        } catch (IOException e) {
            failure.remember(file, e);
        }
    }

    private void serverFields(Sample sample) {
        boolean known = sample.serverKnown;
        ServerRecord server = sample.server;
        for (long phaseNs : server.phasesNs) {
            known(known, phaseNs);
        }
        known(known, sample.serviceNs() - server.phasesSumNs());
        known(known, server.coldTrigger ? 1 : 0);
        known(known, server.coldVictim ? 1 : 0);
        known(known, server.suppressedInit ? 1 : 0);
        known(known, server.outOfMemory ? 1 : 0);
        known(known && server.throttledNs >= 0, server.throttledNs);
        known(known && server.cpuNs >= 0, server.cpuNs);
        known(known && server.peakMemoryBytes >= 0, server.peakMemoryBytes);
        known(known, server.billedMs);
        known(known, server.memoryMib);
        known(known, server.environmentId);
        known(known, server.hostId);
        known(known && server.extensionOverhangNs >= 0, server.extensionOverhangNs);
        if (known && server.faults != 0) {
            line.field(InjectedFault.words(server.faults).getBytes(UTF_8)); // rare enough to allocate
        } else {
            line.empty();
        }
        for (long stageNs : server.stagesNs) {
            known(known, stageNs);
        }
        known(known, server.unbilledInitMs);
    }

    private void known(boolean known, long value) {
        if (known) {
            line.field(value);
        } else {
            line.empty();
        }
    }

    long rows() {
        return rows;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            failure.remember(file, e);
        }
    }

    private static byte[] quoted(String name) {
        boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return (plain && !name.isEmpty() ? name : '"' + name.replace("\"", "\"\"") + '"').getBytes(UTF_8);
    }

    private static String snake(String key) {
        return key.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
