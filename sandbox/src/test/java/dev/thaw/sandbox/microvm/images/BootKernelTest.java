package dev.thaw.sandbox.microvm.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class BootKernelTest {
    private static final int SETUP_BYTES = 1024;

    /** A boot sector, a sector of set-up, then what is packed and its size. */
    private static byte[] packed(byte[] payload, int declaredBytes) {
        ByteBuffer file = ByteBuffer.allocate(SETUP_BYTES + payload.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0x1f1, (byte) 1).putInt(0x202, 0x53726448);
        file.putInt(0x248, 0).putInt(0x24c, declaredBytes);
        file.put(SETUP_BYTES, payload);
        return file.array();
    }

    private static byte[] program() {
        byte[] program = new byte[5000];
        program[0] = 0x7f;
        program[1] = 'E';
        program[2] = 'L';
        program[3] = 'F';
        return program;
    }

    @Test
    void shouldUnpackWhatIsPackedWithZstd() throws IOException {
        byte[] payload = Zstd.compress(program());

        assertThat(BootKernel.unpack(packed(payload, payload.length + 4))).isEqualTo(program());
    }

    @Test
    void shouldLeaveAKernelThatIsNotPackedAsItIs() throws IOException {
        byte[] image = new byte[2000];

        assertThat(BootKernel.unpack(image)).isSameAs(image);
    }

    @Test
    void shouldRefuseAHeaderThatLeadsOutOfTheFile() {
        byte[] payload = Zstd.compress(program());

        assertThatThrownBy(() -> BootKernel.unpack(packed(payload, 1 << 20)))
                .hasMessage("the kernel's header names a place outside of the file");
    }

    @Test
    void shouldRefuseWhatIsNoProgram() {
        byte[] payload = Zstd.compress(Arrays.copyOfRange(program(), 4, 5000));

        assertThatThrownBy(() -> BootKernel.unpack(packed(payload, payload.length + 4)))
                .hasMessage("the packed kernel holds no ELF program");
    }
}
