package dev.thaw.results;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file or a connection failed, in words for people: no class names, no path that the caller names already. */
public final class CauseText {
    private CauseText() {}

    public static String of(Throwable cause) {
        return switch (cause) {
            case UncheckedIOException e when e.getCause() != null -> of(e.getCause());
            case FileSystemException e -> ofFile(e);
            case CharacterCodingException _ -> "not UTF-8 text";
            case UnknownHostException _ -> "unknown host";
            case UnresolvedAddressException _ -> "unknown host";
            case ClosedChannelException _ -> "connection closed";
            case ConnectException e when e.getMessage() == null -> "cannot connect";
            case HttpTimeoutException _ -> "no answer in time";
            default -> message(cause);
        };
    }

    private static String ofFile(FileSystemException cause) {
        return switch (cause) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "exists and is not a directory";
            case NotDirectoryException _ -> "not a directory";
            case NoSuchFileException _ -> "no such file or directory";
            default -> cause.getReason() == null ? "cannot be used" : cause.getReason();
        };
    }

    /** Of a native call, what the system says: {@code bind(..) failed with error(-98): Address already in use}. */
    private static String message(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return "unknown cause (" + cause.getClass().getSimpleName() + ")";
        }
        return message.replaceFirst("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ", "");
    }
}
