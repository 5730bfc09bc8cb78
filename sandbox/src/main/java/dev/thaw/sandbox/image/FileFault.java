package dev.thaw.sandbox.image;

import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for what went wrong with a file: without class names, and without paths that the caller names better. */
final class FileFault {
    private static final int TEXT_MAX = 200;

    private FileFault() {}

    static String describe(Exception fault) {
        return switch (fault) {
            case NoSuchFileException _ -> "no such file";
            case FileAlreadyExistsException _ -> "exists already";
            case NotDirectoryException _ -> "not a folder";
            case DirectoryNotEmptyException _ -> "folder is not empty";
            case FileSystemException other -> other.getReason() == null ? "cannot be written" : other.getReason();
            case InvalidPathException invalid ->
                "name cannot be written in this locale (LC_ALL=C.UTF-8 can): " + invalid.getReason();
            default -> fault.getMessage() == null ? "damaged" : shown(fault.getMessage());
        };
    }

    /** Foreign text as part of one line: without control characters, cut where it is long. */
    static String shown(String text) {
        String line = text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
        return line.chars()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, (to, c) -> to.append((char) c), StringBuilder::append)
                .toString();
    }
}
