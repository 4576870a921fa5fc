package dev.tidemark.cli.launcher;

import static dev.tidemark.cli.launcher.FakePrograms.MAVEN_OUTPUT;
import static dev.tidemark.cli.launcher.FakePrograms.OF_JAVA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.launcher.UnbuiltProject.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The script that starts the command: what it builds, and what it tells Java. */
@EnabledOnOs(OS.LINUX)
@Execution(ExecutionMode.CONCURRENT)
class LauncherTest extends LauncherCalls {

    private static final Map<String, String> NO_CACHE = Map.of("TIDEMARK_STARTUP_CACHE", "off");

    // ---- The first build ----

    @ParameterizedTest
    @MethodSource("shells")
    void theFirstBuildSaysWhichModuleIsBuilt(List<String> shell) throws IOException {
        Call call = project.run(shell, NO_CACHE, "--version", "two words");

        assertThat(call.lines())
                .containsExactly(
                        "Building Tidemark, for the first use. Maven's output: " + project.log(),
                        "Building Tidemark 0.1.0-SNAPSHOT [1/3]",
                        "Building Tidemark schemas [2/3]",
                        "Building Tidemark cli [3/3]");
        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(project.javaArguments()).endsWith("dev.tidemark.cli.Main", "--version", "two words");
        assertThat(project.log()).content().startsWith(MAVEN_OUTPUT);

        assertThat(project.run(shell, NO_CACHE).lines()).isEmpty();
        assertThat(project.mavenCalls()).hasSize(1);
    }

