package dev.tidemark.service;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.schemas.Spelling;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * What a service is told by its environment and, where that says nothing, by a properties file. Everything is checked when it
 * is read, whichever service it is for.
 */
public final class Settings {

  private static final String OWN = "TIDEMARK_";
  private static final String OF_THE_LAUNCHER = "TIDEMARK_JAVA_OPTS";
  private static final String KAFKA = "kafka.";
  private static final String KAFKA_FOR_SHELLS = "TIDEMARK_KAFKA_";
  private static final String SERVERS = "bootstrap.servers";
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");
  private static final int MOST_PARTITIONS = 10_000;

  /** A value and where it was found. */
  private record Found(String value, String where) {}

  private final Map<Setting, Found> values = new EnumMap<>(Setting.class);
  private final Map<String, Object> kafka = new HashMap<>();

  private Settings() {}

  /**
   * Reads and checks them all.
   *
   * @param file beside the one that {@code TIDEMARK_CONFIG} may name
   * @throws InvalidSettingsException with one line that says what is wrong, where, and what to write
   */
  public static Settings read(Map<String, String> environment, Optional<Path> file) {
    var settings = new Settings();
    file.or(() -> settings.named(environment.get(Setting.TIDEMARK_CONFIG.name()))).ifPresent(settings::readFile);
    // In order, so that of two spellings of a Kafka setting it is always the one with dots that holds.
    new TreeMap<>(environment).forEach((name, value) -> settings.take(name, value, "the environment"));
    settings.check();
    return settings;
  }

  private Optional<Path> named(String config) {
    if (config == null || config.isBlank()) {
      return Optional.empty();
    }
    take(Setting.TIDEMARK_CONFIG.name(), config, "the environment");
    return Optional.of(parsed(Setting.TIDEMARK_CONFIG, Path::of));
  }

  private void readFile(Path file) {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw new InvalidSettingsException(file + " cannot be read: there is no such file", e);
    } catch (CharacterCodingException e) {
      throw new InvalidSettingsException(file + " is not in UTF-8: save it as UTF-8", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidSettingsException(file + " cannot be read as a properties file: " + e.getMessage(), e);
    }
    for (String name : properties.stringPropertyNames()) {
      if (!name.startsWith(OWN) && !name.startsWith(KAFKA)) {
        throw new InvalidSettingsException(name + " (in " + file + ") is no setting: the names begin with " + OWN + " or " + KAFKA);
      }
      take(name, properties.getProperty(name), file.toString());
    }
  }

