package dev.thaw.cli.evidence;

import dev.thaw.results.RunBundle;
import dev.thaw.results.RunCatalogue;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw runs}: the catalogue of bundles: lists, names, tags, prunes. */
@Command(
        name = "runs",
        description = "List, name, tag and prune runs.",
        mixinStandardHelpOptions = true,
        subcommands = {RunsCommand.Name.class, RunsCommand.Tag.class, RunsCommand.Prune.class})
public final class RunsCommand implements Callable<Integer> {
    private static final double BYTES_PER_MIB = 1 << 20;

    @Mixin
    private CatalogueOption bundles = new CatalogueOption();

    @Option(names = "--tag", paramLabel = "TAG", description = "Only runs that have it.")
    @Nullable
    private String tag;

    @Override
    public Integer call() throws IOException {
        for (RunCatalogue.Entry each : bundles.catalogue().entries()) {
            if (tag == null || each.tags().contains(tag)) {
                System.out.println(line(each));
            }
        }
        return 0;
    }

    static String line(RunCatalogue.Entry entry) {
        String what = entry.problem() == null ? entry.kind() : "unreadable: " + entry.problem();
        String labels = (entry.name() == null ? "" : "  name: " + entry.name())
                + (entry.tags().isEmpty() ? "" : "  tags: " + String.join(", ", entry.tags()));
        return String.format(
                Locale.ROOT, "%-44s  %-10s  %8.1f MiB%s", entry.id(), what, entry.bytes() / BYTES_PER_MIB, labels);
    }

    /** The one run that a word stands for. */
    private static RunBundle one(RunCatalogue catalogue, String word) {
        List<RunBundle> found = catalogue.find(word);
        if (found.size() != 1) {
            throw new IllegalArgumentException("runs: '" + word + "' stands for " + found.size() + " runs, must be 1");
        }
        return found.getFirst();
    }

    /** {@code thaw runs name}. */
    @Command(name = "name", description = "Give a run a name that other verbs know.", mixinStandardHelpOptions = true)
    static final class Name implements Callable<Integer> {
        @Mixin
        private CatalogueOption bundles = new CatalogueOption();

        @Parameters(index = "0", paramLabel = "RUN", description = "Folder, id or name.")
        private String run = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "None takes the name away.")
        private String name = "";

        @Override
        public Integer call() throws IOException {
            RunCatalogue catalogue = bundles.catalogue();
            catalogue.name(one(catalogue, run), name);
            return 0;
        }
    }

    /** {@code thaw runs tag}. */
    @Command(
            name = "tag",
            description = "Tag runs: a tag stands for all that have it.",
            mixinStandardHelpOptions = true)
    static final class Tag implements Callable<Integer> {
        @Mixin
        private CatalogueOption bundles = new CatalogueOption();

        @Option(names = "--remove", description = "Take the tag away.")
        private boolean remove;

        @Parameters(index = "0", paramLabel = "TAG", description = "The tag.")
        private String tag = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "RUN", description = "Folders, ids, names or tags.")
        private List<String> words = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            RunCatalogue catalogue = bundles.catalogue();
            for (String word : words) {
                for (RunBundle run : catalogue.find(word)) {
                    catalogue.tag(run, tag, !remove);
                }
            }
            return 0;
        }
    }

    /** {@code thaw runs prune}. */
    @Command(
            name = "prune",
            description = "Delete runs that have neither name nor tag.",
            mixinStandardHelpOptions = true)
    static final class Prune implements Callable<Integer> {
        @Mixin
        private CatalogueOption bundles = new CatalogueOption();

        @Option(names = "--keep", paramLabel = "N", description = "Keep the N newest of them (default: 20).")
        private int keep = 20;

        @Option(names = "--older-than", paramLabel = "DAYS", description = "Only those that are older.")
        private int olderThanDays;

        @Option(names = "--dry-run", description = "Say what would go.")
        private boolean dryRun;

        @Override
        public Integer call() throws IOException {
            if (keep < 0 || olderThanDays < 0) {
                throw new IllegalArgumentException("runs prune: --keep and --older-than must be at least 0");
            }
            RunCatalogue catalogue = bundles.catalogue();
            for (RunCatalogue.Entry each :
                    prunable(catalogue.entries(), Clock.systemUTC().instant())) {
                System.out.println((dryRun ? "would delete " : "deleted ") + each.id());
                if (!dryRun) {
                    RunCatalogue.delete(each.directory());
                }
            }
            return 0;
        }

        /** Runs that cannot be read are left: somebody should look at them. */
        private List<RunCatalogue.Entry> prunable(List<RunCatalogue.Entry> entries, Instant now) {
            List<RunCatalogue.Entry> loose = entries.stream()
                    .filter(each -> !each.isLabelled() && each.problem() == null)
                    .toList();
            return loose.subList(0, Math.max(0, loose.size() - keep)).stream()
                    .filter(each -> isOlder(each, now))
                    .toList();
        }

        private boolean isOlder(RunCatalogue.Entry entry, Instant now) {
            try {
                return Instant.parse(entry.opened()).isBefore(now.minus(Duration.ofDays(olderThanDays)));
            } catch (DateTimeParseException e) {
                return olderThanDays == 0;
            }
        }
    }
}
