package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxContract;

/** The contract, of processes. */
final class ProcessSandboxContractTest extends SandboxContract {
    @Override
    protected SandboxBackend open() {
        Functions.requireFullIsolation();
        return new ProcessBackend();
    }

    @Override
    protected Architecture architecture() {
        return Architecture.host();
    }
}
