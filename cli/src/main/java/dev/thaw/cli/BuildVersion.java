package dev.thaw.cli;

import picocli.CommandLine.IVersionProvider;

/** Version line of {@code thaw --version}. */
final class BuildVersion implements IVersionProvider {
    static final String TEXT = "thaw 0.1.0 on Java " + Runtime.version();

    @Override
    public String[] getVersion() {
        return new String[] {TEXT};
    }
}
