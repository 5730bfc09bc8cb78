package dev.thaw.cli.evidence.ab;

import dev.thaw.cli.evidence.ab.Words.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A variant whose build is there and starts.
 *
 * @param build the variant's: of {@code load}, what serves it
 * @param keepsState it knows where its server's state is to lie
 */
public record ReadyVariant(VariantPlan plan, Build build, boolean keepsState) {
    private static final String STATE = "--state";

    /** Makes the variant's build where it must be made; {@code main} is the name of its main class. Fails with one line. */
    public static ReadyVariant of(VariantPlan plan, Vocabulary vocabulary, String main, Children children)
            throws IOException, InterruptedException {
        @Nullable String thaw = plan.thaw();
        if (thaw == null) {
            return new ReadyVariant(plan, Build.own(main, plan.jvm()), vocabulary.knows(Owner.SERVER, STATE));
        }
        Build build = Build.at(Path.of(thaw), main, plan.jvm());
        ProcessLog help = new ProcessLog(Files.createTempFile("thaw-ab", ".log"));
        try {
            String verb = plan.server() == null ? vocabulary.verb() : "serve";
            int exit = children.await(
                    children.start(build.command(List.of(verb, "--help")), build.variables(), help.file()));
            if (exit != 0) {
                throw new IllegalArgumentException("variant " + plan.name() + ": " + thaw + ": " + help.complaint());
            }
            return new ReadyVariant(plan, build, Files.readString(help.file()).contains(STATE));
        } finally {
            Files.deleteIfExists(help.file());
        }
    }
}
