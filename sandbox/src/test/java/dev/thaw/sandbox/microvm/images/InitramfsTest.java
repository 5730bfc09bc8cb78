package dev.thaw.sandbox.microvm.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

final class InitramfsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Map<String, byte[]> modules() {
        Map<String, byte[]> modules = new LinkedHashMap<>();
        modules.put("virtio", bytes("first"));
        modules.put("erofs", bytes("second"));
        return modules;
    }

    @Test
    void shouldHoldInitAndModulesInLoadOrder() throws IOException {
        List<String> names = new ArrayList<>();
        String list = "";
        byte[] archive = Initramfs.of(bytes("init"), modules(), Map.of("vsock", bytes("third")));
        try (var in = new CpioArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (CpioArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
                if (entry.getName().equals("modules/list")) {
                    list = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
                }
            }
        }

        assertThat(names)
                .containsExactly(
                        "dev",
                        "dev/console",
                        "init",
                        "modules",
                        "modules/virtio.ko",
                        "modules/erofs.ko",
                        "modules/list",
                        "modules/vsock.ko",
                        "modules/firecracker");
        assertThat(list).isEqualTo("/modules/virtio.ko\n/modules/erofs.ko\n");
    }

    @Test
    void shouldBeTheSameBytesEachTime() throws IOException {
        assertThat(Initramfs.of(bytes("init"), modules(), Map.of()))
                .isEqualTo(Initramfs.of(bytes("init"), modules(), Map.of()));
    }

    @Test
    void shouldReadWhatAModuleNeeds() {
        byte[] module = bytes("x\0license=GPL\0depends=virtio,virtio-ring\0name=y\0");

        assertThat(KernelModules.dependsOn(module)).containsExactly("virtio", "virtio_ring");
        assertThat(KernelModules.dependsOn(bytes("nothing"))).isEmpty();
    }
}
