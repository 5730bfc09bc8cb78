package dev.thaw.scheduler.control.code;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * What the table of contents of a deployment package may say (contract.md section 12): judged as a whole before anything
 * is written.
 */
public final class PackageRules {
    /** Quota of a package with its layers, unzipped. */
    public static final long MAX_UNZIPPED_BYTES = 262_144_000;
    /** Quota of a zip inside a request. */
    public static final int MAX_ZIPPED_BYTES = 52_428_800;

    static final int MAX_ENTRIES = 100_000;

    private static final int MAX_PATH_BYTES = 4_000;
    private static final int MAX_NAME_BYTES = 255;
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR_FILE = 0100000;

    private final Map<String, Boolean> isFolderByName = new HashMap<>();
    private long declaredBytes;

    /** The entry's name without dots and doubled slashes; refuses one that may not be. */
    String judge(ZipArchiveEntry entry) throws PackageRefused {
        List<String> parts = parts(entry.getName());
        String name = String.join("/", parts);
        checkKind(entry, name);
        checkPlace(entry, parts, name);
        declaredBytes += Math.max(0, entry.getSize());
        if (declaredBytes > MAX_UNZIPPED_BYTES || declaredBytes < 0) {
            throw PackageRefused.oversized();
        }
        return name;
    }

    private static List<String> parts(String name) throws PackageRefused {
        if (name.startsWith("/")
                || name.indexOf('\0') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw PackageRefused.broken(
                    "entry " + shown(name) + " must be a relative path of at most " + MAX_PATH_BYTES + " bytes");
        }
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw PackageRefused.broken("entry " + shown(name) + " leads out of the package");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw PackageRefused.broken(
                        "entry " + shown(name) + " has a name of more than " + MAX_NAME_BYTES + " bytes");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static void checkKind(ZipArchiveEntry entry, String name) throws PackageRefused {
        int type = entry.getUnixMode() & TYPE_MASK;
        if (!entry.isDirectory() && !entry.isUnixSymlink() && type != 0 && type != REGULAR_FILE) {
            throw PackageRefused.broken("entry " + shown(name) + " is no file, folder or link");
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw PackageRefused.broken("entry " + shown(name) + " is encrypted");
        }
        int method = entry.getMethod();
        if (method != ZipMethod.STORED.getCode() && method != ZipMethod.DEFLATED.getCode()) {
            throw PackageRefused.broken("entry " + shown(name) + " is neither stored nor deflated");
        }
    }

    /** Every name stands for one thing, and what has something below it is a folder. */
    private void checkPlace(ZipArchiveEntry entry, List<String> parts, String name) throws PackageRefused {
        boolean folder = entry.isDirectory();
        if (parts.isEmpty()) {
            if (!folder) {
                throw PackageRefused.broken("entry " + shown(entry.getName()) + " has no name");
            }
            return;
        }
        for (int depth = 1; depth < parts.size(); depth++) {
            claim(String.join("/", parts.subList(0, depth)), true);
        }
        if (!folder && isFolderByName.containsKey(name)) {
            throw PackageRefused.broken("entry " + shown(name) + " is there twice");
        }
        claim(name, folder);
        if (isFolderByName.size() > MAX_ENTRIES) {
            throw PackageRefused.broken("holds more than " + MAX_ENTRIES + " entries");
        }
    }

    private void claim(String name, boolean folder) throws PackageRefused {
        Boolean before = isFolderByName.putIfAbsent(name, folder);
        if (before != null && before != folder) {
            throw PackageRefused.broken("entry " + shown(name) + " is a folder and a file");
        }
    }

    static String shown(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return "'" + (line.length() <= 80 ? line : line.substring(0, 80) + "...") + "'";
    }
}
