package dev.thaw.scheduler.virtual;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts have a snapshot of which function: those on which an environment of it was initialised once. Kept to the end;
 * a bit for each such host.
 */
final class LocalSnapshots {
    /** Of functions of which hosts keep none. */
    private static final BitSet NONE = new BitSet(0);

    private final @Nullable DurationModel[] starts;
    private final BitSet[] hosts;

    LocalSnapshots(List<FunctionModel> functions) {
        starts = new @Nullable DurationModel[functions.size()];
        hosts = new BitSet[functions.size()];
        for (int function = 0; function < hosts.length; function++) {
            starts[function] = functions.get(function).environment().local();
            hosts[function] = starts[function] == null ? NONE : new BitSet();
        }
    }

    /** How long the start takes there, in place of init; null: it is an init. */
    @Nullable
    DurationModel start(int functionId, int hostId) {
        return hosts[functionId].get(hostId) ? starts[functionId] : null;
    }

    void initialized(int functionId, int hostId) {
        if (starts[functionId] != null) {
            hosts[functionId].set(hostId);
        }
    }
}
