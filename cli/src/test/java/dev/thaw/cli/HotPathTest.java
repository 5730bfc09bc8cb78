package dev.thaw.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.thaw.scheduler.core.HotPath;
import java.util.Set;

/**
 * Methods marked {@link HotPath} construct nothing but exceptions, box nothing, stream nothing, log nothing. Direct calls only;
 * the byte-count test of the core holds the rest.
 */
@AnalyzeClasses(packages = "dev.thaw", importOptions = ImportOption.DoNotIncludeTests.class)
final class HotPathTest {
    private static final Set<String> BOXES = Set.of(
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Double",
            "java.lang.Boolean",
            "java.lang.Short",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Float");

    @ArchTest
    static final ArchRule HOT_PATHS_STAY_HOT = methods()
            .that()
            .areAnnotatedWith(HotPath.class)
            .should(new StaysHot())
            .allowEmptyShould(false);

    private static final class StaysHot extends ArchCondition<com.tngtech.archunit.core.domain.JavaMethod> {
        StaysHot() {
            super("construct, box, stream, log and lock nothing");
        }

        @Override
        public void check(com.tngtech.archunit.core.domain.JavaMethod method, ConditionEvents events) {
            for (JavaAccess<?> access : method.getAccessesFromSelf()) {
                String problem = problemOf(access);
                if (problem != null) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " " + problem));
                }
            }
        }

        private static @org.jspecify.annotations.Nullable String problemOf(JavaAccess<?> access) {
            JavaClass owner = access.getTargetOwner();
            String target = access.getTarget().getName();
            boolean constructs = target.equals("<init>");
            if (constructs && !owner.isAssignableTo(Throwable.class)) {
                return "constructs " + owner.getName();
            }
            if (BOXES.contains(owner.getName()) && target.equals("valueOf")) {
                return "boxes " + owner.getSimpleName();
            }
            if (owner.getPackageName().startsWith("java.util.stream")
                    || owner.getPackageName().startsWith("java.util.concurrent.locks")
                    || owner.getPackageName().startsWith("java.lang.System$Logger")) {
                return "uses " + owner.getName();
            }
            return null;
        }
    }
}
