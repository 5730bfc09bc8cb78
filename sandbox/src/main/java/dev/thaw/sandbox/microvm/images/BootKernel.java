package dev.thaw.sandbox.microvm.images;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/**
 * A kernel as QEMU boots it fastest. An x86 kernel is a program that unpacks itself; emulated, that takes longer than
 * all else that it does until init, so it is unpacked here, once (the boot protocol's header says where the packed
 * kernel lies). Kernels of arm64 are not packed.
 */
final class BootKernel {
    private static final int SETUP_SECTORS_AT = 0x1f1;
    private static final int MAGIC_AT = 0x202;
    private static final int PAYLOAD_AT = 0x248;
    private static final int MAGIC = 0x53726448; // "HdrS"
    private static final int SECTOR_BYTES = 512;
    private static final int LZ4_LEGACY = 0x184c2102;
    private static final int ZSTD = 0xfd2fb528;
    private static final int ELF = 0x464c457f;

    private BootKernel() {}

    /** The kernel itself; what is no packed x86 kernel, or packed in a way unknown here, comes back as it is. */
    static byte[] unpack(byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < PAYLOAD_AT + 8 || bytes.getInt(MAGIC_AT) != MAGIC) {
            return file;
        }
        int start = (file[SETUP_SECTORS_AT] + 1) * SECTOR_BYTES + bytes.getInt(PAYLOAD_AT);
        int length = bytes.getInt(PAYLOAD_AT + Integer.BYTES);
        if (start < 0 || length < Integer.BYTES || start > file.length - length) {
            throw new IOException("the kernel's header names a place outside of the file");
        }
        return switch (bytes.getInt(start)) {
            case LZ4_LEGACY -> program(lz4(bytes.slice(start + Integer.BYTES, length - Integer.BYTES)));
            case ZSTD -> program(zstd(file, start, length));
            default -> file;
        };
    }

    private static byte[] program(byte[] kernel) throws IOException {
        if (kernel.length < Integer.BYTES
                || ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN).getInt(0) != ELF) {
            throw new IOException("the packed kernel holds no ELF program");
        }
        return kernel;
    }

    /** Blocks, each with its length before it; the last four bytes are the kernel's size, no block. */
    private static byte[] lz4(ByteBuffer blocks) throws IOException {
        ByteBuffer in = blocks.order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream kernel = new ByteArrayOutputStream();
        while (in.remaining() > Integer.BYTES) {
            int length = in.getInt();
            if (length <= 0 || length > in.remaining()) {
                break;
            }
            byte[] block = new byte[length];
            in.get(block);
            try (var unpacking = new BlockLZ4CompressorInputStream(new ByteArrayInputStream(block))) {
                unpacking.transferTo(kernel);
            }
        }
        return kernel.toByteArray();
    }

    /** The last four bytes are the kernel's size. */
    private static byte[] zstd(byte[] file, int start, int length) throws IOException {
        try (var unpacking = new ZstdInputStream(new ByteArrayInputStream(file, start, length - Integer.BYTES))) {
            return unpacking.readAllBytes();
        }
    }
}
