package dev.thaw.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Instant;

/** The allowed arrows between modules, and between the scheduler's packages (docs/architecture.md, "Rooms"). */
@AnalyzeClasses(packages = "dev.thaw", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String CORE = "dev.thaw.scheduler.core..";
    private static final String POLICY = "dev.thaw.scheduler.policy..";
    private static final String VIRTUAL = "dev.thaw.scheduler.virtual..";
    private static final String FUNCTIONS = "dev.thaw.scheduler.functions..";
    private static final String EVENTS = "dev.thaw.scheduler.events..";
    private static final String CONTROL = "dev.thaw.scheduler.control..";
    private static final String LIVE = "dev.thaw.scheduler.live..";
    private static final String AUTH = "dev.thaw.scheduler.auth..";
    private static final String FRONTEND = "dev.thaw.scheduler.frontend..";

    @ArchTest
    static final ArchRule RESULTS_KNOWS_NOTHING_OF_OURS = onlyKnows("results", "dev.thaw.results..");

    @ArchTest
    static final ArchRule SANDBOX_KNOWS_NOTHING_OF_OURS = onlyKnows("sandbox", "dev.thaw.sandbox..");

    @ArchTest
    static final ArchRule SCHEDULER_KNOWS_RESULTS =
            onlyKnows("scheduler", "dev.thaw.scheduler..", "dev.thaw.results..");

    @ArchTest
    static final ArchRule RUNTIME_BRIDGE_KNOWS_SCHEDULER_SANDBOX_RESULTS = onlyKnows(
            "runtimebridge",
            "dev.thaw.runtimebridge..",
            "dev.thaw.scheduler..",
            "dev.thaw.sandbox..",
            "dev.thaw.results..");

    @ArchTest
    static final ArchRule LOAD_GEN_KNOWS_SCHEDULER_RESULTS =
            onlyKnows("loadgen", "dev.thaw.loadgen..", "dev.thaw.scheduler..", "dev.thaw.results..");

    @ArchTest
    static final ArchRule CORE_IS_FIRST = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(POLICY, VIRTUAL, FUNCTIONS, EVENTS, LIVE, CONTROL, AUTH, FRONTEND);

    @ArchTest
    static final ArchRule POLICY_KNOWS_CORE = noClasses()
            .that()
            .resideInAPackage(POLICY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(VIRTUAL, FUNCTIONS, EVENTS, LIVE, CONTROL, AUTH, FRONTEND);

    @ArchTest
    static final ArchRule VIRTUAL_KNOWS_CORE = noClasses()
            .that()
            .resideInAPackage(VIRTUAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FUNCTIONS, EVENTS, LIVE, CONTROL, AUTH, FRONTEND);

    @ArchTest
    static final ArchRule NOTHING_THAT_SERVES_KNOWS_VIRTUAL = noClasses()
            .that()
            .resideInAnyPackage(FUNCTIONS, EVENTS, LIVE, CONTROL, AUTH, FRONTEND)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(VIRTUAL);

    @ArchTest
    static final ArchRule FUNCTIONS_COMES_BEFORE_LIVE = noClasses()
            .that()
            .resideInAPackage(FUNCTIONS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EVENTS, LIVE, CONTROL, AUTH, FRONTEND, "io.netty..");

    @ArchTest
    static final ArchRule EVENTS_COMES_BEFORE_LIVE = noClasses()
            .that()
            .resideInAPackage(EVENTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LIVE, CONTROL, AUTH, FRONTEND)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule LIVE_COMES_BEFORE_CONTROL = noClasses()
            .that()
            .resideInAPackage(LIVE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONTROL, AUTH, FRONTEND);

    @ArchTest
    static final ArchRule CONTROL_COMES_BEFORE_AUTH = noClasses()
            .that()
            .resideInAPackage(CONTROL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(AUTH, FRONTEND);

    @ArchTest
    static final ArchRule AUTH_COMES_BEFORE_FRONTEND_AND_KNOWS_NO_NETTY = noClasses()
            .that()
            .resideInAPackage(AUTH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FRONTEND, "io.netty..");

    @ArchTest
    static final ArchRule CORE_POLICY_AND_VIRTUAL_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage(CORE, POLICY, VIRTUAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "tools.jackson..",
                    "com.fasterxml..",
                    "java.io..",
                    "java.nio..",
                    "java.net..",
                    "java.time..",
                    "java.util.concurrent..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Whoever else needs the time is handed a clock: of a run, of Agrona's or of {@code java.time}. */
    @ArchTest
    static final ArchRule ONLY_CLOCKS_READ_THE_TIME = noClasses()
            .that()
            .resideOutsideOfPackage("dev.thaw.jmh..")
            .and()
            .haveNameNotMatching("dev\\.thaw\\.results\\.RunClock.*")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            SlicesRuleDefinition.slices().matching("dev.thaw.(**)").should().beFreeOfCycles();

    private static ArchRule onlyKnows(String module, String... allowed) {
        return noClasses()
                .that()
                .resideInAPackage("dev.thaw." + module + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.thaw..")
                        .and(resideInAnyPackage(allowed).negate().as("others")));
    }
}
