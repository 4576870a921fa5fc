package dev.tidemark.service;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.tidemark.testkit.Rooms.room;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.testkit.Rooms;

/** The rooms of this module: what each is for, and which others it may use. */
@AnalyzeClasses(packages = RoomsTest.MODULE, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String MODULE = "dev.tidemark.service";

    @ArchTest
    static final ArchRule A_ROOM_USES_NO_OTHERS_THAN_THESE = Rooms.of(
            MODULE,
            // The main class, its commands, and the life of a process.
            room("process", "registry", "settings", "health", "metrics", "logs"),
            // The registry that a user names: its storage, its cache, its replicas.
            room("registry", "settings"),
            // What may be asked by HTTP: health, metrics, and the registry's events taken.
            room("health", "http", "settings"),
            // A server of HTTP, its answers, and the secret that a request has.
            room("http"),
            // Every setting: its text, its default, what it may be, and where it is read.
            room("settings"),
            // What is measured, by name.
            room("metrics"),
            // The lines of the log: as text or as JSON, and none too often.
            room("logs"));

    @ArchTest
    static final ArchRule ROOMS_ARE_FREE_OF_CYCLES =
            slices().matching(MODULE + ".(*)..").should().beFreeOfCycles();
}
