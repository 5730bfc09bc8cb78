package dev.thaw.cli;

import picocli.CommandLine.IVersionProvider;

/** Version line of {@code thaw --version}. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"thaw 0.1.0 on Java " + Runtime.version()};
    }
}
