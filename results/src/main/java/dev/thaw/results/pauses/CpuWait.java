package dev.thaw.results.pauses;

/**
 * A stretch of time in which a thread with work to do had no processor for a while.
 *
 * @param fromNs on a clock that its owner names: it was looked at
 * @param toNs on the same: it was looked at again
 * @param waitedNs in between, for so long together
 */
public record CpuWait(long fromNs, long toNs, long waitedNs) {
    CpuWait shifted(long byNs) {
        return new CpuWait(fromNs + byNs, toNs + byNs, waitedNs);
    }
}
