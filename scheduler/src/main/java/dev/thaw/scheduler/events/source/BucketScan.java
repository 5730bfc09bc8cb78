package dev.thaw.scheduler.events.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which files of a folder are to be told of: those that are new or have changed since they were told of, and have then
 * stayed the same from one listing to the next, so that none is told of half written. Pure.
 */
final class BucketScan {
    /** By key, as they were when their event was accepted, or found at the very beginning. */
    private final Map<String, FileStamp> told;

    private final Set<String> underWay = new HashSet<>();
    private Map<String, FileStamp> before = Map.of();

    BucketScan(Map<String, FileStamp> told) {
        this.told = new HashMap<>(told);
    }

    /** A file to tell of. */
    record Found(String key, FileStamp stamp) {}

    /**
     * What one listing shows.
     *
     * @param settled to be told of now; each is under way until {@link #onTold} or {@link #onRefused}
     * @param gone that were told of and are no longer there
     */
    record Changes(List<Found> settled, List<String> gone) {}

    Changes onListing(Map<String, FileStamp> listing) {
        List<Found> settled = new ArrayList<>();
        listing.forEach((key, stamp) -> {
            boolean open = !stamp.equals(told.get(key)) && !underWay.contains(key);
            if (open && stamp.equals(before.get(key))) {
                underWay.add(key);
                settled.add(new Found(key, stamp));
            }
        });
        List<String> gone =
                told.keySet().stream().filter(key -> !listing.containsKey(key)).toList();
        gone.forEach(told::remove);
        before = Map.copyOf(listing);
        return new Changes(settled, gone);
    }

    void onTold(Found found) {
        underWay.remove(found.key);
        told.put(found.key, found.stamp);
    }

    /** It is found again by the next listing. */
    void onRefused(Found found) {
        underWay.remove(found.key);
    }
}
