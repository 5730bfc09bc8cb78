package dev.thaw.results;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ServerRecordTest {
    private final byte[] buffer = new byte[ServerRecord.MAX_ENCODED_LENGTH];

    @Test
    void shouldEncodeInTheDocumentedOrder() {
        ServerRecord record = new ServerRecord();
        record.clear();
        record.phasesNs[Phase.FRONTEND.ordinal()] = 12;
        record.phasesNs[Phase.INVOKE.ordinal()] = 3_000_000_000L;
        record.coldVictim = true;
        record.billedMs = 3001;
        record.memoryMib = 128;
        record.environmentId = 7;
        record.hostId = 0;

        assertThat(text(record))
                .isEqualTo("v1,12,0,0,0,0,0,0,0,0,3000000000,0,0,1,0,-1,-1,-1,0,3001,128,7,0,0,-1,0,0,0,0,0,0");
    }

    @Test
    void shouldReadBackWhatItWrote() {
        for (int seed = 0; seed < 1_000; seed++) {
            ServerRecord record = random(new Random(seed));
            ServerRecord read = new ServerRecord();

            assertThat(read.decode(text(record))).as("seed %d", seed).isTrue();

            assertThat(read).as("seed %d", seed).usingRecursiveComparison().isEqualTo(record);
        }
    }

    @Test
    void shouldHoldTheWidestRecord() {
        ServerRecord record = new ServerRecord();
        for (int phase = 0; phase < record.phasesNs.length; phase++) {
            record.phasesNs[phase] = Long.MIN_VALUE;
        }
        record.throttledNs = Long.MIN_VALUE;
        record.cpuNs = Long.MIN_VALUE;
        record.peakMemoryBytes = Long.MIN_VALUE;
        record.billedMs = Long.MIN_VALUE;
        record.environmentId = Long.MIN_VALUE;

        assertThat(text(record)).contains("," + Long.MIN_VALUE + ",");
    }

    @Test
    void shouldRefuseWhatIsNotARecord() {
        String good = "v1,12,0,0,0,0,0,0,0,0,3,0,0,1,0,-1,-1,-1,0,3001,128,7,0,0,-1,0,0,0,0";
        assertThat(new ServerRecord().decode(good)).isTrue(); // of an earlier server
        assertThat(new ServerRecord().decode(good + ",7")).isTrue();
        assertThat(new ServerRecord().decode(good + ",7,1")).isTrue();
        for (String bad : new String[] {
            "",
            "v",
            "v2" + good.substring(2),
            good + ",0,0,0",
            good + ",0,2",
            good + ",-1",
            good + ",",
            good + " ",
            good.substring(0, good.length() - 2),
            good.substring(0, good.length() - 1),
            good.replace("3001", "3o01"),
            good.replace("3001", "-"),
            good.replace("3001", "-5"),
            good.replace("3001", "9999999999999999999"),
            good.replace("v1,12", "v1,-12"),
            good.replace("128", "2147483648"),
            good.replace(",1,0,-1", ",2,0,-1"),
            good.replace("0,-1,0,0,0,0", "2,-1,0,0,0,0"),
            good.replace("0,-1,0,0,0,0", "0,-2,0,0,0,0"),
            good.substring(0, good.length() - 1) + "-1",
            good.replace("-1,0,0,0,0", "-1," + (InjectedFault.ALL_BITS + 1) + ",0,0,0")
        }) {
            ServerRecord record = random(new Random(1));
            assertThat(record.decode(bad)).as(bad).isFalse();
            assertThat(record.environmentId).as(bad).isEqualTo(-1);
        }
    }

    @Test
    void shouldRefuseEveryCutAndSurviveEveryFlippedCharacter() {
        String good = text(random(new Random(3)));
        for (int i = 0; i < good.length(); i++) {
            assertThat(new ServerRecord().decode(good.substring(0, i))).isEqualTo(isWholeRecord(good, i));
            for (char c : new char[] {',', '-', 'x', '9', ' '}) {
                // Must not throw; whether it is still a record depends on the place.
                new ServerRecord().decode(good.substring(0, i) + c + good.substring(i + 1));
            }
        }
    }

    /** A cut inside one of the last three fields, after its first digit, is still a record: each was the last one once. */
    private static boolean isWholeRecord(String good, int length) {
        int lastField = good.lastIndexOf(',') + 1;
        int fieldBefore = good.lastIndexOf(',', lastField - 2) + 1;
        int oldestLastField = good.lastIndexOf(',', fieldBefore - 2) + 1;
        return length > oldestLastField && length != fieldBefore && length != lastField;
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ServerRecord record = random(new Random(9));
        String text = text(record);
        exchange(record, text, 20_000);

        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        exchange(record, text, 5_000);

        assertThat(threads.getCurrentThreadAllocatedBytes() - beforeBytes).isZero();
    }

    private void exchange(ServerRecord record, String text, int times) {
        for (int i = 0; i < times; i++) {
            record.encode(buffer);
            record.decode(text);
        }
    }

    private String text(ServerRecord record) {
        return new String(buffer, 0, record.encode(buffer), US_ASCII);
    }

    private static ServerRecord random(Random random) {
        ServerRecord record = new ServerRecord();
        for (int phase = 0; phase < record.phasesNs.length; phase++) {
            record.phasesNs[phase] = positive(random);
        }
        record.coldTrigger = random.nextBoolean();
        record.coldVictim = random.nextBoolean();
        record.suppressedInit = random.nextBoolean();
        record.throttledNs = positive(random) - 1;
        record.cpuNs = positive(random) - 1;
        record.peakMemoryBytes = positive(random) - 1;
        record.outOfMemory = random.nextBoolean();
        for (int stage = 0; stage < record.stagesNs.length; stage++) {
            record.stagesNs[stage] = positive(random);
        }
        record.billedMs = positive(random);
        record.unbilledInitMs = positive(random);
        record.provisioned = random.nextBoolean();
        record.memoryMib = random.nextInt(10_240);
        record.environmentId = positive(random) - 1;
        record.hostId = random.nextInt(100);
        record.emulated = random.nextBoolean();
        record.extensionOverhangNs = positive(random) - 1;
        record.faults = random.nextInt(InjectedFault.ALL_BITS + 1);
        return record;
    }

    /** Every length of number, up to 18 digits. */
    private static long positive(Random random) {
        return (random.nextLong() >>> 1) % (1L << random.nextInt(1, 60));
    }
}
