package io.ringrift.operator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The house rules that a compiler does not know: what decides is pure, and nothing goes in circles. */
@AnalyzeClasses(packages = "io.ringrift.operator", importOptions = ImportOption.DoNotIncludeTests.class)
class OperatorArchitectureTest {
    private static final String[] PURE = {
        "io.ringrift.operator.desired..",
        "io.ringrift.operator.roll..",
        "io.ringrift.operator.rollout..",
        "io.ringrift.operator.status.."
    };

    private static final Set<String> WORLD = Set.of(
            "now",
            "currentTimeMillis",
            "nanoTime",
            "getLogger",
            "getenv",
            "getProperty",
            "random",
            "randomUUID",
            "sleep");

    @ArchTest
    static final ArchRule whatDecidesKnowsNoClient = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.fabric8.kubernetes.client..",
                    "io.javaoperatorsdk..",
                    "io.vertx..",
                    "io.quarkus..",
                    "java.nio.file..",
                    "java.net.."));

    @ArchTest
    static final ArchRule whatDecidesTouchesNoWorld = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("is a clock, a logger, chance or surroundings") {
                @Override
                public boolean test(JavaAccess<?> access) {
                    return access.getTargetOwner().getPackageName().startsWith("java.")
                            && WORLD.contains(access.getTarget().getName());
                }
            });

    @ArchTest
    static final ArchRule nothingGoesInCircles =
            slices().matching("io.ringrift.operator.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noStateIsStatic = fields().that()
            .areStatic()
            .should(com.tngtech.archunit.lang.conditions.ArchConditions.haveModifier(JavaModifier.FINAL));

    @ArchTest
    static final ArchRule typesOfTheResourceKnowNobody = classes()
            .that()
            .resideInAPackage("io.ringrift.operator.api..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.ringrift.operator.api..", "io.fabric8..", "com.fasterxml.jackson..", "java.."));
}
