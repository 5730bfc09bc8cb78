package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.control.code.PackageRefused;
import dev.thaw.scheduler.control.code.PackageRules;
import dev.thaw.scheduler.control.code.StoredCode;
import dev.thaw.scheduler.control.state.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where deployment packages come from: inside the request, or, instead of S3, from a folder of this host that has a
 * folder for each bucket and a file for each key.
 *
 * <p>Threading: safe on any thread.
 */
public final class PackageSource {
    private static final Pattern BUCKET = Pattern.compile("^[0-9A-Za-z\\.\\-_]*(?<!\\.)$");

    private final CodeStore store;
    private final @Nullable Path bucketRoot;

    /** Takes packages into the store; without a folder of buckets none comes from there. */
    public PackageSource(CodeStore store, @Nullable Path bucketRoot) {
        this.store = store;
        this.bucketRoot = bucketRoot;
    }

    CodeStore store() {
        return store;
    }

    /** The names that {@code code} gives are checked; of them the package, held by the store. */
    StoredCode take(Body code, String prefix) {
        boolean zip = code.has("ZipFile");
        String bucket = code.string("S3Bucket");
        String key = code.string("S3Key");
        Checks checks = new Checks();
        checks.length(bucket, prefix + "s3Bucket", 3, 63);
        checks.pattern(bucket, prefix + "s3Bucket", BUCKET);
        checks.length(key, prefix + "s3Key", 1, 1_024);
        checks.refuse();
        if (zip && (bucket != null || key != null)) {
            throw ServiceFault.invalidParameter(
                    "Please do not provide other FunctionCode parameters when providing a ZipFile.");
        }
        if (zip) {
            byte[] decoded = code.decoded("ZipFile");
            return take(checked(decoded == null ? decode(String.valueOf(code.string("ZipFile"))) : decoded));
        }
        if (bucket == null || key == null) {
            throw ServiceFault.invalidParameter("Please provide a source for function code.");
        }
        return take(object(bucket, key));
    }

    /** A folder or a zip of this host, which a template names. */
    StoredCode take(Path zipOrFolder) {
        try {
            return store.put(zipOrFolder);
        } catch (PackageRefused refused) {
            throw fault(refused);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of an image that was found, held by the store. */
    StoredCode keep(FunctionCode image) {
        try {
            return store.putImage(Path.of(image.imageUri()), image.sha256());
        } catch (IOException e) {
            if (FullDisk.isCauseOf(e)) {
                throw new UncheckedIOException(e);
            }
            throw ServiceFault.invalidParameter(
                    "Source image " + image.imageUri() + " cannot be kept: " + e.getMessage());
        }
    }

    private StoredCode take(byte[] zip) {
        try {
            return store.put(zip);
        } catch (PackageRefused refused) {
            throw fault(refused);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServiceFault fault(PackageRefused refused) {
        if (refused.isOversized()) {
            return ServiceFault.invalidParameter(
                    "Unzipped size must be smaller than " + PackageRules.MAX_UNZIPPED_BYTES + " bytes");
        }
        if (refused.isEmpty()) {
            return ServiceFault.invalidParameter("Uploaded file must be a non-empty zip");
        }
        String detail = refused.text().equals("is damaged") ? "" : " The file's " + refused.text() + ".";
        return ServiceFault.invalidParameter(
                "Could not unzip uploaded file. Please check your file, then try to upload again." + detail);
    }

    private static byte[] decode(String base64) {
        // Four letters for three bytes; what is too long is not decoded first.
        if (base64.length() / 4L * 3 > PackageRules.MAX_ZIPPED_BYTES + 3L) {
            throw tooLarge();
        }
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ServiceFault(400, "SerializationException", "ZipFile: must be base64");
        }
    }

    private static byte[] checked(byte[] zip) {
        if (zip.length > PackageRules.MAX_ZIPPED_BYTES) {
            throw tooLarge();
        }
        return zip;
    }

    private static ServiceFault tooLarge() {
        return new ServiceFault(
                413,
                "RequestEntityTooLargeException",
                "Zipped size must be smaller than " + PackageRules.MAX_ZIPPED_BYTES + " bytes");
    }

    private Path object(String bucket, String key) {
        Path root = bucketRoot;
        if (root == null) {
            throw ServiceFault.invalidParameter(
                    "S3Bucket cannot be used here: the server was started without a folder of"
                            + " buckets (--bucket-root).");
        }
        Path folder = inside(root, bucket);
        if (folder == null || !Files.isDirectory(folder)) {
            throw failed("NoSuchBucket", "The specified bucket does not exist");
        }
        Path file = inside(folder, key);
        if (file == null || !Files.exists(file)) {
            throw failed("NoSuchKey", "The specified key does not exist.");
        }
        return file;
    }

    private static @Nullable Path inside(Path folder, String name) {
        try {
            Path path = folder.resolve(name).normalize();
            return path.startsWith(folder) && !path.equals(folder) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static ServiceFault failed(String code, String message) {
        return ServiceFault.invalidParameter(
                "Error occurred while GetObject. S3 Error Code: " + code + ". S3 Error Message: " + message);
    }
}
