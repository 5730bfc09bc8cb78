package dev.thaw.cli.trace;

import picocli.CommandLine.Command;

/** {@code thaw trace}: looks at traces, and makes others. */
@Command(
        name = "trace",
        description = "Look at traces, and make others of them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TraceInfoCommand.class,
            TraceSampleCommand.class,
            TraceScaleCommand.class,
            TraceSynthesizeCommand.class,
            TraceConvertCommand.class
        },
        // Without a verb, picocli names those that there are.
        synopsisSubcommandLabel = "info|sample|scale|synthesize|convert")
public final class TraceCommand {}
