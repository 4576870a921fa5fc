package dev.tidemark.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of this module: what each is for, and which others it may use. Nothing that is printed depends on the command that prints it. */
@AnalyzeClasses(packages = "dev.tidemark.cli", importOptions = DoNotIncludeTests.class)
class RoomsTest {

  @ArchTest
  static final ArchRule A_ROOM_USES_NO_OTHERS_THAN_THESE =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.tidemark.cli..")
          .ensureAllClassesAreContainedInArchitecture()

          // The process: its arguments, and which command they name.
          .layer("main").definedBy("dev.tidemark.cli")
          .whereLayer("main").mayOnlyAccessLayers("command", "service", "warmup", "text", "terminal", "exit")
          .whereLayer("main").mayNotBeAccessedByAnyLayer()

          // What users type, and its options.
          .layer("command").definedBy("dev.tidemark.cli.command..")
          .whereLayer("command").mayOnlyAccessLayers("evidence", "local", "client", "registry", "text", "run", "terminal", "exit")

          // The three services, each a process of its own. They know nothing of a data directory or a Kafka inside.
          .layer("service").definedBy("dev.tidemark.cli.service..")
          .whereLayer("service").mayOnlyAccessLayers("registry", "text", "exit")

          // Registries that are made up and collected, for the JVM to learn what is hot.
          .layer("warmup").definedBy("dev.tidemark.cli.warmup..")
          .whereLayer("warmup").mayOnlyAccessLayers("exit")

          // The topics of past runs, of a cluster or of a data directory, and the indexes made of them.
          .layer("evidence").definedBy("dev.tidemark.cli.evidence..")
          .whereLayer("evidence").mayOnlyAccessLayers("local", "client", "text", "run", "terminal", "exit")

          // A run in this process: its data directory, the Kafka inside, and the three services.
          .layer("local").definedBy("dev.tidemark.cli.local..")
          .whereLayer("local").mayOnlyAccessLayers("client", "text", "run", "exit")

          // A run on whatever Kafka there is: how it is asked for, followed and ended.
          .layer("client").definedBy("dev.tidemark.cli.client..")
          .whereLayer("client").mayOnlyAccessLayers("text", "run", "terminal", "exit")

          // The registry that the user names, and its storage.
          .layer("registry").definedBy("dev.tidemark.cli.registry..")
          .whereLayer("registry").mayOnlyAccessLayers("exit")

          // What is printed, for people and as JSON.
          .layer("text").definedBy("dev.tidemark.cli.text..")
          .whereLayer("text").mayOnlyAccessLayers("run", "terminal")

          // What there is to tell of one run: its phases, how far it is, what it came to.
          .layer("run").definedBy("dev.tidemark.cli.run..")
          .whereLayer("run").mayOnlyAccessLayers("exit")

          // Where it is printed, and how wide that is.
          .layer("terminal").definedBy("dev.tidemark.cli.terminal..")
          .whereLayer("terminal").mayNotAccessAnyLayer()

          // How a command ends: its exit code, and the line that says why.
          .layer("exit").definedBy("dev.tidemark.cli.exit..")
          .whereLayer("exit").mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule ROOMS_ARE_FREE_OF_CYCLES =
      slices().matching("dev.tidemark.cli.(*)..").should().beFreeOfCycles();
}
