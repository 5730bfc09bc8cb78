package dev.thaw.sandbox.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes an OCI image layout, layer by layer. */
public final class ImageBuilder {
    private final Path folder;
    private final List<String> layers = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();

    public ImageBuilder(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("blobs/sha256"));
        Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    /** A way to pack a layer. */
    @FunctionalInterface
    public interface Packing {
        OutputStream over(OutputStream out) throws IOException;
    }

    public ImageBuilder layer(Tar tar) throws IOException {
        return layer(tar, out -> out);
    }

    ImageBuilder layer(Tar tar, Packing packing) throws IOException {
        byte[] content = tar.bytes();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = packing.over(packed)) {
            out.write(content);
        }
        layers.add(blob(packed.toByteArray()));
        contents.add(Sha256.of(content));
        return this;
    }

    /** Writes configuration and manifest; a descriptor of the latter. {@code settings} are JSON members. */
    public String manifest(String architecture, String settings) throws IOException {
        String config =
                blob("""
                {"architecture":"%s","os":"linux","config":{%s},"rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(architecture, settings, quoted(contents)).getBytes(StandardCharsets.UTF_8));
        StringBuilder descriptors = new StringBuilder();
        for (String layer : layers) {
            descriptors.append(descriptors.isEmpty() ? "" : ",").append("{\"digest\":\"" + layer + "\"}");
        }
        String manifest = blob("{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\"},\"layers\":[%s]}"
                .formatted(config, descriptors)
                .getBytes(StandardCharsets.UTF_8));
        return "{\"digest\":\"%s\",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}"
                .formatted(manifest, architecture);
    }

    /** Forgets the layers, for another image of the same layout. */
    ImageBuilder next() {
        layers.clear();
        contents.clear();
        return this;
    }

    public Path index(String... descriptors) throws IOException {
        Files.writeString(
                folder.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", descriptors) + "]}");
        return folder;
    }

    Path blobFile(String digest) {
        return folder.resolve("blobs/sha256").resolve(Sha256.hex(digest));
    }

    String blob(byte[] content) throws IOException {
        String digest = Sha256.of(content);
        Files.write(blobFile(digest), content);
        return digest;
    }

    List<String> layers() {
        return layers;
    }

    private static String quoted(List<String> texts) {
        return texts.isEmpty() ? "" : "\"" + String.join("\",\"", texts) + "\"";
    }

    /** One layer's tar, or an archive of a whole image. */
    public static final class Tar {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");

        public Tar() {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        }

        public Tar file(String name, int mode, byte[] content) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setMode(mode);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        }

        public Tar file(String name, String content) throws IOException {
            return file(name, 0644, content.getBytes(StandardCharsets.UTF_8));
        }

        Tar folder(String name, int mode) throws IOException {
            return entry(name + "/", TarConstants.LF_DIR, "", mode);
        }

        Tar link(String name, String target) throws IOException {
            return entry(name, TarConstants.LF_SYMLINK, target, 0777);
        }

        Tar hardLink(String name, String target) throws IOException {
            return entry(name, TarConstants.LF_LINK, target, 0644);
        }

        Tar entry(String name, byte type, String target, int mode) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setLinkName(target);
            entry.setMode(mode);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
            return this;
        }

        public byte[] bytes() throws IOException {
            tar.close();
            return out.toByteArray();
        }
    }
}
