package dev.tidemark.cli.launcher;

import static dev.tidemark.cli.launcher.FakePrograms.OF_JAVA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.launcher.UnbuiltProject.Call;
import dev.tidemark.cli.launcher.UnbuiltProject.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When the launcher makes the start-up cache, and when it ends that. */
@EnabledOnOs(OS.LINUX)
@Execution(ExecutionMode.CONCURRENT)
class StartupCacheTest extends LauncherCalls {

    private static final Map<String, String> NOW = Map.of("TIDEMARK_STARTUP_CACHE", "now");

    @ParameterizedTest
    @MethodSource("shells")
    void aCacheIsMadeOnceTheCommandHasEndedAndThenUsed(List<String> shell) throws IOException {
        project.write("java-learns", "");
        Session session = project.session(shell);

        // Nobody waits for it: not whoever reads what the command prints, nor another pipe that it was given.
        session.type(String.join(" ", shell) + " " + project.launcher() + " 3>&1 < /dev/null 2>&1 | cat");

        assertThat(session.shell().lines())
                .contains("tidemark: when this command has ended, a process of low priority makes the start-up cache "
                        + "(TIDEMARK_STARTUP_CACHE=off: none is made)");
        assertThat(project.javaArguments()).noneMatch(argument -> argument.contains("AOT"));
        ProcessHandle learner = awaitLearner();

        // Another command makes none beside it.
        session.type(call(shell));
        Processes.await("one has given up", () -> project.behind().size() == 1);
        assertThat(project.learners()).hasSize(1);

        Files.delete(project.resolve("java-learns"));
        Processes.await("it is made", () -> project.behind().isEmpty());
        assertThat(learner.isAlive()).isFalse();
        assertThat(project.cache())
                .isDirectoryContaining("glob:**/jdk-25-25.0.1.aot")
                .isDirectoryNotContaining("glob:**/work");
        session.type(call(shell));
        assertThat(project.javaArguments())
                .contains("-XX:AOTCache=" + project.cache().resolve("jdk-25-25.0.1.aot"));
        assertThat(project.behind()).isEmpty();
        session.leave();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aCommandThatRunsHasTheMachineForItself(List<String> shell) throws IOException {
        project.built();
        project.write("java-runs", "");
        Call call = project.start(shell, Map.of());
        Processes.await(
                "it runs",
                () -> Files.exists(project.resolve("java-environment"))
                        && !project.behind().isEmpty());
        assertThat(project.learners()).isEmpty();

        Files.delete(project.resolve("java-runs"));

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aCacheInTheMakingEndsWithItsSession(List<String> shell) throws IOException {
        project.built();
        project.write("java-learns", "");
        Session session = project.session(shell);
        session.type(call(shell));
        ProcessHandle learner = awaitLearner();

        session.leave();

        assertNothingIsLeft(learner);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whereTheSessionEndsWithTheCommandNoneIsMade(List<String> shell) throws IOException {
        project.built();
        Session session = project.session(shell);

        session.type("setsid " + call(shell));

        Processes.await("it has given up", () -> project.behind().isEmpty());
        assertThat(project.javaArguments()).isNotEmpty();
        assertThat(project.learners()).isEmpty();
        session.leave();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aCacheInTheMakingThatIsToldToEndLeavesNothing(List<String> shell) throws IOException {
        project.built();
        project.write("java-learns", "");
        Session session = project.session(shell);
        session.type(call(shell));
        ProcessHandle learner = awaitLearner();

        assertThat(learner.parent().orElseThrow().destroy()).isTrue();

        assertNothingIsLeft(learner);
        session.leave();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void filesThatAKilledLearnerLeavesAreRemovedByTheNext(List<String> shell) throws IOException {
        project.built();
        Path learns = project.write("java-learns", "");
        Session session = project.session(shell);
        session.type(call(shell));
        ProcessHandle learner = awaitLearner();
        learner.parent().orElseThrow().destroyForcibly();
        learner.destroyForcibly();
        Processes.await("they are gone", () -> project.behind().isEmpty() && !learner.isAlive());
        assertThat(project.cache().resolve("work/output")).exists();
        Files.delete(learns);

        project.run(shell, NOW);

        assertThat(project.javaArguments())
                .contains("-XX:AOTCache=" + project.cache().resolve("jdk-25-25.0.1.aot"));
        assertThat(project.cache()).isDirectoryNotContaining("glob:**/work");
        session.leave();
    }

    /** As sudo does it: what it runs has a terminal of its own, which is hung up in the end. */
    @Test
    void aTerminalWithinATerminalIsNoSessionOfItsOwn() throws IOException {
        Path script = UnbuiltProject.tool("script").orElse(null);
        assumeTrue(script != null, "script, of Debian's bsdutils, is not installed: skipped");
        project.built();
        project.write("java-learns", "");
        Path stays = project.write("session-stays", "");
        String inner = script + " -qec '/bin/sh " + project.launcher() + "' /dev/null";
        Call outer = project.execute(
                List.of(
                        script.toString(),
                        "-qec",
                        inner + "; echo ended; while [ -e " + stays + " ]; do sleep 1; done",
                        "/dev/null"),
                Map.of("SHELL", "/bin/sh"));
        Processes.await("the command has ended", () -> outer.output().contains("ended"));

        ProcessHandle learner = awaitLearner();
        Files.delete(stays);

        assertNothingIsLeft(learner);
    }

    @ParameterizedTest
    @CsvSource({
        "jdk-25, 25.0.1, jdk-25-25.0.1.aot, -XX:AOTCache=",
        "jdk-21, 21.0.2, jdk-21-21.0.2.jsa, -XX:SharedArchiveFile="
    })
    void nowMakesItBeforeTheCommandRuns(String jdk, String version, String name, String option) throws IOException {
        project.built();
        Path home = project.jdk(jdk, version);

        Call call = project.run(SH, Map.of("TIDEMARK_STARTUP_CACHE", "now", "JAVA_HOME", home.toString()));

        assertThat(call.lines())
                .containsExactly("tidemark: making the start-up cache: that takes some minutes of CPU time…");
        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(project.javaArguments()).contains(option + project.cache().resolve(name));
    }

    @Test
    void aCacheThatCannotBeMadeIsTriedAgainOnlyWhenItIsAskedFor() throws IOException {
        project.built();
        Path fails = project.write("java-fails", "");
        Path why = project.cache().resolve("jdk-25-25.0.1.aot.failed");

        assertThat(project.run(SH, NOW).lines())
                .endsWith("tidemark: the start-up cache could not be made, see " + why)
                .hasSize(2);
        assertThat(why).hasContent("this is hard");
        assertThat(project.run(SH, Map.of()).lines()).isEmpty();
        assertThat(project.behind()).isEmpty();
        assertThat(project.learners()).hasSize(1);

        Files.delete(fails);
        assertThat(project.run(SH, NOW).lines()).hasSize(1);
        assertThat(why).doesNotExist();
    }

    @Test
    void theCacheOfAnInstallationThatCannotBeWrittenIsInTheUsersCacheDirectory() throws IOException {
        project.built();
        Files.createFile(project.cache());

        project.run(SH, NOW);

        assertThat(project.javaArguments())
                .anyMatch(argument -> argument.startsWith("-XX:AOTCache=" + project.resolve("home/.cache/tidemark/")));
    }

    @Test
    void aCacheThatIsTurnedOffIsNeitherMadeNorUsed() throws IOException {
        project.built();
        project.run(SH, NOW);
        assertThat(project.javaArguments()).anyMatch(argument -> argument.startsWith("-XX:AOTCache="));

        project.run(SH, Map.of("TIDEMARK_STARTUP_CACHE", "off"));

        assertThat(project.javaArguments()).noneMatch(argument -> argument.startsWith("-XX:AOTCache="));
        Files.delete(project.cache().resolve("jdk-25-25.0.1.aot"));
        project.run(SH, Map.of("TIDEMARK_STARTUP_CACHE", "off"));
        assertThat(project.behind()).isEmpty();
    }

    @Test
    void anyOtherSettingOfTheCacheIsRefused() throws IOException {
        Call call = project.run(SH, Map.of("TIDEMARK_STARTUP_CACHE", "no"));

        assertThat(call.lines())
                .containsExactly("tidemark: TIDEMARK_STARTUP_CACHE=no: write off or now, or leave it out");
        assertThat(call.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void withoutFlockThereIsNoCache() throws IOException {
        project.built();
        project.lacks("flock");

        assertThat(project.run(SH, Map.of()).lines()).isEmpty();
        assertThat(project.behind()).isEmpty();
        assertThat(project.run(SH, NOW).lines())
                .hasSize(1)
                .allMatch(line -> line.startsWith("tidemark: no start-up cache can be made: that needs flock"));
    }

    private String call(List<String> shell) {
        return String.join(" ", shell) + " " + project.launcher() + " < /dev/null";
    }

    private ProcessHandle awaitLearner() {
        Processes.await("it is being made", () -> !project.learners().isEmpty());
        return ProcessHandle.of(Long.parseLong(project.learners().getLast())).orElseThrow();
    }

    private void assertNothingIsLeft(ProcessHandle learner) {
        Processes.await("all have ended", () -> project.behind().isEmpty() && !learner.isAlive());
        assertThat(project.cache()).isDirectoryNotContaining(path -> !path.endsWith("making"));
    }
}
