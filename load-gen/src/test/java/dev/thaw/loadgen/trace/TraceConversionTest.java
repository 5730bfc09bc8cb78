package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.thaw.loadgen.trace.derive.TraceInfo;
import dev.thaw.loadgen.trace.write.TraceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** There and back: what is written in a format is read again with the same arrivals. */
final class TraceConversionTest {
    private Path folder = Path.of("");

    /** Function, start in ns, duration in us. */
    record Arrival(int function, long startNs, int durationUs) {}

    @BeforeTry
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("thaw-convert");
    }

    @AfterTry
    void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<List<Arrival>> arrivals() {
        // Two days and a bit, as Azure 2019 needs two files for.
        Arbitrary<Long> startNs = Arbitraries.longs().between(0, 2_900 * MinuteTable.MINUTE_NS);
        Arbitrary<Integer> durationUs = Arbitraries.integers().between(0, TraceNotes.MAX_DURATION_US);
        return Combinators.combine(Arbitraries.integers().between(0, 4), startNs, durationUs)
                .as(Arrival::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    private static Trace trace(List<Arrival> arrivals) {
        RowCollector rows = new RowCollector(TraceOptions.defaults());
        for (Arrival arrival : arrivals) {
            int function = rows.functionOf("app,\"" + arrival.function % 2, "f" + arrival.function);
            rows.memory(function, 128 + 64 * (arrival.function % 2));
            rows.add(function, arrival.startNs, arrival.durationUs);
        }
        return rows.toTrace(TraceFormat.CSV, Path.of("made"), new BrokenRows(false));
    }

    private Trace thereAndBack(Trace trace, TraceFormat format, String name) {
        Path path = folder.resolve(name);
        TraceWriter.write(trace, format, path, new TraceProgress());
        return Trace.open(path, TraceFormat.AUTO, TraceOptions.defaults());
    }

    /** Every arrival in order, its function by the place where that is first met: names may change. */
    private static List<String> inOrder(Trace trace, long resolutionNs, boolean durations) {
        int[] met = new int[trace.functions().size()];
        int next = 1;
        List<String> all = new ArrayList<>();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            if (met[c.function()] == 0) {
                met[c.function()] = next++;
            }
            all.add(met[c.function()] + " " + c.startNs() / resolutionNs + (durations ? " " + c.durationUs() : ""));
        }
        return all;
    }

    /** Invocations by function's own name and minute. */
    private static Map<String, Integer> perMinute(Trace trace) {
        Map<String, Integer> counts = new TreeMap<>();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            String name = trace.functions().get(c.function()).name().replaceFirst(".*(f\\d).*", "$1");
            counts.merge(name + " " + c.startNs() / MinuteTable.MINUTE_NS, 1, Integer::sum);
        }
        return counts;
    }

    @Property(tries = 50)
    void shouldKeepEveryArrivalInFormatsOfRows(@ForAll("arrivals") List<Arrival> arrivals) {
        Trace trace = trace(arrivals);
        List<String> expected = inOrder(trace, 1, true);
        Trace csv = thereAndBack(trace, TraceFormat.CSV, "a.csv");
        assertThat(inOrder(csv, 1, true)).isEqualTo(expected);
        assertThat(csv.functions())
                .extracting(TraceFunction::name, TraceFunction::application, TraceFunction::memoryMib)
                .containsExactlyInAnyOrderElementsOf(trace.functions().stream()
                        .map(f -> tuple(f.name(), f.application(), f.memoryMib()))
                        .toList());
        assertThat(inOrder(thereAndBack(trace, TraceFormat.AZURE2021, "b.csv.gz"), 1, true))
                .isEqualTo(expected);
        assertThat(inOrder(thereAndBack(trace, TraceFormat.ILUVATAR, "c.csv"), 1_000_000, false))
                .isEqualTo(inOrder(trace, 1_000_000, false));
    }

    @Property(tries = 15)
    void shouldKeepEveryCountInFormatsOfMinutes(@ForAll("arrivals") List<Arrival> arrivals) {
        Trace trace = trace(arrivals);
        Map<String, Integer> expected = perMinute(trace);
        assertThat(perMinute(thereAndBack(trace, TraceFormat.AZURE2019, "azure")))
                .isEqualTo(expected);
        assertThat(perMinute(thereAndBack(trace, TraceFormat.FAASRAIL, "spec.csv")))
                .isEqualTo(expected);
        Trace invitro = thereAndBack(trace, TraceFormat.INVITRO, "invitro");
        assertThat(invitro.summary().format()).isEqualTo(TraceFormat.INVITRO);
        assertThat(perMinute(invitro)).isEqualTo(expected);
        assertThat(invitro.functions())
                .extracting(TraceFunction::memoryMib)
                .containsExactlyInAnyOrderElementsOf(
                        trace.functions().stream().map(TraceFunction::memoryMib).toList());
    }

    /** Of minutes' formats, what was read once is told the same way again: counts, and percentiles in steps of 1 %. */
    @Example
    void shouldKeepDurationsOfMinutesWithinOnePercent() {
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            arrivals.add(new Arrival(0, i * 25_000_000L, 1_000 + i * 10));
        }
        Trace back = thereAndBack(trace(arrivals), TraceFormat.INVITRO, "invitro");
        TraceInfo.Spread durations = TraceInfo.of(back).durationMs();
        assertThat(durations.p50()).isBetween(10.4, 11.6);
        assertThat(durations.p99()).isBetween(20.3, 21.0);
        assertThat(durations.max()).isLessThanOrEqualTo(20.99 * 1.001);
    }

    @Example
    void shouldCompressByTheNamesEnd() throws IOException {
        Trace trace = trace(List.of(new Arrival(0, 5, 6)));
        assertThat(inOrder(thereAndBack(trace, TraceFormat.CSV, "t.csv.zst"), 1, true))
                .containsExactly("1 5 6");
        assertThat(Files.readAllBytes(folder.resolve("t.csv.zst"))).startsWith(0x28, 0xb5, 0x2f, 0xfd);
    }

    @Example
    void shouldLeaveNothingBehindThatIsNotComplete() throws IOException {
        Trace fails = new Trace(
                List.of(new TraceFunction("f", "f", 128)),
                trace(List.of()).summary(),
                () -> new ArrayCursor(new long[] {0, 1}, new int[] {0, 7}, new int[] {0, 0}));
        for (TraceFormat format : TraceWriter.FORMATS) {
            assertThatThrownBy(() -> TraceWriter.write(
                            fails, format, folder.resolve("new-" + format.key()), new TraceProgress()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files).containsExactly(folder);
        }
        Path there = Files.writeString(folder.resolve("there.csv"), "mine");
        assertThatThrownBy(() -> TraceWriter.write(
                        trace(List.of(new Arrival(0, 5, 6))), TraceFormat.CSV, there, new TraceProgress()))
                .hasMessage(there + ": is there already, must be a new file");
        assertThat(there).hasContent("mine");
        assertThatThrownBy(() -> TraceWriter.requireWritable(TraceFormat.IBM, folder.resolve("x")))
                .hasMessage("format: 'ibm', must be one of csv, azure2019, azure2021, invitro, iluvatar, faasrail");
    }

    @Example
    void shouldKeepTheRealSamplesArrivals() {
        for (String name : List.of("iluvatar/trace.csv", "invitro/example/Azure2021_200.csv")) {
            Trace trace = Trace.open(SharedTraces.file(name), TraceFormat.AUTO, TraceOptions.defaults());
            String copy = Objects.requireNonNull(Path.of(name).getFileName()).toString();
            assertThat(inOrder(thereAndBack(trace, TraceFormat.CSV, copy), 1, true))
                    .isEqualTo(inOrder(trace, 1, true));
        }
        Trace faasrail = Trace.open(
                SharedTraces.file("faasrail/azure_spec_15rps_5min.csv"), TraceFormat.AUTO, TraceOptions.defaults());
        Trace back = thereAndBack(faasrail, TraceFormat.AZURE2019, "azure");
        assertThat(back.summary().invocations()).isEqualTo(4_045);
        assertThat(back.functions()).hasSize(244);
    }
}