  private void take(String name, String value, String where) {
    if (name.startsWith(KAFKA)) {
      takeKafka(name.substring(KAFKA.length()), value);
    } else if (name.startsWith(KAFKA_FOR_SHELLS)) {
      takeKafka(name.substring(KAFKA_FOR_SHELLS.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
    } else if (name.startsWith(OWN) && !name.equals(OF_THE_LAUNCHER)) {
      Setting setting =
          Arrays.stream(Setting.values()).filter(known -> known.name().equals(name)).findFirst()
              .orElseThrow(() -> new InvalidSettingsException(
                  name + " (in " + where + ") is no setting: did you mean " + nearest(name) + "?"));
      // In a compose file, what is not set is empty.
      if (!value.isBlank()) {
        values.put(setting, new Found(value.strip(), where));
      }
    }
  }

  /** Empty means something to Kafka, as in ssl.endpoint.identification.algorithm, but not where its brokers are. */
  private void takeKafka(String name, String value) {
    if (!name.equals(SERVERS) || !value.isBlank()) {
      kafka.put(name, value);
    }
  }

  private static String nearest(String name) {
    return Spelling.nearest(name, Arrays.stream(Setting.values()).map(Enum::name).toList()).orElseThrow();
  }

  private void check() {
    if (!kafka.containsKey(SERVERS)) {
      throw new InvalidSettingsException(
          "no Kafka is named: set kafka.bootstrap.servers, or TIDEMARK_KAFKA_BOOTSTRAP_SERVERS, to host:port,host:port…");
    }
    try {
      GroupProtocol.named(kafka);
    } catch (ConfigException e) {
      throw new InvalidSettingsException(e.getMessage(), e);
    }
    prefix();
    partitions();
    replication();
    retention();
    runsRetention();
    readers();
    stallTimeout();
    schedule();
    scheduleDryRun();
    scheduleDeleteUntagged();
    scheduleMinAge();
    scheduleMaxDelete();
    stateDirectory();
    threads();
    standbys();
    httpPort();
    logJson();
    logLevel();
  }

  /** What it is that is served, in a line that may be printed. */
  public String summary() {
    return "registry %s, Kafka at %s, topics %s*".formatted(
        text(Setting.TIDEMARK_REGISTRY).orElse("(none named)"), kafka.get(SERVERS), prefix());
  }

  /** What the Kafka clients are given. It may hold secrets: not to be printed. */
  public Map<String, Object> kafka() {
    return Map.copyOf(kafka);
  }

  /**
   * The registry's config.yml, or its storage root.
   *
   * @throws InvalidSettingsException if none is named
   */
  public Path registry() {
    if (text(Setting.TIDEMARK_REGISTRY).isEmpty()) {
      throw new InvalidSettingsException(
          "no registry is named: set TIDEMARK_REGISTRY to its config.yml, or to its storage root directory");
    }
    return parsed(Setting.TIDEMARK_REGISTRY, Path::of);
  }

  public String prefix() {
    return parsed(Setting.TIDEMARK_PREFIX, text -> {
      if (!TOPIC.matcher(text).matches()) {
        throw new IllegalArgumentException("write letters, digits, dots, dashes and underscores, 200 at most");
      }
      return text;
    });
  }

  /** Empty if it is not set. */
  public OptionalInt partitions() {
    return text(Setting.TIDEMARK_PARTITIONS).isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(Setting.TIDEMARK_PARTITIONS, 1, MOST_PARTITIONS));
  }

  public short replication() {
    return parsed(Setting.TIDEMARK_REPLICATION, text -> {
      short replication = (short) inRange(text, -1, Short.MAX_VALUE, "");
      if (replication == 0) {
        throw new IllegalArgumentException("write a number from 1 to 32767, or -1 for the cluster's default");
      }
      return replication;
    });
  }

  public Duration retention() {
    return parsed(Setting.TIDEMARK_RETENTION, Settings::someTime);
  }

  public Duration runsRetention() {
    return parsed(Setting.TIDEMARK_RUNS_RETENTION, Settings::someTime);
  }

  public int readers() {
    return numberOr(Setting.TIDEMARK_READERS, Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
  }

  public Duration stallTimeout() {
    return parsed(Setting.TIDEMARK_STALL_TIMEOUT, Settings::someTime);
  }

  /** Empty if no run is asked for by itself. */
  public Optional<CronSchedule> schedule() {
    ZoneId zone = parsed(Setting.TIDEMARK_SCHEDULE_ZONE, text -> {
      try {
        return ZoneId.of(text);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("write a time zone, as UTC or Europe/Berlin", e);
      }
    });
    return text(Setting.TIDEMARK_SCHEDULE).isEmpty()
        ? Optional.empty()
        : Optional.of(parsed(Setting.TIDEMARK_SCHEDULE, text -> CronSchedule.parse(text, zone)));
  }

  public boolean scheduleDryRun() {
    return yesOrNo(Setting.TIDEMARK_SCHEDULE_DRY_RUN);
  }

  public boolean scheduleDeleteUntagged() {
    return yesOrNo(Setting.TIDEMARK_SCHEDULE_DELETE_UNTAGGED);
  }

  public Duration scheduleMinAge() {
    return parsed(Setting.TIDEMARK_SCHEDULE_MIN_AGE, Durations::parse);
  }

  public int scheduleMaxDelete() {
    return number(Setting.TIDEMARK_SCHEDULE_MAX_DELETE, 0, 100);
  }

  public int threads() {
    return numberOr(Setting.TIDEMARK_THREADS, Buffers.threads(Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory()));
  }

  public int standbys() {
    return number(Setting.TIDEMARK_STANDBYS, 0, 10);
  }

  public Path stateDirectory() {
    return parsed(Setting.TIDEMARK_STATE_DIR, Path::of);
  }

  /** Empty if it is switched off. */
  public OptionalInt httpPort() {
    return text(Setting.TIDEMARK_HTTP_PORT).orElseThrow().equalsIgnoreCase("off")
        ? OptionalInt.empty()
        : OptionalInt.of(parsed(Setting.TIDEMARK_HTTP_PORT, text -> inRange(text, 0, 65_535, ", or off")));
  }

  /** Empty for the host's own name. */
  public Optional<String> instance() {
    return text(Setting.TIDEMARK_INSTANCE);
  }

  public boolean logJson() {
    return oneOf(Setting.TIDEMARK_LOG_FORMAT, List.of("text", "json")).equals("json");
  }

  /** error, warn, info or debug. */
  public String logLevel() {
    return oneOf(Setting.TIDEMARK_LOG_LEVEL, List.of("error", "warn", "info", "debug"));
  }

  private Optional<String> text(Setting setting) {
    return Optional.ofNullable(values.get(setting)).map(Found::value).or(() -> Optional.ofNullable(setting.standard()));
  }

  private <T> T parsed(Setting setting, Function<String, T> parser) {
    String text = text(setting).orElseThrow();
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      Found found = values.get(setting);
      throw new InvalidSettingsException(
          "%s=%s (in %s): %s".formatted(setting, text, found == null ? "the defaults" : found.where(), e.getMessage()), e);
    }
  }

  private int number(Setting setting, int least, int most) {
    return parsed(setting, text -> inRange(text, least, most, ""));
  }

  private static int inRange(String text, int least, int most, String orElse) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("write a number from %d to %d%s".formatted(least, most, orElse), e);
    }
    throw new IllegalArgumentException("write a number from %d to %d%s".formatted(least, most, orElse));
  }

  private int numberOr(Setting setting, int auto) {
    return text(setting).orElseThrow().equalsIgnoreCase("auto")
        ? auto
        : parsed(setting, text -> inRange(text, 1, 1000, ", or auto"));
  }

  private boolean yesOrNo(Setting setting) {
    return oneOf(setting, List.of("true", "false")).equals("true");
  }

  private String oneOf(Setting setting, List<String> choices) {
    return parsed(setting, text -> {
      String lower = text.toLowerCase(Locale.ROOT);
      if (!choices.contains(lower)) {
        throw new IllegalArgumentException("write one of " + String.join(", ", choices));
      }
      return lower;
    });
  }

  private static Duration someTime(String text) {
    Duration duration = Durations.parse(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("write some time, as 24h or 7d");
    }
    return duration;
  }
}
