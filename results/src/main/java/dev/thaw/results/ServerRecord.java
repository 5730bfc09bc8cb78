package dev.thaw.results;

import java.util.Arrays;

/**
 * What the server knows of one invocation, carried in the response header {@code X-Thaw-Record} when the request asks
 * for it with {@code X-Thaw-Record: 1}: {@code v1} and decimal fields separated by commas, in the order of the fields
 * here, phases first in the order of {@link Phase}. A carrier to be reused.
 *
 * <p>Threading: none; one owner at a time.
 */
public final class ServerRecord {
    /** Request and response header. */
    public static final String HEADER = "x-thaw-record";
    /** A target of this length holds any record. */
    public static final int MAX_ENCODED_LENGTH = ServerRecordCodec.MAX_LENGTH;

    /** Time by phase, in ns. {@code respond} is unknown when the header is written, and 0 in it. */
    public final long[] phasesNs = new long[Phase.ALL.length];

    public boolean coldTrigger;
    public boolean coldVictim;
    public boolean suppressedInit;
    /** Wait for CPU quota during this invocation, in ns; -1 where this host cannot tell. */
    public long throttledNs;
    /** CPU time of the environment during this invocation, in ns; -1 where this host cannot tell. */
    public long cpuNs;
    /** Most memory that the environment ever held, in bytes; -1 where this host cannot tell. */
    public long peakMemoryBytes;
    /** The kernel ended the runtime for exceeding its memory. */
    public boolean outOfMemory;

    public long billedMs;
    public int memoryMib;
    /**
     * So many ms more would be billed by the rule since August 2025: the init before this invocation, where
     * {@link #billedMs} does not hold it.
     */
    public long unbilledInitMs;
    /** It ran on provisioned concurrency, which has prices of its own. */
    public boolean provisioned;

    public long environmentId;
    public int hostId;
    /** The function's code ran on an emulated processor: its times say nothing about a real one. */
    public boolean emulated;
    /**
     * How long extensions kept the environment busy after the answer before this one, in ns; -1 where none did. That of
     * this invocation is not over when its record leaves.
     */
    public long extensionOverhangNs = -1;
    /** Faults that were injected on purpose: {@link InjectedFault#bit()} of each. */
    public int faults;
    /** Stages of the start that this invocation caused, in ns; 0 where that was no microVM's, or there was none. */
    public final long[] stagesNs = new long[BootStage.ALL.length];

    /** Writes the header's value as ASCII from index 0 and returns its length. Allocates nothing. */
    public int encode(byte[] target) {
        return ServerRecordCodec.encode(this, target);
    }

    /**
     * Reads a header's value. Returns false, and is cleared, where the value is not a record: a field is missing, not a
     * number, or out of its bounds. Allocates nothing.
     */
    public boolean decode(CharSequence text) {
        if (ServerRecordCodec.decode(this, text)) {
            return true;
        }
        clear();
        return false;
    }

    /** All phases together: from the first byte read to the answer handed over. */
    public long phasesSumNs() {
        long sumNs = 0;
        for (long phaseNs : phasesNs) {
            sumNs += phaseNs;
        }
        return sumNs;
    }

    /** Takes every field of the other record. */
    public void copyFrom(ServerRecord other) {
        System.arraycopy(other.phasesNs, 0, phasesNs, 0, phasesNs.length);
        coldTrigger = other.coldTrigger;
        coldVictim = other.coldVictim;
        suppressedInit = other.suppressedInit;
        throttledNs = other.throttledNs;
        cpuNs = other.cpuNs;
        peakMemoryBytes = other.peakMemoryBytes;
        outOfMemory = other.outOfMemory;
        billedMs = other.billedMs;
        memoryMib = other.memoryMib;
        unbilledInitMs = other.unbilledInitMs;
        provisioned = other.provisioned;
        environmentId = other.environmentId;
        hostId = other.hostId;
        emulated = other.emulated;
        extensionOverhangNs = other.extensionOverhangNs;
        faults = other.faults;
        System.arraycopy(other.stagesNs, 0, stagesNs, 0, stagesNs.length);
    }

    public void clear() {
        Arrays.fill(phasesNs, 0);
        coldTrigger = false;
        coldVictim = false;
        suppressedInit = false;
        throttledNs = -1;
        cpuNs = -1;
        peakMemoryBytes = -1;
        outOfMemory = false;
        billedMs = 0;
        memoryMib = 0;
        unbilledInitMs = 0;
        provisioned = false;
        environmentId = -1;
        hostId = -1;
        emulated = false;
        extensionOverhangNs = -1;
        faults = 0;
        Arrays.fill(stagesNs, 0);
    }
}
