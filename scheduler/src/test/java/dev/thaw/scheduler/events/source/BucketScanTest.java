package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BucketScanTest {
    private static FileStamp stamp(long bytes) {
        return new FileStamp(bytes, 1, "inode");
    }

    private final BucketScan scan = new BucketScan(Map.of("old", stamp(1)));

    private List<String> settled(Map<String, FileStamp> listing) {
        return scan.onListing(listing).settled().stream()
                .map(BucketScan.Found::key)
                .toList();
    }

    @Test
    void shouldWaitUntilAFileGrowsNoMore() {
        assertThat(settled(Map.of("old", stamp(1), "new", stamp(1)))).isEmpty();
        assertThat(settled(Map.of("old", stamp(1), "new", stamp(2)))).isEmpty();
        assertThat(settled(Map.of("old", stamp(1), "new", stamp(2)))).containsExactly("new");
        assertThat(settled(Map.of("old", stamp(1), "new", stamp(2)))).isEmpty();
    }

    @Test
    void shouldFindWhatChangedWhileItWasBeingToldOf() {
        scan.onListing(Map.of("new", stamp(1)));
        BucketScan.Found found =
                scan.onListing(Map.of("new", stamp(1))).settled().getFirst();
        scan.onListing(Map.of("new", stamp(7)));
        assertThat(settled(Map.of("new", stamp(7)))).isEmpty();
        scan.onTold(found);
        assertThat(settled(Map.of("new", stamp(7)))).containsExactly("new");
    }

    @Test
    void shouldForgetWhatHasGone() {
        assertThat(scan.onListing(Map.of()).gone()).containsExactly("old");
        assertThat(scan.onListing(Map.of()).gone()).isEmpty();
        scan.onListing(Map.of("old", stamp(1)));
        assertThat(settled(Map.of("old", stamp(1)))).containsExactly("old");
    }
}
