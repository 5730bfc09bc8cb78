package dev.thaw.scheduler.control.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells without reading them whether the files of an unpacked package are still what was unpacked: by names, modes and
 * sizes, and by when the kernel changed them last, which nobody can set. Lies beside the files, as a text: the sum of all
 * and the zip's figures, then a line for each file, which says what was altered where the sum differs.
 *
 * <p>Threading: safe on any thread.
 */
public final class PackageSeal {
    private static final String FILE = "seal";
    private static final int FOLDER = 0040000;
    private static final int KIND = 0170000;

    private final @Nullable SortedMap<String, String> lines;
    private long sum;

    private PackageSeal(@Nullable SortedMap<String, String> lines) {
        this.lines = lines;
    }

    /** Whether there is one for this folder of files. */
    public static boolean isOn(Path files) {
        return Files.isRegularFile(files.resolveSibling(FILE));
    }

    /** Null where the files are what they were when they were sealed; else what was altered, without a path of the host. */
    public static @Nullable String problemOf(Path files) {
        try (var reader = Files.newBufferedReader(files.resolveSibling(FILE))) {
            String head = reader.readLine();
            PackageSeal now = new PackageSeal(null);
            now.scan(files, "");
            boolean same = head != null && head.startsWith(hex(now.sum) + ' ');
            return same ? null : differenceFrom(files, sealed(reader.lines().toList()));
        } catch (IOException | UncheckedIOException unreadable) {
            return "its files cannot be read";
        }
    }

    private static SortedMap<String, String> sealed(Iterable<String> lines) {
        SortedMap<String, String> sealed = new TreeMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            sealed.put(line.substring(space + 1), line.substring(0, Math.max(0, space)));
        }
        return sealed;
    }

    private static String differenceFrom(Path files, SortedMap<String, String> sealed) throws IOException {
        SortedMap<String, String> now = new TreeMap<>();
        new PackageSeal(now).scan(files, "");
        for (Map.Entry<String, String> each : sealed.entrySet()) {
            String found = now.remove(each.getKey());
            if (found == null) {
                return each.getKey() + " is gone";
            }
            if (!found.equals(each.getValue())) {
                return each.getKey() + " was altered: " + sizeIn(found) + " bytes, " + sizeIn(each.getValue())
                        + " when it was unpacked";
            }
        }
        return now.isEmpty() ? "its seal was altered" : now.firstKey() + " was not in it";
    }

    private static String sizeIn(String facts) {
        return facts.split(",", -1)[1];
    }

    /** Seals files that have just been unpacked; {@code figures} stay readable in {@link #figures}. */
    static void write(Path files, String figures) throws IOException {
        SortedMap<String, String> lines = new TreeMap<>();
        PackageSeal seal = new PackageSeal(lines);
        seal.scan(files, "");
        StringBuilder text =
                new StringBuilder().append(hex(seal.sum)).append(' ').append(figures);
        lines.forEach(
                (name, facts) -> text.append('\n').append(facts).append(' ').append(name));
        Files.writeString(files.resolveSibling(FILE), text.append('\n'));
    }

    /** What was written down with the seal. */
    static String figures(Path files) throws IOException {
        try (var reader = Files.newBufferedReader(files.resolveSibling(FILE))) {
            String head = reader.readLine();
            return head == null ? "" : head.substring(head.indexOf(' ') + 1);
        }
    }

    private void scan(Path folder, String prefix) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                add(entry, prefix + entry.getFileName());
            }
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
    }

    private void add(Path file, String name) throws IOException {
        Map<String, Object> facts = Files.readAttributes(file, "unix:mode,size,ctime", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) Objects.requireNonNull(facts.get("mode"));
        boolean folder = (mode & KIND) == FOLDER;
        // Of a folder both change with what is in it, which is looked at anyway.
        long size = folder ? 0 : (Long) Objects.requireNonNull(facts.get("size"));
        long changedNs = folder ? 0 : ((FileTime) Objects.requireNonNull(facts.get("ctime"))).to(TimeUnit.NANOSECONDS);
        sum += mix(mix(mix(mix(hash(name)) + mode) + size) + changedNs);
        if (lines != null) {
            lines.put(name.replaceAll("\\p{Cntrl}", "?"), Integer.toOctalString(mode) + "," + size + "," + changedNs);
        }
        if (folder) {
            scan(file, name + "/");
        }
    }

    /** Sums of these do not depend on the order in which a folder names its files. */
    private static long mix(long value) {
        long first = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        long second = (first ^ first >>> 27) * 0x94D0_49BB_1331_11EBL;
        return second ^ second >>> 31;
    }

    private static long hash(String name) {
        long hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 0x9E37_79B9_7F4A_7C15L + name.charAt(i) + 1;
        }
        return hash;
    }

    private static String hex(long sum) {
        return HexFormat.of().toHexDigits(sum);
    }
}
