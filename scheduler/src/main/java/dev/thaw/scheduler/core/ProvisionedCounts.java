package dev.thaw.scheduler.core;

import java.util.Arrays;

/** How many environments each function wants initialised ahead, has, and what they served; as parallel arrays. */
final class ProvisionedCounts {
    private int[] requested = new int[0];
    private int[] held = new int[0];
    private boolean[] failed = new boolean[0];
    private long[] served = new long[0];
    private long[] spilled = new long[0];
    private int functions;
    /** Functions that want any, in no order. */
    private int[] wishing = new int[0];

    private int wishes;
    /** Sum over all functions. */
    private int missing;

    void addFunction() {
        if (functions == held.length) {
            int capacity = Math.max(16, functions * 2);
            requested = Arrays.copyOf(requested, capacity);
            held = Arrays.copyOf(held, capacity);
            failed = Arrays.copyOf(failed, capacity);
            served = Arrays.copyOf(served, capacity);
            spilled = Arrays.copyOf(spilled, capacity);
        }
        functions++;
    }

    /** Some function has fewer than it wants and may have. */
    @HotPath
    boolean isShort() {
        return missing > 0;
    }

    /** Environments to start for the function. */
    int missing(int functionId) {
        return failed[functionId] ? 0 : Math.max(0, requested[functionId] - held[functionId]);
    }

    /** Environments to let go of. */
    int surplus(int functionId) {
        return Math.max(0, held[functionId] - requested[functionId]);
    }

    /** A new wish; it makes good for earlier failures. */
    void request(int functionId, int environments) {
        missing -= missing(functionId);
        changeWish(functionId, requested[functionId] > 0, environments > 0);
        requested[functionId] = environments;
        failed[functionId] = false;
        missing += missing(functionId);
    }

    private void changeWish(int functionId, boolean wished, boolean wishesNow) {
        if (wishesNow && !wished) {
            wishing = wishes < wishing.length ? wishing : Arrays.copyOf(wishing, Math.max(4, wishes * 2));
            wishing[wishes++] = functionId;
        } else if (wished && !wishesNow) {
            int at = 0;
            while (wishing[at] != functionId) {
                at++;
            }
            wishing[at] = wishing[--wishes];
        }
    }

    /** Nothing more is started for the function until it is asked for anew. */
    void fail(int functionId) {
        missing -= missing(functionId);
        failed[functionId] = true;
    }

    void hold(int functionId, int change) {
        missing -= missing(functionId);
        held[functionId] += change;
        missing += missing(functionId);
    }

    @HotPath
    void countInvocation(int functionId, boolean provisioned) {
        if (requested[functionId] == 0) {
            return;
        }
        if (provisioned) {
            served[functionId]++;
        } else {
            spilled[functionId]++;
        }
    }

    /** Functions that want any. */
    int wishes() {
        return wishes;
    }

    /** One of them, by an index below their number, which holds until somebody's wish changes. */
    int wishing(int index) {
        return wishing[index];
    }

    int requested(int functionId) {
        return requested[functionId];
    }

    int held(int functionId) {
        return held[functionId];
    }

    boolean hasFailed(int functionId) {
        return failed[functionId];
    }

    long served(int functionId) {
        return served[functionId];
    }

    long spilled(int functionId) {
        return spilled[functionId];
    }
}
