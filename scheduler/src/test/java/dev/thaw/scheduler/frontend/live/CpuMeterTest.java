package dev.thaw.scheduler.frontend.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.live.MachineUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpuMeterTest {
    @TempDir
    private Path folder;

    private Path stat(String all) throws IOException {
        return Files.writeString(
                folder.resolve("stat"), "cpu  " + all + "\ncpu0 1 0\ncpu1 1 0\ncpu2 1 0\ncpu3 1 0\nintr 5 0\nctxt 9\n");
    }

    /** Both numbers are of the whole machine: this process may be bound to fewer CPUs than it has. */
    @Test
    void shouldCountTheWholeMachinesCpus() throws IOException {
        // user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice
        CpuMeter meter = new CpuMeter(stat("1000 0 500 8000 100 10 20 5 900 0"));
        MachineUse first = meter.read(1);
        assertThat(first.cpus()).isEqualTo(4);
        assertThat(first.busyCpus()).as("measures nothing").isNegative();

        stat("1100 10 520 8200 120 15 25 45 990 0");
        MachineUse second = meter.read(2);

        // 140 of 400 ticks at work, of four CPUs.
        assertThat(second.cpus()).isEqualTo(4);
        assertThat(second.busyCpus()).isEqualTo(1.4);
    }

    @Test
    void shouldSayThatItDoesNotKnow() throws IOException {
        CpuMeter meter = new CpuMeter(folder.resolve("none"));
        meter.read(1);
        MachineUse use = meter.read(2);
        assertThat(use.cpus()).isNegative();
        assertThat(use.busyCpus()).isNegative();
        assertThat(use.serverCpus()).isNotNegative();

        CpuMeter other = new CpuMeter(stat("of another kind"));
        assertThat(other.read(1).cpus()).isNegative();
    }

    @Test
    void shouldReadThisMachinesOwn() {
        CpuMeter meter = new CpuMeter();

        MachineUse use = meter.read(1);

        assertThat(use.cpus()).isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
