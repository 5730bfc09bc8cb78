package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.IsolationContract;
import dev.thaw.sandbox.SandboxBackend;

/** What functions in microVMs of arm64 cannot do. */
final class Arm64MicroVmIsolationTest extends IsolationContract {
    @Override
    protected SandboxBackend open() {
        return MicroVms.openOrSkip(architecture());
    }

    @Override
    protected Architecture architecture() {
        return Architecture.ARM64;
    }
}
