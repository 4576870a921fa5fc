package dev.tidemark.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The classes of libraries that the classes of all modules may use: this module has all others on its class path. */
@AnalyzeClasses(packages = ForeignClassesTest.OURS, importOptions = DoNotIncludeTests.class)
class ForeignClassesTest {

    static final String OURS = "dev.tidemark";

    private static final Pattern INTERNAL = Pattern.compile("(.*\\.)?internals?(\\..*)?");

    /** Any release of a library may change its internal classes: a class of ours that uses one says why it has to. */
    private static final Map<String, String> INTERNALS_THAT_ARE_USED = Map.of(
            "embedded.KraftNode: org.apache.kafka.common.internals.Topic",
                    "the names of the topics that Kafka keeps for itself",
            "embedded.Faults: org.apache.kafka.common.utils.internals.Exit",
                    "a broker that fails would end this process",
            "embedded.DataDir: org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler",
                    "whether the broker was killed",
            "marker.RowStore: org.apache.kafka.streams.state.internals.WrappedStateStore",
                    "to be flushed before each commit, as a cache is",
            "storage.s3.S3Client: software.amazon.awssdk.retries.internal.DefaultAdaptiveRetryStrategy",
                    "only that class can switch off the quota of retries");

    @ArchTest
    static final ArchRule ONLY_THE_EMBEDDED_KAFKA_USES_CLASSES_OF_KAFKAS_SERVER = noClasses()
            .that(resideOutsideOfPackages(OURS + ".embedded.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("kafka..", "org.apache.kafka..")
                    .and(resideOutsideOfPackages(
                            "org.apache.kafka.clients..", "org.apache.kafka.common..", "org.apache.kafka.streams..")));

    @ArchTest
    static final ArchRule INTERNALS_OF_LIBRARIES_ARE_USED_FOR_A_REASON =
            classes().should(useNoInternalsWithoutAReason());

    private static ArchCondition<JavaClass> useNoInternalsWithoutAReason() {
        return new ArchCondition<>("use no internals of libraries but those that are listed, with the reason") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                List<Dependency> internals = user.getDirectDependenciesFromSelf().stream()
                        .filter(use -> INTERNAL.matcher(use.getTargetClass().getPackageName())
                                .matches())
                        .filter(use -> !INTERNALS_THAT_ARE_USED.containsKey(name(use)))
                        .toList();
                internals.forEach(
                        use -> events.add(SimpleConditionEvent.violated(use, name(use) + ": " + use.getDescription())));
            }
        };
    }

    private static String name(Dependency use) {
        return topLevel(use.getOriginClass()).substring(OURS.length() + 1) + ": " + topLevel(use.getTargetClass());
    }

    private static String topLevel(JavaClass some) {
        return some.getName().split("\\$")[0];
    }
}
