package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.IsolationContract;
import dev.thaw.sandbox.SandboxBackend;

/** What processes cannot do. */
final class ProcessIsolationContractTest extends IsolationContract {
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
