package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.FunctionEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * One folder watched for one function: each file that is put there becomes an asynchronous invocation, at least once. A
 * file is remembered once its event is durable, so that what a killed server did not tell of is found by the next. What
 * lies in the folder when it is watched for the first time is not told of.
 *
 * <p>Threading: one thread; receipts arrive on any.
 */
final class Bucket {
    private static final String SERVICE = "s3.amazonaws.com";

    private final Path folder;
    private final String functionArn;
    private final KeyFilter filter;
    private final String id;
    private final BucketScan scan;
    private final ScanStore store;
    private final EventIntake intake;
    private final TriggerPermit permit;
    private final Consumer<String> faults;
    private final Queue<Runnable> receipts = new ConcurrentLinkedQueue<>();
    private String lastProblem = "";

    private Bucket(Path folder, String functionArn, KeyFilter filter, Map<String, FileStamp> told, Ports ports) {
        this.folder = folder;
        this.functionArn = functionArn;
        this.filter = filter;
        this.permit = ports.permit;
        this.id = idOf(folder, functionArn, filter);
        this.scan = new BucketScan(told);
        this.store = ports.store;
        this.intake = ports.intake;
        this.faults = ports.faults;
    }

    /** What a bucket stands on. */
    record Ports(ScanStore store, EventIntake intake, TriggerPermit permit, Consumer<String> faults) {}

    private static String idOf(Path folder, String functionArn, KeyFilter filter) {
        return functionArn + " " + folder + filter.mark();
    }

    /** Takes up a folder where it was left. */
    static Bucket open(Path folder, String functionArn, KeyFilter filter, Ports ports) throws IOException {
        String id = idOf(folder, functionArn, filter);
        try {
            Map<String, FileStamp> told = ports.store.load(id);
            if (told == null) {
                told = new HashMap<>(listed(folder, filter));
                for (Map.Entry<String, FileStamp> each : told.entrySet()) {
                    ports.store.put(id, each.getKey(), each.getValue());
                }
                ports.store.begin(id);
                ports.store.commit();
            }
            return new Bucket(folder, functionArn, filter, told, ports);
        } catch (SQLException e) {
            throw new IOException(folder + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, FileStamp> listed(Path folder, KeyFilter filter) throws IOException {
        Map<String, FileStamp> listing = BucketFolder.list(folder);
        listing.keySet().removeIf(key -> !filter.matches(key));
        return listing;
    }

    /** Looks once, and writes down what has been accepted since the last time. */
    void turn(long nowEpochMs) {
        try {
            settleReceipts();
            BucketScan.Changes changes = scan.onListing(listed(folder, filter));
            for (String key : changes.gone()) {
                store.remove(id, key);
            }
            for (BucketScan.Found found : changes.settled()) {
                tell(found, nowEpochMs);
            }
            store.commit();
            lastProblem = "";
        } catch (IOException | SQLException e) {
            report(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** Writes down what has been accepted. */
    void close() {
        try {
            settleReceipts();
            store.commit();
        } catch (SQLException e) {
            report(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private void settleReceipts() {
        for (Runnable receipt = receipts.poll(); receipt != null; receipt = receipts.poll()) {
            receipt.run();
        }
    }

    private void tell(BucketScan.Found found, long nowEpochMs) {
        if (!permit.allows(SERVICE, "arn:aws:s3:::" + folder.getFileName(), functionArn)) {
            faults.accept("bucket " + folder + ": " + found.key() + " is not told of: no policy lets " + SERVICE
                    + " invoke " + functionArn);
            settle(found, EventIntake.Acceptance.STORED); // a grant that comes later is for later files
            return;
        }
        FunctionEvent event;
        try {
            FunctionEvent empty = SourceEvent.of(functionArn, new byte[0], nowEpochMs);
            byte[] payload = BucketFolder.putEvent(folder, found, empty.requestId());
            event = new FunctionEvent(empty.requestId(), functionArn, empty.traceId(), null, payload);
        } catch (IOException e) {
            scan.onRefused(found); // it has gone, or cannot be read: seen again if it is there
            report(found.key() + ": " + e.getMessage());
            return;
        }
        intake.accept(event, acceptance -> receipts.add(() -> settle(found, acceptance)));
    }

    private void settle(BucketScan.Found found, EventIntake.Acceptance acceptance) {
        if (acceptance != EventIntake.Acceptance.STORED) {
            scan.onRefused(found);
            return;
        }
        try {
            store.put(id, found.key(), found.stamp());
            scan.onTold(found);
        } catch (SQLException e) {
            scan.onRefused(found);
            report(String.valueOf(e.getMessage()));
        }
    }

    private void report(String problem) {
        if (!problem.equals(lastProblem)) {
            faults.accept("bucket " + folder + ": " + problem);
            lastProblem = problem;
        }
    }
}
