package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.lead.Schedule;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RunHistory;
import dev.tidemark.kafka.TopicCreation;
import dev.tidemark.kafka.TopicSettings;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.TestKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The client, and the services when the storage or Kafka lets them down: as a user of a cluster types and sees it. */
class ClientIT {

  private static final Duration STALL = Duration.ofMinutes(10);
  private static final Duration SHORT_STALL = Duration.ofSeconds(15);

  @TempDir private static Path kafkaDirectory;

  private static TestKafka kafka;

  @TempDir private Path directory;

  private final Deque<AutoCloseable> services = new ArrayDeque<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private int starts;
  private String prefix;
  private Cluster cluster;
  private RegistryOnDisk registry;
  private RegistryOnDisk.Repository app;
  private String kept;
  private String untagged;
  private String orphan;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start(kafkaDirectory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void aRegistry(TestInfo test) throws Exception {
    prefix = test.getTestMethod().orElseThrow().getName() + ".";
    registry = RegistryOnDisk.at(directory.resolve("registry"));
    app = registry.repo("team/app");
    kept = app.image("kept");
    untagged = app.image("untagged");
    app.tag("latest", kept);
    orphan = registry.blob("orphan");
    registry.age(Duration.ofDays(2));
    // Whoever writes to a topic that is gone waits for it.
    Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", 5000);
    try (Admin admin = Admin.create(clients)) {
      cluster =
          new Cluster(
              clients,
              TopicCreation.ensure(
                  admin, new TopicSettings(prefix, OptionalInt.of(3), 2, (short) 1, Duration.ofDays(1), Duration.ofDays(1))));
    }
  }

  @AfterEach
  void stopServices() throws Exception {
    while (!services.isEmpty()) {
      services.pop().close();
    }
  }

  @Test
  void aDryRunThatIsApprovedDeletesWhatItFoundAndNothingElse() {
    startServices(storage());

    Tidemark.Result dry = tidemark("run", "--dry-run", "--delete-untagged", "--plan", directory.resolve("plan").toString());
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("dry run: nothing is deleted", "team/app");
    assertThat(registry.data(orphan)).exists();
    Run looked = latest();
    assertThat(directory.resolve("plan")).content().contains(untagged, orphan).doesNotContain(kept);

    RegistryOnDisk.remove(app.currentLink("latest").getParent().getParent());
    String later = registry.blob("later orphan");
    registry.age(Duration.ofDays(2));
    Tidemark.Result approved = tidemark("approve", looked.id().toString());

    assertThat(approved.exitCode()).as(approved.err()).isZero();
    assertThat(approved.out()).contains("not in the dry run that was approved");
    assertThat(registry.data(orphan)).doesNotExist();
    assertThat(registry.data(untagged)).doesNotExist();
    assertThat(registry.data(kept)).as("it lost its tag after somebody looked").exists();
    assertThat(app.revision(kept)).exists();
    assertThat(registry.data(later)).exists();
    assertThat(latest().requested().approves()).isEqualTo(looked.id());

    assertThat(tidemark("approve", looked.id().toString()).exitCode()).as("there is a later run").isEqualTo(ExitCode.USAGE);
    assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode()).isZero();
    assertThat(registry.data(later)).doesNotExist();
  }

