package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;

/**
 * What a guest's kernel is told: nothing of it changes what functions see; all of it shortens the boot, or makes it
 * certain.
 */
final class KernelCommandLine {
    /**
     * A guest that fails ends instead of waiting. No mitigations and no hardening of one guest process against another:
     * all of them are one function's; what keeps guests apart is the machine, and its mitigations are the host's. Nor
     * what counts how long they wait for each other: it costs a twelfth of a warm invocation. Nor a place to copy for
     * devices that reach 4 GiB alone: none is such, and it takes 64 MiB of a machine with more.
     */
    private static final String COMMON = "quiet loglevel=1 panic=-1 mitigations=off audit=0 random.trust_cpu=on"
            + " init_on_alloc=0 hardened_usercopy=off randomize_kstack_offset=off lsm= psi=0 swiotlb=noforce";

    private KernelCommandLine() {}

    static String of(Architecture architecture, TimestampCounter counter) throws IOException {
        return architecture == Architecture.ARM64 ? COMMON : COMMON + x86(counter.khz());
    }

    /**
     * The machine has no timer but the processor's, which is measured against old ones that an emulated machine drives
     * too unevenly: about every other boot failed at it, for ever. So the kernel is told: the counter is the host's.
     */
    private static String x86(long counterKhz) {
        return " reboot=t no_timer_check nohz=off tsc=reliable tsc_early_khz=" + counterKhz;
    }
}
