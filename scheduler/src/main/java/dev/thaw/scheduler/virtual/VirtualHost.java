package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.HostSpec;

/**
 * A host in virtual time.
 *
 * @param spec what placement may give away; its CPU may be more than there is
 * @param milliVcpus what there is, in thousandths of a vCPU: where those at work want more, all of them get less
 */
public record VirtualHost(HostSpec spec, int milliVcpus) {
    private static final int MAX_MILLI_VCPUS = 4_000_000;

    public VirtualHost {
        requireMilliVcpus("milliVcpus of host " + spec.name(), milliVcpus, 1);
    }

    /** Bounded so that nanoseconds of work times CPU fit 64 bits. */
    static void requireMilliVcpus(String key, int value, int least) {
        if (value < least || value > MAX_MILLI_VCPUS) {
            throw new IllegalArgumentException(key + " is " + value + ", must be " + least + ".." + MAX_MILLI_VCPUS);
        }
    }
}
