package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed, wherever it is, and started again ends where an undisturbed one ends. */
class KillIT {

  private static final int IMAGES = 120;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  @TempDir private Path directory;

  private Map<String, String> undisturbed;

  @BeforeEach
  void whatAnUndisturbedRunLeaves() {
    RegistryOnDisk registry = registry("undisturbed");
    assertThat(new Tidemark(directory.resolve("undisturbed-home")).collect(options(registry)).exitCode()).isZero();
    undisturbed = registry.snapshot();
  }

  @Test
  void killedInTheMiddleOfTheSweep() throws Exception {
    var random = new Random(42);
    for (int round = 0; round < 3; round++) {
      RegistryOnDisk registry = registry("sweep" + round);
      long blobs = blobDirectories(registry);
      long enough = 1 + random.nextInt((int) blobs / 4);

      killAndFinish(registry, "sweep" + round, () -> blobDirectories(registry) <= blobs - enough);
    }
  }

  @Test
  void killedBeforeTheSweep() throws Exception {
    for (String sign : List.of("requested", "enumerating", "enumerated:")) {
      RegistryOnDisk registry = registry("before-" + sign.replace(":", ""));
      Path log = directory.resolve("home-before-" + sign.replace(":", "")).resolve("data/tidemark.log");

      killAndFinish(registry, "before-" + sign.replace(":", ""), () -> contains(log, sign));
    }
  }

  @Test
  void interruptedItSaysSoAndSweepsNothingMore() throws Exception {
    RegistryOnDisk registry = registry("interrupted");
    Path home = Files.createDirectories(directory.resolve("home-interrupted"));
    Process process = start(registry, home);
    await(process, () -> contains(home.resolve("data/tidemark.log"), "enumerating"));

    process.destroy();
    assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).isNotZero();
    assertThat(home.resolve("output")).content().contains("tidemark: interrupted", "nothing more is deleted");
    assertThat(new Tidemark(home).collect(options(registry)).exitCode()).isZero();
    assertThat(registry.snapshot()).isEqualTo(undisturbed);
  }

  @Test
  void interruptedWhileKafkaIsGoneItSaysSo() throws Exception {
    RegistryOnDisk registry = registry("gone");
    Map<String, String> before = registry.snapshot();
    Path home = Files.createDirectories(directory.resolve("home-gone"));
    try (var kafka = KafkaProcesses.start(directory.resolve("kafka"), 1)) {
      Process process = start(registry, home, "--bootstrap-servers", kafka.bootstrapServers());
      await(process, () -> contains(home.resolve("data/tidemark.log"), "enumerating"));

      kafka.kill(0);
      process.destroy();
      Processes.awaitEnd(process);

      assertThat(process.exitValue()).isNotZero();
    }
    assertThat(home.resolve("output")).content()
        .contains("tidemark: interrupted: Kafka could not be told", "nothing more").doesNotContain("Exception", "\tat ");
    assertThat(registry.snapshot()).isEqualTo(before);
  }

  private void killAndFinish(RegistryOnDisk registry, String name, BooleanSupplier moment) throws Exception {
    Path home = Files.createDirectories(directory.resolve("home-" + name));
    Process process = start(registry, home);
    await(process, moment);
    process.destroyForcibly();
    assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();

    Tidemark.Result result = new Tidemark(home).collect(options(registry));

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(registry.snapshot()).isEqualTo(undisturbed);
  }

  private static String[] options(RegistryOnDisk registry) {
    return new String[] {"-m", "--min-age", "0", "--max-delete", "100", registry.root().toString()};
  }

  private Process start(RegistryOnDisk registry, Path home, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElseThrow(), "-cp", System.getProperty("java.class.path"), Main.class.getName(),
        "collect", "--delete-untagged", "--min-age", "0", "--max-delete", "100", "--data-dir", home.resolve("data").toString(),
        registry.root().toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("output").toFile())
        .start();
  }

  /** Waits for the moment; a process that is through before it came is as good. */
  private static void await(Process process, BooleanSupplier moment) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (process.isAlive() && !moment.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      process.waitFor(1, TimeUnit.MILLISECONDS);
    }
  }

  /** Counted so that it may shrink under the eyes. */
  private static long blobDirectories(RegistryOnDisk registry) {
    String[] shards = registry.base().resolve("blobs/sha256").toFile().list();
    return Stream.of(Objects.requireNonNullElse(shards, new String[0]))
        .map(shard -> registry.base().resolve("blobs/sha256").resolve(shard).toFile().list())
        .filter(Objects::nonNull)
        .mapToLong(blobs -> blobs.length)
        .sum();
  }

  private static boolean contains(Path log, String text) {
    try {
      return Files.exists(log) && Files.readString(log).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RegistryOnDisk registry(String name) {
    RegistryOnDisk registry = RegistryOnDisk.at(directory.resolve(name));
    var app = registry.repo("team/app");
    var other = registry.repo("team/other");
    for (int i = 0; i < IMAGES; i++) {
      String image = app.image("image " + i);
      app.tag("latest", image);
      other.link(image);
      if (i % 3 == 0) {
        app.tag("v" + i, image);
      } else {
        other.tag("old", image);
      }
      registry.blob("orphan " + i);
    }
    return registry;
  }
}