    @Test
    void onATerminalTheModulesShareALineThatIsGoneInTheEnd() throws IOException {
        Path script = UnbuiltProject.tool("script").orElse(null);
        assumeTrue(script != null, "script, of Debian's bsdutils, is not installed: skipped");

        Call call = project.execute(
                List.of(script.toString(), "-qec", "exec /bin/sh '" + project.launcher() + "' --version", "/dev/null"),
                Map.of("TIDEMARK_STARTUP_CACHE", "off", "TERM", "xterm", "SHELL", "/bin/sh"));

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        String lines = Stream.of(
                        "Building Tidemark: downloading kafka-clients-4.pom", "Building Tidemark 0.1.0-SNAPSHOT [1/3]",
                        "Building Tidemark 0.1.0-SNAPSHOT [1/3]: maven-toolchains-plugin:3.3.0:select-jd",
                                "Building Tidemark schemas [2/3]",
                        "Building Tidemark cli [3/3]", "")
                .map(line -> "\r\u001b[K" + line)
                .reduce("", String::concat);
        assertThat(call.output())
                .endsWith("Building Tidemark, for the first use. Maven's output: " + project.log() + "\r\n" + lines);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aBuildThatFailsShowsItsErrors(List<String> shell) throws IOException {
        project.write("maven-fails", "");
        project.write("maven-output", MAVEN_OUTPUT + "[ERROR] it does not compile\n[INFO] and so on\n");

        Call call = project.run(shell, Map.of());

        assertThat(call.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(call.lines()).contains("[ERROR] it does not compile").doesNotContain("[INFO] and so on");
        assertThat(call.lines().getLast())
                .startsWith("tidemark: the build failed: Maven ended with 7. Its whole output is in " + project.log());
        assertThat(project.javaArguments()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aMavenThatNamesNoErrorsIsShownAsFarAsItCame(List<String> shell) throws IOException {
        project.maven("#!/bin/sh\necho 'there is no plexus-classworlds.jar'\nkill -9 $$\n");

        Call call = project.run(shell, Map.of());

        assertThat(call.lines()).contains("there is no plexus-classworlds.jar");
        assertThat(call.lines().getLast()).contains("Maven ended with 137");
        assertThat(call.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aSecondCallSaysWhatItWaitsForAndBuildsNothing(List<String> shell) throws IOException {
        Path works = project.write("maven-works", "");
        Call first = project.start(shell, NO_CACHE);
        Processes.await("it builds", () -> first.output().contains("cli [3/3]"));

        Call second = project.start(shell, NO_CACHE);
        String waits = "tidemark: waiting for another process that is building Tidemark (its output is in "
                + project.log() + ")…";
        Processes.await("it says so", () -> second.output().equals(waits + "\n"));
        Files.delete(works);

        assertThat(first.exitCode()).isEqualTo(OF_JAVA);
        assertThat(second.exitCode()).isEqualTo(OF_JAVA);
        assertThat(second.lines()).containsExactly(waits);
        assertThat(project.mavenCalls()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aBuildThatHasLostItsLauncherIsWaitedForToo(List<String> shell) throws IOException {
        Path works = project.write("maven-works", "");
        Call first = project.start(shell, NO_CACHE);
        Processes.await("it builds", () -> first.output().contains("cli [3/3]"));
        Processes.kill(first.process());

        Call second = project.start(shell, NO_CACHE);
        Processes.await("it waits", () -> second.output().startsWith("tidemark: waiting for another process"));
        Files.delete(works);

        assertThat(second.exitCode()).isEqualTo(OF_JAVA);
        assertThat(project.mavenCalls()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aServiceHasNoBrokerOnItsClassPathAndNoStartupCache(List<String> shell) throws IOException {
        project.built();
        Path jar = project.write("cli/target/tidemark/lib/tidemark-service-0.1.jar", "");

        Call call = project.run(shell, Map.of(), "marker", "--config", "a file");

        assertThat(call.exitCode()).isEqualTo(OF_JAVA);
        assertThat(project.javaArguments())
                .endsWith(
                        "-cp",
                        jar.toString(),
                        "dev.tidemark.service.process.ServiceMain",
                        "marker",
                        "--config",
                        "a file");
        assertThat(project.learners()).isEmpty();
    }

    // ---- Options that Java is given ----

    @ParameterizedTest
    @CsvSource({
        "TIDEMARK_JAVA_OPTS, -Xmx100m -XX:+UseSerialGC, UseSerialGC",
        "TIDEMARK_JAVA_OPTS, -XX:+UseZGC, UseZGC",
        "TIDEMARK_JAVA_OPTS, -Xmx100m -XX:MaxRAMPercentage=10, UseParallelGC",
        "TIDEMARK_JAVA_OPTS, -XX:-UseSerialGC -XX:+UseStringDeduplication, UseParallelGC",
        "JAVA_TOOL_OPTIONS, -XX:+UseG1GC, ''",
        "JDK_JAVA_OPTIONS, -XX:+UseG1GC, ''",
        "_JAVA_OPTIONS, -XX:+UseG1GC, ''",
    })
    void aCollectorThatTheUserChoosesIsTheOnlyOne(String variable, String options, String collector)
            throws IOException {
        project.built();

        project.run(SH, Map.of("TIDEMARK_STARTUP_CACHE", "off", variable, options));

        List<String> arguments = project.javaArguments();
        assertThat(arguments.stream().filter(argument -> argument.matches("-XX:\\+Use.*GC")))
                .isEqualTo(collector.isEmpty() ? List.of() : List.of("-XX:+" + collector));
        assertThat(arguments.contains("-XX:-UseAdaptiveSizePolicy")).isEqualTo(collector.equals("UseParallelGC"));
        if (variable.equals("TIDEMARK_JAVA_OPTS")) {
            // The last one counts.
            assertThat(arguments)
                    .containsSubsequence(
                            Stream.concat(Stream.of("-XX:MaxRAMPercentage=40"), Stream.of(options.split(" ")))
                                    .toList());
        }
    }

    /** Services take what begins with TIDEMARK_ for a setting, and refuse one that they don't know. */
    @Test
    void settingsOfTheLauncherAreNotPassedOnToTheServices() throws IOException {
        project.built();

        project.run(
                SH, Map.of("TIDEMARK_STARTUP_CACHE", "off", "TIDEMARK_JAVA_OPTS", "-Xmx1g", "TIDEMARK_PREFIX", "x."));

        assertThat(project.javaEnvironment().stream().filter(line -> line.contains("TIDEMARK_")))
                .containsExactly("export TIDEMARK_PREFIX='x.'");
    }
}
