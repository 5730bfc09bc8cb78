package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace is told from another by what its files hold. */
final class TraceContentsTest {
    private static final String ROWS = "function,start_ms,duration_ms\nf,0,10\n";

    @TempDir
    private Path folder;

    private static String contents(Path trace) {
        return Trace.open(trace, TraceFormat.AUTO, TraceOptions.defaults()).contents();
    }

    @Test
    void shouldTellContentsNotNames() throws IOException {
        String one = contents(Files.writeString(folder.resolve("one.csv"), ROWS));

        assertThat(one).isEqualTo(Sha256.hex(folder.resolve("one.csv"))).hasSize(64);
        assertThat(contents(Files.writeString(folder.resolve("other.csv"), ROWS)))
                .isEqualTo(one);
        assertThat(contents(Files.writeString(folder.resolve("one.csv"), ROWS.replace("10", "11"))))
                .isNotEqualTo(one);
    }

    @Test
    void shouldTakeInWhatIsReadBesideIt() throws IOException {
        Path trace = Files.writeString(folder.resolve("t.csv"), "func_name,invoke_time_ms\na,1\n");
        Path beside = folder.resolve("meta.csv");
        String header = "func_name,cold_dur_ms,warm_dur_ms,mem_mb\n";
        Files.writeString(beside, header + "a,2,1,128\n");
        String before = contents(trace);
        Files.writeString(folder.resolve("another.csv"), "1");
        assertThat(contents(trace)).isEqualTo(before);

        Files.writeString(beside, header + "a,2,1,256\n");

        assertThat(contents(trace)).isNotEqualTo(before);
    }

    @Test
    void shouldKeepFilesApart() throws IOException {
        Path left = Files.writeString(folder.resolve("a"), "12");
        Path right = Files.writeString(folder.resolve("b"), "3");
        String apart = FileContents.sha256(List.of(left, right));

        Files.writeString(left, "1");
        Files.writeString(right, "23");

        assertThat(FileContents.sha256(List.of(left, right))).isNotEqualTo(apart);
    }
}
