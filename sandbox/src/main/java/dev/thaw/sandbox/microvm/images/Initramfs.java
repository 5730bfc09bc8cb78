package dev.thaw.sandbox.microvm.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * The file system that a microVM starts from: init, and the kernel modules that it loads in the order of
 * {@code /modules/list}, in Firecracker those of {@code /modules/firecracker} behind them. Not packed, since an emulated machine unpacks slowly; the same content gives the same bytes.
 */
final class Initramfs {
    private static final int READABLE = 0444;
    private static final int EXECUTABLE = 0555;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CpioArchiveOutputStream archive =
            new CpioArchiveOutputStream(bytes, CpioConstants.FORMAT_NEW, 512, "US-ASCII");
    private int entries;

    private Initramfs() {}

    static byte[] of(byte[] init, Map<String, byte[]> modules, Map<String, byte[]> firecracker) throws IOException {
        Initramfs made = new Initramfs();
        // The kernel opens the first process's output here before that process can make its own devices.
        made.folder("dev");
        made.add("dev/console", CpioConstants.C_ISCHR | 0600, new byte[0]);
        made.add("init", CpioConstants.C_ISREG | EXECUTABLE, init);
        made.folder("modules");
        made.modules("list", modules);
        made.modules("firecracker", firecracker);
        made.archive.close();
        return made.bytes.toByteArray();
    }

    private void modules(String listName, Map<String, byte[]> modules) throws IOException {
        StringBuilder list = new StringBuilder();
        for (Map.Entry<String, byte[]> module : modules.entrySet()) {
            String path = "modules/" + module.getKey() + ".ko";
            add(path, CpioConstants.C_ISREG | READABLE, module.getValue());
            list.append('/').append(path).append('\n');
        }
        byte[] lines = list.toString().getBytes(StandardCharsets.US_ASCII);
        add("modules/" + listName, CpioConstants.C_ISREG | READABLE, lines);
    }

    private void folder(String name) throws IOException {
        add(name, CpioConstants.C_ISDIR | EXECUTABLE, new byte[0]);
    }

    private void add(String name, int mode, byte[] content) throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name, content.length);
        entry.setMode(mode);
        entry.setTime(0);
        entry.setInode(++entries);
        entry.setNumberOfLinks(1);
        if ((mode & CpioConstants.C_ISCHR) == CpioConstants.C_ISCHR) {
            entry.setRemoteDeviceMaj(5);
            entry.setRemoteDeviceMin(1);
        }
        archive.putArchiveEntry(entry);
        archive.write(content);
        archive.closeArchiveEntry();
    }
}
