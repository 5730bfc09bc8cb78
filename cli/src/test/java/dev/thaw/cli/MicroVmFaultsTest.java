package dev.thaw.cli;

import java.io.IOException;

/** Faults of microVMs. */
final class MicroVmFaultsTest extends FaultContract {
    @Override
    String backend() throws IOException {
        Host.requireMicroVms();
        return "microvm";
    }

    @Override
    boolean outlivesItsProcesses() {
        return false;
    }
}
