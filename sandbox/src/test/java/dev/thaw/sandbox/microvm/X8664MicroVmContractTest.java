package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxContract;

/** The contract, of microVMs of x86_64, translated where they are foreign or the host has no KVM. */
final class X8664MicroVmContractTest extends SandboxContract {
    @Override
    protected SandboxBackend open() {
        return MicroVms.openOrSkip(architecture());
    }

    @Override
    protected Architecture architecture() {
        return Architecture.X86_64;
    }
}
