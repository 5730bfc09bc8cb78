package dev.thaw.scheduler.events.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A folder that stands for a bucket: its regular files are objects, their paths keys. Names that begin with a dot are
 * none, so that a writer can rename a file into its place.
 */
final class BucketFolder {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private BucketFolder() {}

    /** Every object by its key. */
    static Map<String, FileStamp> list(Path folder) throws IOException {
        Map<String, FileStamp> listing = new HashMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return isHidden(inner) && !inner.equals(folder)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isHidden(file)) {
                    long modifiedNs = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
                    String identity = String.valueOf(attributes.fileKey());
                    listing.put(
                            folder.relativize(file).toString(), new FileStamp(attributes.size(), modifiedNs, identity));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(folder)) {
                    throw e;
                }
                return FileVisitResult.CONTINUE; // it has gone meanwhile
            }
        });
        return listing;
    }

    private static boolean isHidden(Path path) {
        return path.getFileName() != null && path.getFileName().toString().startsWith(".");
    }

    /** {@code ObjectCreated:Put} of an object. */
    static byte[] putEvent(Path folder, BucketScan.Found found, String requestId) throws IOException {
        String bucket = String.valueOf(folder.getFileName());
        ObjectNode event = JSON.createObjectNode();
        ObjectNode record = event.putArray("Records").addObject();
        record.put("eventVersion", "2.1");
        record.put("eventSource", "aws:s3");
        record.put("awsRegion", "us-east-1");
        long modifiedMs = TimeUnit.NANOSECONDS.toMillis(found.stamp().modifiedNs());
        record.put("eventTime", TIME.format(Instant.ofEpochMilli(modifiedMs)));
        record.put("eventName", "ObjectCreated:Put");
        record.putObject("userIdentity").put("principalId", "thaw");
        record.putObject("requestParameters").put("sourceIPAddress", "127.0.0.1");
        record.putObject("responseElements").put("x-amz-request-id", requestId);
        ObjectNode s3 = record.putObject("s3");
        s3.put("s3SchemaVersion", "1.0");
        s3.put("configurationId", "thaw");
        ObjectNode ofBucket = s3.putObject("bucket");
        ofBucket.put("name", bucket);
        ofBucket.putObject("ownerIdentity").put("principalId", "thaw");
        ofBucket.put("arn", "arn:aws:s3:::" + bucket);
        ObjectNode object = s3.putObject("object");
        object.put("key", encoded(found.key()));
        object.put("size", found.stamp().bytes());
        object.put("eTag", md5(folder.resolve(found.key())));
        object.put("sequencer", "%016X".formatted(found.stamp().modifiedNs()));
        return JSON.writeValueAsBytes(event);
    }

    /** As keys are in such events: percent-encoded but for slashes, a plus sign for a space. */
    static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    private static String md5(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("MD5"));
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
