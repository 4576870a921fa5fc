package dev.tidemark.marker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The rooms of this module: the rules of what is live, the rows that they read and change, and the service around
 * them.
 */
@AnalyzeClasses(packages = RoomsTest.MODULE, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String MODULE = "dev.tidemark.marker";

    private static final String RULES = MODULE + ".rules..";
    private static final String ROWS = MODULE + ".rows..";

    @ArchTest
    static final ArchRule THE_SERVICE_USES_THE_RULES_AND_THESE_THE_ROWS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(MODULE + "..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("service")
            .definedBy(MODULE)
            .layer("rules")
            .definedBy(RULES)
            .layer("rows")
            .definedBy(ROWS)
            .whereLayer("service")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("rules")
            .mayOnlyAccessLayers("rows")
            .whereLayer("rows")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule RULES_AND_ROWS_KNOW_NEITHER_KAFKA_NOR_THE_STORAGE = noClasses()
            .that()
            .resideInAnyPackage(RULES, ROWS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..", "org.rocksdb..", "dev.tidemark.kafka..", "dev.tidemark.storage..");

    /**
     * Interfaces that are not public change without notice. RowStore has to know when a commit is due, and Kafka
     * Streams tells only its own caches.
     */
    @ArchTest
    static final ArchRule ONLY_ROW_STORE_USES_INTERNALS_OF_KAFKA = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MODULE + ".RowStore")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..internals..");
}
