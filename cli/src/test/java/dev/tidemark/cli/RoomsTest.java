package dev.tidemark.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.tidemark.testkit.Rooms.room;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.testkit.Rooms;

/**
 * The rooms of this module: what each is for, and which others it may use. Nothing that is printed depends on the
 * command that prints it.
 */
@AnalyzeClasses(packages = RoomsTest.MODULE, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String MODULE = "dev.tidemark.cli";

    @ArchTest
    static final ArchRule A_ROOM_USES_NO_OTHERS_THAN_THESE = Rooms.of(
            MODULE,
            // What users type, and its options.
            room("command", "schedule", "ui", "evidence", "local", "client", "text", "run", "terminal", "exit"),
            // The times of a schedule, and the collections that begin at them.
            room("schedule", "terminal", "exit"),
            // A page in a browser, and the commands that answer it.
            room("ui", "local", "exit"),
            // A registry that is made up and collected, for the JVM to learn what is hot.
            room("warmup"),
            // The topics of past runs, of a cluster or of a data directory, and the indexes made of them.
            room("evidence", "local", "client", "text", "run", "terminal", "exit"),
            // A run in this process: its data directory, the Kafka inside, and the three services.
            room("local", "client", "text", "run", "exit"),
            // A run on whatever Kafka there is: how it is asked for, followed and ended.
            room("client", "text", "run", "terminal", "exit"),
            // The printed texts, for people and as JSON.
            room("text", "run", "terminal"),
            // The facts of one run: its phases, its progress, its results.
            room("run", "exit"),
            // Where it is printed, and how wide that is.
            room("terminal"),
            // How a command ends: its exit code, and the line that says why.
            room("exit", "terminal"));

    @ArchTest
    static final ArchRule ROOMS_ARE_FREE_OF_CYCLES =
            slices().matching(MODULE + ".(*)..").should().beFreeOfCycles();
}
