package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A control plane whose state lies on a disk that is full: a file system in memory of 4 MiB. */
@Tag("slow")
final class FullStateTest {
    @TempDir
    private Path folder;

    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = shell("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
        if (!mounted) {
            System.out.println("skipped: needs the right to mount");
        }
        assumeTrue(mounted);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        shell("umount", disk.toString());
    }

    private static boolean shell(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    /** Nothing can be written any more. */
    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] page = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (int pages = 0; pages < 4_096; pages++) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessage("No space left on device");
            return filler;
        }
        throw new AssertionError("never full");
    }

    private static void assertRefused(Supplier<@Nullable JsonNode> call) {
        assertThatCode(call::get).isInstanceOfSatisfying(ServiceFault.class, fault -> {
            assertThat(fault.status()).isEqualTo(500);
            assertThat(fault.errorType()).isEqualTo("ServiceException");
            assertThat(fault.text()).isEqualTo("The change could not be stored: the server's disk is full.");
        });
    }

    @Test
    void shouldSayOnceWhichDiskIsFullAndGoOnWhereThereIsRoom() throws IOException {
        try (ControlBed bed = new ControlBed(disk)) {
            bed.create("f");
            bed.settle();
            Path filler = fill();
            String described = "{'Description':'" + "x".repeat(256) + "'}";
            for (int i = 0; i < 3; i++) {
                assertRefused(() -> bed.create("g"));
                assertRefused(() -> {
                    JsonNode last = null;
                    for (int change = 0; change < 10_000; change++) {
                        last = bed.of("UpdateFunctionConfiguration", "f", described);
                    }
                    return last;
                });
            }
            assertThat(bed.notes)
                    .containsExactly(
                            disk + ": the disk is full: what management calls change is refused until there is room");
            assertThat(bed.of("GetFunctionConfiguration", "f")
                            .path("FunctionName")
                            .stringValue())
                    .isEqualTo("f");
            bed.nowMs += 60_000;
            assertRefused(() -> bed.create("g"));
            assertThat(bed.notes).hasSize(2);
            Files.delete(filler);
            bed.of("UpdateFunctionConfiguration", "f", "{'Description':'there is room'}");
            bed.create("g");
        }
        try (ControlBed bed = new ControlBed(disk)) {
            assertThat(bed.of("GetFunctionConfiguration", "f")
                            .path("Description")
                            .stringValue())
                    .isEqualTo("there is room");
            bed.of("GetFunctionConfiguration", "g");
        }
    }
}
