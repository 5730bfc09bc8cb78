package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Renders a bundle's {@code report.html} from its files alone: one page that needs nothing else. */
public final class Report {
    public static final String NAME = "report.html";

    private Report() {}

    /** Writes the page into the bundle and returns its path. */
    public static Path write(RunBundle bundle) throws IOException {
        return Files.writeString(bundle.directory().resolve(NAME), render(bundle));
    }

    /** The page. */
    public static String render(RunBundle bundle) throws IOException {
        return switch (bundle.kind()) {
            case JmhBundle.KIND -> JmhPage.render(bundle);
            case ArchBundle.KIND -> ArchPage.render(bundle);
            case FidelityBundle.KIND -> FidelityPage.render(bundle);
            case BakeoffBundle.KIND -> BakeoffPage.render(bundle);
            case PlanBundle.KIND -> PlanPage.render(bundle);
            case ImportedBundle.KIND -> ImportedPage.render(bundle);
            default -> RunPage.render(bundle);
        };
    }
}
