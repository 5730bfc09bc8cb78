package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxContract;

/** The contract, of microVMs of arm64, translated where they are foreign or the host has no KVM. */
final class Arm64MicroVmContractTest extends SandboxContract {
    @Override
    protected SandboxBackend open() {
        return MicroVms.openOrSkip(architecture());
    }

    @Override
    protected Architecture architecture() {
        return Architecture.ARM64;
    }
}
