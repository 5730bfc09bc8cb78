package dev.thaw.results.imports;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thaw.results.CauseText;
import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedLog;
import dev.thaw.results.JmhBundle;
import dev.thaw.results.Provenance;
import dev.thaw.results.RunCatalogue;
import dev.thaw.results.cost.PriceList;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes bundles of files that others wrote.
 *
 * @param format one of {@link #FORMATS}, or {@code auto} to find out by their beginnings
 * @param name part of the bundles' names; null for that of the file or format
 * @param architecture of the functions, where a format does not tell and the user knows; else null
 * @param nsPerUnit what a value of an interval log is
 * @param command the command line as typed
 */
public record Imports(
        String format,
        @Nullable String name,
        @Nullable String architecture,
        long nsPerUnit,
        String command,
        Path runsDirectory) {
    public static final String AUTO = "auto";
    private static final String JMH = "jmh";
    private static final String HLOG = "hlog";
    public static final List<String> FORMATS =
            List.of("lambda-perf", "cebert", "power-tuning", "report", JMH, HLOG, "wrk", "hyperfoil");

    private static final int HEAD_CHARS = 4096;

    public Imports {
        if (!format.equals(AUTO) && !FORMATS.contains(format)) {
            throw new IllegalArgumentException(
                    "--format: '" + format + "', must be auto or one of " + String.join(", ", FORMATS));
        }
        if (architecture != null && PriceList.of(architecture) == null) {
            throw new IllegalArgumentException("--architecture: '" + architecture + "', must be x86_64 or arm64");
        }
    }

    /**
     * The bundles written: of all files, or none where one of them cannot be read.
     *
     * @throws IllegalArgumentException in one line that names the file, and the row where there is one
     */
    public List<Path> of(List<Path> files) throws IOException {
        String found = format.equals(AUTO) ? detect(files.getFirst()) : format;
        Importer importer = importer(found);
        boolean isOneRun = importer != null && importer.isOneRun();
        List<Path> bundles = new ArrayList<>();
        try {
            for (List<Path> run :
                    isOneRun ? List.of(files) : files.stream().map(List::of).toList()) {
                if (importer == null) {
                    bundles.add(whole(found, run.getFirst()));
                } else {
                    measurements(importer, run, bundles);
                }
            }
            return bundles;
        } catch (IOException | RuntimeException e) {
            for (Path bundle : bundles) {
                RunCatalogue.delete(bundle);
            }
            throw e;
        }
    }

    private List<Importer> importers() {
        return List.of(
                new LambdaPerf(),
                new Cebert(),
                new PowerTuning(),
                new ReportLines(architecture == null ? null : PriceList.of(architecture)),
                new Wrk(),
                new Hyperfoil());
    }

    private @Nullable Importer importer(String wanted) {
        return importers().stream()
                .filter(each -> each.format().equals(wanted))
                .findFirst()
                .orElse(null);
    }

    private String detect(Path file) {
        char[] head = new char[HEAD_CHARS];
        int length;
        try (BufferedReader text = Place.open(file)) {
            length = Math.max(0, text.read(head));
        } catch (IOException e) {
            throw cannotBeRead(file, e);
        }
        String begin = new String(head, 0, length).stripLeading();
        String fileName = String.valueOf(file.getFileName());
        if (begin.startsWith("#[") || fileName.endsWith(".hlog")) {
            return HLOG;
        }
        if (begin.contains("\"jmhVersion\"")) {
            return JMH;
        }
        return importers().stream()
                .filter(each -> each.accepts(fileName, begin))
                .map(Importer::format)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        file + ": looks like none of " + String.join(", ", FORMATS) + ": say --format"));
    }

    /** Formats that become bundles of a kind that there is. */
    private Path whole(String found, Path file) throws IOException {
        byte[] content;
        try (InputStream in = Place.stream(file)) {
            content = in.readAllBytes();
        } catch (IOException e) {
            throw cannotBeRead(file, e);
        }
        Provenance provenance = Provenance.of(found, List.of(file));
        try {
            return found.equals(JMH)
                    ? JmhBundle.write(nameOf(file), command, new String(content, UTF_8), provenance, runsDirectory)
                    : ImportedLog.write(
                            new ByteArrayInputStream(content),
                            nsPerUnit,
                            nameOf(file),
                            command,
                            provenance,
                            runsDirectory);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException cannotBeRead(Path file, Exception cause) {
        return new IllegalArgumentException(file + ": cannot be read: " + CauseText.of(cause), cause);
    }

    private void measurements(Importer importer, List<Path> files, List<Path> written) throws IOException {
        Provenance provenance = Provenance.of(importer.format(), files);
        String base = importer.isOneRun() && name == null ? importer.format() : nameOf(files.getFirst());
        SortedMap<String, ImportedBundle> bundles = new TreeMap<>();
        for (Path file : files) {
            read(
                    importer,
                    file,
                    variant -> bundles.computeIfAbsent(
                            variant,
                            _ -> bundle(variant.isEmpty() ? base : base + "-" + variant, variant, provenance)));
        }
        bundles.values().removeIf(ImportedBundle::isEmpty);
        if (bundles.isEmpty()) {
            throw new IllegalArgumentException(files.getFirst() + ": holds nothing of " + importer.format());
        }
        for (ImportedBundle bundle : bundles.values()) {
            written.add(bundle.write(command, runsDirectory));
        }
    }

    private static void read(Importer importer, Path file, Importer.Sink into) {
        try (BufferedReader text = Place.open(file)) {
            importer.read(file, text, into);
        } catch (IOException | UncheckedIOException e) {
            throw cannotBeRead(file, e);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(file + ":")
                    ? e
                    : new IllegalArgumentException(file + ": not " + importer.format() + ": " + message, e);
        }
    }

    private ImportedBundle bundle(String bundleName, String variant, Provenance provenance) {
        ImportedBundle bundle = new ImportedBundle(bundleName, provenance);
        if (!variant.isEmpty()) {
            bundle.fact("architecture", variant);
        } else if (architecture != null) {
            bundle.fact("architecture", architecture);
        }
        return bundle;
    }

    private String nameOf(Path file) {
        return name != null ? name : String.valueOf(file.getFileName()).replaceAll("\\.[A-Za-z0-9]+$", "");
    }
}
