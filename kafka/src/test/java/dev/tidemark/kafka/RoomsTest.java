package dev.tidemark.kafka;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of this module: the clients, the topics, the runs, and the lanes of the workers. */
@AnalyzeClasses(packages = RoomsTest.MODULE, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String MODULE = "dev.tidemark.kafka";

    @ArchTest
    static final ArchRule A_ROOM_USES_NO_OTHERS_THAN_THESE = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(MODULE + "..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("clients")
            .definedBy(MODULE)
            .layer("topic")
            .definedBy(MODULE + ".topic..")
            .layer("run")
            .definedBy(MODULE + ".run..")
            .layer("worker")
            .definedBy(MODULE + ".worker..")
            .whereLayer("worker")
            .mayOnlyAccessLayers("run", "clients")
            .whereLayer("run")
            .mayOnlyAccessLayers("topic", "clients")
            .whereLayer("topic")
            .mayOnlyAccessLayers("clients")
            .whereLayer("clients")
            .mayNotAccessAnyLayer();
}
