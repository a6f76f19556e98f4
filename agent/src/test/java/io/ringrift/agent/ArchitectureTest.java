package io.ringrift.agent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The house rules that a compiler does not know: what decides is pure, and nothing goes in circles. */
@AnalyzeClasses(packages = "io.ringrift.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {
        "io.ringrift.agent.config..",
        "io.ringrift.agent.membership..",
        "io.ringrift.agent.consensus..",
        "io.ringrift.agent.coordinator..",
        "io.ringrift.agent.state..",
        "io.ringrift.agent.time.."
    };

    private static final Set<String> CLOCKS = Set.of("now", "currentTimeMillis", "nanoTime");

    private static final Set<String> SURROUNDINGS =
            Set.of("getenv", "getProperty", "getProperties", "getLogger", "exit");

    /** What asks DNS or the network interfaces; {@code ofLiteral} only parses. */
    private static final Set<String> LOOK_UPS =
            Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName", "isReachable");

    private static final Set<String> CHANCE =
            Set.of("random", "randomUUID", "shuffle", "getDefault", "create", "of", "current");

    private static final Set<String> PRODUCTS = Set.of("multipliedBy", "dividedBy", "negated", "abs");

    @ArchTest
    static final ArchRule pureClassesKnowOnlyTheLanguageAndEachOther = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(PURE).or(resideInAnyPackage("java..", "javax.crypto..")))
            .because("Vert.x, Ratis, metrics and JSON belong into the shells");

    @ArchTest
    static final ArchRule pureClassesTouchNoWorld = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net.http..", "java.util.logging..", "java.lang.foreign..")
                    .or(assignableTo(Files.class))
                    .or(assignableTo(File.class))
                    .or(assignableTo(Channel.class))
                    .or(assignableTo(Socket.class))
                    .or(assignableTo(URL.class))
                    .or(assignableTo(Thread.class))
                    .or(assignableTo(Executor.class))
                    .or(assignableTo(Process.class))
                    .or(assignableTo(System.Logger.class)))
            .because("IO, threads and loggers belong into the shells; what a core has to say it returns");

    @ArchTest
    static final ArchRule onlySnapshotsAreStreams = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .and()
            .resideOutsideOfPackage("io.ringrift.agent.state..")
            .should()
            .dependOnClassesThat(assignableTo(InputStream.class).or(assignableTo(OutputStream.class)))
            .because("a snapshot is written to whatever is handed in; everything else is a value");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsRatis = noClasses()
            .that()
            .resideOutsideOfPackage("io.ringrift.agent.raft..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.ratis..")
            .because("an agent without Raft loads none of it");

    @ArchTest
    static final ArchRule pureClassesReadNoClockAndNoSurroundings = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethodWhere(
                    calls("a clock or the process's surroundings", access -> isClock(access) || isSurroundings(access)))
            .orShould()
            .dependOnClassesThat(assignableTo(Clock.class))
            .because("the time comes in as a Duration since the process started");

    @ArchTest
    static final ArchRule pureClassesThrowNoDice = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethodWhere(calls("a source of chance of its own", ArchitectureTest::isChance))
            .orShould()
            .dependOnClassesThat(assignableTo(Random.class))
            .because("a RandomGenerator is handed in, so that a seed repeats a run");

    @ArchTest
    static final ArchRule timesAreNotComputedAsDecimalFractions = noClasses()
            .should()
            .callMethodWhere(calls(
                    "Duration's own product, quotient, negation or absolute value",
                    call -> call.getTargetOwner().isEquivalentTo(Duration.class) && PRODUCTS.contains(call.getName())))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(BigDecimal.class)
            .because("that class takes a start 12 ms; Durations does without");

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("io.ringrift.agent.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingIsStaticAndMutable = fields().that()
            .areStatic()
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .beFinal()
            .because("state belongs to an object that somebody owns");

    @ArchTest
    static final ArchRule nobodyInheritsFromOurClasses = noClasses()
            .that(not(new DescribedPredicate<JavaClass>("are enums") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isEnum()
                            || type.getRawSuperclass().map(JavaClass::isEnum).orElse(false);
                }
            }))
            .should()
            .beAssignableTo(new DescribedPredicate<JavaClass>("a class of ours that is itself a subclass") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().startsWith("io.ringrift")
                            && type.getRawSuperclass()
                                    .filter(parent -> parent.getPackageName().startsWith("io.ringrift"))
                                    .flatMap(JavaClass::getRawSuperclass)
                                    .filter(grandparent ->
                                            grandparent.getPackageName().startsWith("io.ringrift"))
                                    .isPresent();
                }
            })
            .because("inheritance is at most one deep");

    private static boolean isClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return CLOCKS.contains(access.getName())
                && (owner.startsWith("java.time.") || owner.equals("java.lang.System"));
    }

    private static boolean isSurroundings(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return (owner.isEquivalentTo(System.class) && SURROUNDINGS.contains(access.getName()))
                || (owner.isAssignableTo(InetAddress.class) && LOOK_UPS.contains(access.getName()));
    }

    private static boolean isChance(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        boolean drawsLots = owner.isAssignableTo(RandomGenerator.class)
                || owner.getName().startsWith("java.util.random.")
                || owner.getName().equals("java.util.UUID")
                || owner.isEquivalentTo(Math.class);
        boolean shufflesByItself = owner.getName().equals("java.util.Collections")
                && access.getName().equals("shuffle")
                && access.getTarget().getFullName().endsWith("(java.util.List)");
        return shufflesByItself || (drawsLots && CHANCE.contains(access.getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String what, Predicate<JavaAccess<?>> test) {
        return new DescribedPredicate<>(what) {
            @Override
            public boolean test(JavaAccess<?> access) {
                return test.test(access);
            }
        };
    }
}
