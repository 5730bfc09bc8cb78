package dev.thaw.cli.evidence.ab;

import dev.thaw.cli.evidence.ab.Words.Owner;
import dev.thaw.results.BundleSet;
import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes each run of a variant by processes of its own, from the set's workplace into the set. */
public final class VariantRuns implements Alternation.Trial {
    private static final int OVER_BUDGET = 3;
    /** The generator was late, which the comparison says; the variant has been measured all the same. */
    private static final String OF_THE_GENERATOR = "lateness ";

    private static final String NOT_ANSWERED = "not answered: ";
    private static final String RUNS = "--runs";
    private static final String SEED = "--seed";
    private static final String NAME = "--name";

    private final BundleSet set;
    private final Vocabulary vocabulary;
    private final Settings settings;
    private final Children children;
    private final Build own;
    private final Map<String, ReadyVariant> variants = new HashMap<>();

    /**
     * What all runs have in common.
     *
     * @param seed of the first round's load, one more in each round after it
     * @param warmUp for how long a server is driven before it is measured
     * @param pause before each run
     * @param main this build's main class
     */
    public record Settings(long seed, Duration warmUp, Duration pause, String main) {}

    public VariantRuns(
            BundleSet set, List<ReadyVariant> variants, Vocabulary vocabulary, Settings settings, Children children) {
        this.set = set;
        this.vocabulary = vocabulary;
        this.settings = settings;
        this.children = children;
        own = Build.own(settings.main, List.of());
        variants.forEach(each -> this.variants.put(each.plan().name(), each));
    }

    @Override
    public void run(String variant, int round) throws IOException, InterruptedException, VariantFailure {
        children.pause(settings.pause);
        ReadyVariant ready = variants.get(variant);
        if (ready == null) {
            throw new IllegalArgumentException("variant " + variant + ": there is none");
        }
        Path folder = set.workplace();
        try {
            set.add(round, variant, bundle(ready, round, folder));
        } catch (IOException e) {
            throw new VariantFailure(variant, round, e.getMessage() + " (see " + folder + ")");
        }
    }

    private Path bundle(ReadyVariant variant, int round, Path folder) throws IOException, InterruptedException {
        VariantPlan plan = variant.plan();
        @Nullable String endpoint = plan.endpoint();
        if (endpoint != null) {
            new Endpoint(endpoint).check();
        }
        List<String> served = plan.server();
        try (StartedServer server = served == null
                ? null
                : StartedServer.start(children, variant.build(), served, variant.keepsState(), folder)) {
            Words words = server == null ? plan.verb() : plan.verb().with(VariantPlan.URL, server.url());
            if (vocabulary.knows(Owner.VERB, SEED) && !words.has(SEED)) {
                words = words.with(SEED, Long.toString(settings.seed + round - 1));
            }
            // Of a server the build is the variant; what drives it is the same for all.
            Build build = vocabulary.serves() ? own : variant.build();
            if (vocabulary.serves() && settings.warmUp.isPositive()) {
                warmUp(build, words, folder);
            }
            Words named = vocabulary.knows(Owner.VERB, NAME) ? words.with(NAME, plan.name()) : words;
            return measured(build, named, folder);
        }
    }

    /** The same load for a while, of which nothing is kept. */
    private void warmUp(Build build, Words words, Path folder) throws IOException, InterruptedException {
        Words shorter =
                words.with("--duration", settings.warmUp.toMillis() + "ms").with("--warm-up", "0s");
        run(build, shorter, folder, "warm-up");
    }

    private Path measured(Build build, Words words, Path folder) throws IOException, InterruptedException {
        ProcessLog log = run(build, words, folder, "run");
        Path bundle = Path.of(log.after("run: ").orElseThrow(() -> new IOException("named no bundle")));
        JsonNode verdict = RunBundle.load(bundle).summary().path("verdict");
        for (JsonNode line : verdict.path("overBudget")) {
            if (!line.asString("").startsWith(OF_THE_GENERATOR)) {
                String cause = log.after(NOT_ANSWERED).map(each -> ": " + each).orElse("");
                throw new IOException(line.asString("") + cause);
            }
        }
        return bundle;
    }

    private ProcessLog run(Build build, Words words, Path folder, String what)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(vocabulary.verb()));
        command.addAll(words.with(RUNS, folder.resolve(what).toString()).of(Owner.VERB));
        ProcessLog log = new ProcessLog(folder.resolve(what + ".log"));
        int exit = children.await(children.start(build.command(command), build.variables(), log.file()));
        if (exit != 0 && exit != OVER_BUDGET) {
            throw new IOException(what + " ended with exit code " + exit + ": " + log.complaint());
        }
        return log;
    }
}