  @Test
  void aRunThatTheBreakerHoldsIsLetGoOrEnded() throws IOException {
    startServices(storage());
    Map<String, String> before = registry.snapshot();

    Tidemark.Result held = tidemark("run", "--delete-untagged", "--max-delete", "5");
    assertThat(held.exitCode()).isEqualTo(ExitCode.WAITING);
    assertThat(held.err()).contains("Nothing was deleted", "tidemark approve " + latest().id());
    Tidemark.Result ended = tidemark("cancel", "latest");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(tidemark("approve", latest().id().toString()).err()).contains("cancelled: there is nothing to approve");
    assertThat(registry.snapshot()).isEqualTo(before);

    assertThat(tidemark("run", "--delete-untagged", "--max-delete", "5").exitCode()).isEqualTo(ExitCode.WAITING);
    Tidemark.Result shown = tidemark("show", "latest");
    assertThat(shown.out()).contains("waiting", "let it pass: tidemark approve");
    Tidemark.Result approved = tidemark("approve", latest().id().toString());
    assertThat(approved.exitCode()).as(approved.err()).isZero();
    assertThat(registry.data(orphan)).doesNotExist();
    assertThat(registry.data(kept)).exists();

    JsonNode runs = JsonSerde.MAPPER.readTree(tidemark("runs", "--format", "json").out());
    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).path("state").asText()).isEqualTo("swept");
    assertThat(runs.get(0).path("bytesFreed").asLong()).isPositive();
    assertThat(runs.get(1).path("state").asText()).isEqualTo("cancelled");
    JsonNode one = JsonSerde.MAPPER.readTree(tidemark("show", latest().id().toString(), "--format", "json").out());
    assertThat(one.path("summary").path("swept").path("bytesFreed").asLong()).isEqualTo(runs.get(0).path("bytesFreed").asLong());
    assertThat(tidemark("runs").out()).contains("RUN", "swept", "cancelled");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPlanThatCannotBeWrittenDoesNotHideThatTheRunWaits() {
    startServices(storage());

    Tidemark.Result held = tidemark("run", "--delete-untagged", "--max-delete", "5", "--plan", "/dev/full");

    assertThat(held.exitCode()).isEqualTo(ExitCode.WAITING);
    assertThat(held.err()).contains("tidemark approve " + latest().id(), "/dev/full cannot be written: No space left on device").hasLineCount(2);
  }

  @Test
  void whatCannotBeMeantIsOneLine() {
    assertThat(tidemark("show", "20200101-000000").err()).contains("there is no run 20200101-000000: tidemark runs lists them");
    assertThat(tidemark("cancel", "yesterday").err()).contains("'yesterday' is no id of a run");
    assertThat(tidemark("show").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tidemark("runs").out()).contains("no run yet");
    assertThat(Tidemark.run("runs", "--bootstrap-servers", kafka.bootstrapServers(), "--prefix", "no.such.").err())
        .contains("there is no topic no.such.manifests", "--prefix");
    assertThat(tidemark("run", "--detach", "--plan", "x").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void oneRunAtATime() {
    assertThat(tidemark("run", "--dry-run", "--detach").exitCode()).isZero();

    Tidemark.Result second = tidemark("run", "--dry-run");
    assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(second.err()).contains("is under way (requested)", "tidemark cancel " + latest().id());
    assertThat(tidemark("show").out()).contains("no enumerator has taken it up yet");
  }

  @Test
  void allInOneProcessOnACluster() {
    Tidemark.Result result =
        new Tidemark(directory.resolve("home"))
            .collect("--delete-untagged", "--bootstrap-servers", kafka.bootstrapServers(), "--prefix", prefix, registry.root().toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.blobs()).contains(orphan, untagged);
    assertThat(registry.data(orphan)).doesNotExist();
    assertThat(latest().state()).isEqualTo(Run.State.SWEPT);
  }

  @Test
  void whatTheBreakerSaysToTypeMeansTheSameRegistryAndKafka() throws IOException {
    Path named = Files.createSymbolicLink(directory.resolve("the team's registry"), registry.root());
    Path config = Files.writeString(directory.resolve("client config"), "client.id=test\n");

    Tidemark.Result held = tidemark(
        "collect", "--delete-untagged", "--max-delete", "5", "--data-dir", directory.resolve("the data").toString(),
        "--command-config", config.toString(), named.toString());
    assertThat(held.exitCode()).as(held.err()).isEqualTo(ExitCode.WAITING);
    Run waits = latest();
    String[] typed = words(held.err().substring(held.err().lastIndexOf("tidemark collect")));

    assertThat(typed).contains("--bootstrap-servers", "--prefix", prefix, "--command-config", config.toString());
    Tidemark.Result passed = Tidemark.run(typed);
    assertThat(passed.exitCode()).as(passed.err()).isZero();
    assertThat(latest().id()).isGreaterThan(waits.id());
    assertThat(latest().state()).isEqualTo(Run.State.SWEPT);
  }

  /** The arguments of a command, as a shell takes them. */
  private static String[] words(String command) throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "tidemark() { printf '%s\\n' \"$@\"; }; " + command).start();
    try (var words = shell.inputReader()) {
      return words.lines().toArray(String[]::new);
    }
  }

  @Test
  void deletionsThatFailAreReportedAndTakenUpByTheNextRun() {
    var trouble = new Faulty(storage());
    trouble.delete = path -> {
      if (path.contains(RegistryOnDisk.hex(orphan))) {
        throw new StorageException("input/output error");
      }
      if (path.contains("_manifests/revisions/sha256/" + RegistryOnDisk.hex(untagged))) {
        throw new ForbiddenException("permission denied");
      }
    };
    startServices(trouble);

    Tidemark.Result result = tidemark("run", "--delete-untagged", "--max-delete", "100");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("swept with failures");
    assertThat(result.out()).contains("1 failed: the storage does not answer", "1 failed: permission denied");
    assertThat(registry.data(orphan)).exists();
    assertThat(app.revision(untagged)).exists();
    assertThat(registry.data(untagged)).as("a manifest whose revision stays, stays").exists();

    trouble.delete = path -> {};
    assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode()).isZero();
    assertThat(registry.data(orphan)).doesNotExist();
    assertThat(registry.data(untagged)).doesNotExist();
  }

  @Test
  void aStorageThatIsGoneFailsEveryDeletionAndTheNextRunFails() {
    for (int i = 0; i < 100; i++) {
      registry.blob("orphan " + i);
    }
    registry.age(Duration.ofDays(2));
    Map<String, String> before = registry.snapshot();
    Path away = directory.resolve("away");
    var trouble = new Faulty(storage());
    trouble.delete = path -> move(registry.base(), away);
    startServices(trouble);

    Tidemark.Result result = tidemark("run", "--delete-untagged", "--max-delete", "100");
    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("swept with failures");
    assertThat(result.out()).contains("failed: the storage does not answer").doesNotContain("gone already");

    Tidemark.Result next = tidemark("run", "--delete-untagged", "--max-delete", "100");
    assertThat(next.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(next.err()).contains("is its file system mounted?", "nothing was deleted");
    trouble.delete = path -> {};
    move(away, registry.base());
    assertThat(registry.snapshot()).isEqualTo(before);
    assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode()).isZero();
    assertThat(registry.data(orphan)).doesNotExist();
  }

  @Test
  void aRecordThatCannotBeReadFailsTheRunAndIsSetAside() throws Exception {
    var trouble = new Faulty(storage());
    startServices(trouble);
    for (String topic : List.of(
        cluster.topics().blobs(), cluster.topics().marks(), cluster.topics().work(), cluster.topics().workDone(), cluster.topics().runs())) {
      Map<String, String> before = registry.snapshot();
      var reached = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      trouble.open = path -> {
        reached.countDown();
        await(goOn);
      };
      tidemark("run", "--delete-untagged", "--max-delete", "100", "--detach");
      await(reached);
      send(topic, "{not json");
      goOn.countDown();
      Run run = awaitEnd();
      trouble.open = path -> {};

      assertThat(run.state()).as(topic).isEqualTo(Run.State.FAILED);
      assertThat(((RunRecord.Failed) run.end()).why()).as(topic).contains("can't be read");
      assertThat(registry.snapshot()).as(topic).isEqualTo(before);
    }
    assertThat(rejected()).contains("{not json").hasSize(3);
    assertThat(failure.get()).as("the services live on").isNull();
    assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode()).isZero();
    assertThat(registry.data(orphan)).doesNotExist();
  }

  @Test
  void aTopicThatIsDeletedInTheMiddleFailsTheRun() throws Exception {
    for (String topic : List.of(cluster.topics().marks(), cluster.topics().blobs(), cluster.topics().runs(), cluster.topics().eligible())) {
      Map<String, String> before = registry.snapshot();
      var trouble = new Faulty(storage());
      startServices(trouble, SHORT_STALL);
      var reached = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      trouble.open = path -> {
        reached.countDown();
        await(goOn);
      };
      tidemark("run", "--delete-untagged", "--max-delete", "100", "--detach");
      await(reached);
      try (Admin admin = cluster.admin()) {
        admin.deleteTopics(List.of(topic)).all().get();
        Processes.await("it is gone", () -> !topics(admin).contains(topic));
        goOn.countDown();
        if (!topic.equals(cluster.topics().runs())) {
          assertThat(awaitEnd().state()).as(topic).isEqualTo(Run.State.FAILED);
        }
        stopServices();
        TopicCreation.ensure(
            admin, new TopicSettings(prefix, OptionalInt.of(3), 2, (short) 1, Duration.ofDays(1), Duration.ofDays(1)));
      }
      assertThat(registry.snapshot()).as(topic).isEqualTo(before);
    }
    failure.set(null);
    startServices(storage());
    Tidemark.Result result = tidemark("run", "--delete-untagged", "--max-delete", "100");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(registry.data(orphan)).doesNotExist();
  }

  @Test
  void aScheduleAsksOnceHoweverManyEnumeratorsThereAre() {
    Instant start = Instant.now();
    var schedule = new Schedule(
        after -> after.isBefore(start.plusSeconds(1)) ? Optional.of(start.plusSeconds(1)) : Optional.empty(), true, true, Duration.ofHours(24), 75);
    start(new MarkerService(cluster, new MarkerSettings(directory.resolve("state"), 1, 0, 1, MarkerSettings.COMMIT_INTERVAL, 3), new MarkerMeter(), failure::set), MarkerService::start);
    for (int i = 0; i < 3; i++) {
      start(
          new EnumeratorService(
              cluster, storage(), directory, TopicSettings.DEFAULT_RETENTION, 2, Optional.of(schedule), STALL, new EnumeratorMeter(), failure::set),
          EnumeratorService::start);
    }

    Processes.await("the scheduled run is through", () -> history().latest().filter(entry -> entry.run().ended()).isPresent());

    assertThat(history().all()).singleElement().satisfies(entry -> {
      assertThat(entry.run().state()).isEqualTo(Run.State.DECIDED);
      assertThat(entry.run().requested().by()).isEqualTo("schedule");
    });
  }

  @Test
  void aCutoffInTheFutureFailsTheRun() {
    startServices(storage());
    Instant future = Instant.now().plus(Duration.ofHours(1));

    new RunClient(cluster).request(Instant.now(), new EnumeratedRecord.Options(future.toEpochMilli(), true, false), 100, "somebody", null);

    Run run = awaitEnd();
    assertThat(run.state()).isEqualTo(Run.State.FAILED);
    assertThat(((RunRecord.Failed) run.end()).why()).contains("in the future", "somebody");
    assertThat(registry.data(orphan)).exists();
  }

  /** An item is committed when it is read as a whole, and whoever leads sees only what is committed. */
  @Test
  void aRepositoryThatTakesLongerThanTheStallTimeoutIsNoStall() {
    for (String name : List.of("slow-1", "slow-2", "slow-3", "slow-4")) {
      for (int i = 0; i < 50; i++) {
        registry.repo(name).image(name + i);
      }
    }
    registry.age(Duration.ofDays(2));
    var slow = new Faulty(storage());
    var paused = new AtomicInteger();
    slow.open = path -> {
      boolean leads = Thread.currentThread().getName().endsWith("-0");
      if (path.startsWith("repositories/slow-") && !leads) {
        paused.incrementAndGet();
        pause(Duration.ofMillis(400));
      }
    };
    startServices(slow, SHORT_STALL);

    Tidemark.Result result = tidemark("run");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(registry.data(orphan)).doesNotExist();
    assertThat(paused).hasValueGreaterThanOrEqualTo(50);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void startServices(Storage storage) {
    startServices(storage, STALL);
  }

  private void startServices(Storage storage, Duration stall) {
    start(
        new MarkerService(cluster, new MarkerSettings(directory.resolve("state-" + ++starts), 1, 0, 1, MarkerSettings.COMMIT_INTERVAL, 3), new MarkerMeter(), failure::set),
        MarkerService::start);
    start(
        new EnumeratorService(
            cluster, storage, directory, TopicSettings.DEFAULT_RETENTION, 4, Optional.empty(), stall, new EnumeratorMeter(), failure::set),
        EnumeratorService::start);
    start(new SweeperService(cluster, storage, new SweeperMeter(), failure::set), SweeperService::start);
  }

  private <S extends AutoCloseable> void start(S service, Consumer<S> start) {
    services.push(service);
    start.accept(service);
  }

  private Storage storage() {
    return FilesystemStorage.open(registry.root());
  }

  private Tidemark.Result tidemark(String... arguments) {
    var all = new ArrayList<>(List.of("--bootstrap-servers", kafka.bootstrapServers(), "--prefix", prefix));
    all.addAll(List.of(arguments));
    return Tidemark.run(all.toArray(String[]::new));
  }

  private RunHistory history() {
    return RunHistory.read(cluster);
  }

  private Run latest() {
    return history().latest().orElseThrow().run();
  }

  private Run awaitEnd() {
    Processes.await("the run ends", () -> latest().ended());
    return latest();
  }

  private void send(String topic, String value) throws Exception {
    try (var producer = new org.apache.kafka.clients.producer.KafkaProducer<>(
        cluster.kafka(), new org.apache.kafka.common.serialization.StringSerializer(),
        new org.apache.kafka.common.serialization.StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, "key", value)).get();
    }
  }

  private List<String> rejected() {
    var all = new ArrayList<String>();
    try (var consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
        new org.apache.kafka.common.serialization.StringDeserializer(), new org.apache.kafka.common.serialization.StringDeserializer())) {
      var partition = new TopicPartition(cluster.topics().rejected(), 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> {
          assertThat(record.key()).startsWith(prefix).contains("@");
          assertThat(new String(record.headers().lastHeader("why").value(), StandardCharsets.UTF_8)).isNotEmpty();
          all.add(record.value());
        });
      }
    }
    return all;
  }

  private static java.util.Set<String> topics(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Sweepers do so at the same time: one of them is the first. */
  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (NoSuchFileException e) {
      assertThat(to).exists();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(Processes.LONGEST.toMinutes(), TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
