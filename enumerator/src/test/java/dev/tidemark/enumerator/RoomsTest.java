package dev.tidemark.enumerator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static dev.tidemark.testkit.Rooms.room;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.testkit.Rooms;

/**
 * The rooms of this module: what each is for, and which others it may use. Pins are decided by nothing but facts.
 */
@AnalyzeClasses(packages = RoomsTest.MODULE, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String MODULE = "dev.tidemark.enumerator";

    @ArchTest
    static final ArchRule A_ROOM_USES_NO_OTHERS_THAN_THESE = Rooms.of(
            MODULE,
            // A run from its request to its end: its plan, the schedule, and when it is given up.
            room("lead", "publish", "known", "read", "pin"),
            // Items read, decided, packed and sent.
            room("publish", "read", "pin"),
            // What earlier runs have seen.
            room("known", "read", "pin"),
            // From the storage to facts.
            room("read", "pin"),
            // From facts to what is kept.
            room("pin"));

    @ArchTest
    static final ArchRule PINS_ARE_DECIDED_WITHOUT_THE_STORAGE_AND_WITHOUT_KAFKA = classes()
            .that()
            .resideInAPackage(MODULE + ".pin..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    MODULE + ".pin..",
                    "dev.tidemark.policy..",
                    "dev.tidemark.schemas..",
                    "java.lang..",
                    "java.nio",
                    "java.nio.charset",
                    "java.time",
                    "java.util..");

    @ArchTest
    static final ArchRule WHAT_READS_THE_STORAGE_KNOWS_OF_NO_KAFKA = classes()
            .that()
            .resideInAPackage(MODULE + ".read..")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages("dev.tidemark.kafka..", "org.apache.kafka..");
}
