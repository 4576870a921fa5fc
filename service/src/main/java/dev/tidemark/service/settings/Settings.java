package dev.tidemark.service.settings;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.schemas.text.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigValue;

/**
 * The settings of a service, from its environment and, for those that are not there, from a properties file. All are
 * checked when they are read, whichever service they are for.
 */
public final class Settings {

    static final String OWN = "TIDEMARK_";
    /** Variables of the launcher and of {@code collect}, which may stand in the environment of a service. */
    private static final Set<String> OF_OTHERS =
            Set.of("TIDEMARK_JAVA_OPTS", "TIDEMARK_STARTUP_CACHE", "TIDEMARK_SETTLE");

    private static final String ENVIRONMENT = "the environment";

    private final Map<String, Object> values;
    private final Map<String, Object> kafka;
    private final boolean trashAsked;

    /** A value and where it was found. */
    private record Found(String value, String where) {}

    private Settings(Map<String, Found> found, Map<String, Object> kafka) {
        var texts = new HashMap<String, String>();
        found.forEach((name, setting) -> texts.put(name, setting.value()));
        for (ConfigValue setting : SettingDefinitions.ALL.validate(texts)) {
            for (String remedy : setting.errorMessages()) {
                throw wrong(setting.name(), found.get(setting.name()), remedy);
            }
        }
        values = SettingDefinitions.ALL.parse(texts);
        this.kafka = Map.copyOf(kafka);
        trashAsked = found.containsKey(SettingDefinitions.KEEP_TRASH);
    }

    /**
     * Reads and checks all settings.
     *
     * @param file in place of the one that {@code TIDEMARK_CONFIG} may name
     * @throws InvalidSettingsException with one line that says what is wrong, where, and what to write
     */
    public static Settings read(Map<String, String> environment, Optional<Path> file) {
        Map<String, Found> found = new HashMap<>();
        Map<String, Object> kafka = new HashMap<>();
        file.or(() -> named(environment)).ifPresent(path -> {
            Map<String, String> lines = SettingsFile.read(path);
            found.putAll(own(lines, path.toString()));
            kafka.putAll(KafkaProperties.in(lines));
        });
        found.putAll(own(environment, ENVIRONMENT));
        kafka.putAll(KafkaProperties.in(environment));
        KafkaProperties.check(kafka);
        return new Settings(found, kafka);
    }

    private static Optional<Path> named(Map<String, String> environment) {
        String file = environment.getOrDefault(SettingDefinitions.CONFIG, "").strip();
        try {
            return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
        } catch (InvalidPathException e) {
            throw wrong(SettingDefinitions.CONFIG, new Found(file, ENVIRONMENT), e.getMessage());
        }
    }

    /**
     * Our own settings among these, without those that are empty: in a compose file, a variable that is not set is
     * empty.
     */
    private static Map<String, Found> own(Map<String, String> variables, String where) {
        Map<String, Found> own = new HashMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(OWN) && !KafkaProperties.isOne(name) && !OF_OTHERS.contains(name)) {
                if (!SettingDefinitions.ALL.names().contains(name)) {
                    String nearest = Spelling.nearest(
                                    name, SettingDefinitions.ALL.configKeys().keySet())
                            .orElseThrow();
                    throw new InvalidSettingsException(
                            name + " (in " + where + ") is no setting: did you mean " + nearest + "?");
                }
                if (!value.isBlank()) {
                    own.put(name, new Found(value.strip(), where));
                }
            }
        });
        return own;
    }

    private static InvalidSettingsException wrong(String name, Found found, String remedy) {
        return new InvalidSettingsException("%s=%s (in %s): %s".formatted(name, found.value(), found.where(), remedy));
    }

    /** The registry, the Kafka and the topics that are served, in a line that may be printed. */
    public String summary() {
        return "registry %s, Kafka at %s, topics %s*"
                .formatted(
                        optional(SettingDefinitions.REGISTRY).orElse("(none named)"),
                        kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                        prefix());
    }

    /** The settings of the Kafka clients. They may hold secrets: not to be printed. */
    public Map<String, Object> kafka() {
        return kafka;
    }

    /**
     * The registry's config.yml, or its storage root.
     *
     * @throws InvalidSettingsException if none is named
     */
    public Path registry() {
        return optional(SettingDefinitions.REGISTRY)
                .map(Path::of)
                .orElseThrow(() -> new InvalidSettingsException(
                        "no registry is named: set TIDEMARK_REGISTRY to its config.yml, or to its storage "
                                + "root directory"));
    }

    /** The middlewares that are trusted to keep the storage's layout, by name. */
    public Set<String> trustMiddleware() {
        return optional(SettingDefinitions.TRUST_MIDDLEWARE).stream()
                .flatMap(names -> Stream.of(names.split(",")))
                .map(String::strip)
                .collect(Collectors.toSet());
    }

    public String prefix() {
        return text(SettingDefinitions.PREFIX);
    }

    /** Empty if it is not set. */
    public OptionalInt partitions() {
        return optional(SettingDefinitions.PARTITIONS).stream()
                .mapToInt(Integer::parseInt)
                .findFirst();
    }

    public short replication() {
        return Short.parseShort(text(SettingDefinitions.REPLICATION));
    }

    public Duration retention() {
        return Durations.parse(text(SettingDefinitions.RETENTION));
    }

    public Duration runsRetention() {
        return Durations.parse(text(SettingDefinitions.RUNS_RETENTION));
    }

    public int readers() {
        return numberOr(
                SettingDefinitions.READERS, Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    }

    public Duration stallTimeout() {
        return Durations.parse(text(SettingDefinitions.STALL_TIMEOUT));
    }

    /** How long what is swept is kept in the trash; empty if it is deleted at once. */
    public Optional<Duration> keepTrash() {
        return optional(SettingDefinitions.KEEP_TRASH)
                .filter(text -> !text.equalsIgnoreCase("off"))
                .map(Durations::parse);
    }

    /** Whether that is said, and not the default. */
    public boolean trashAsked() {
        return trashAsked;
    }

    /** The longest time that a push takes. */
    public Duration maxPush() {
        return Durations.parse(text(SettingDefinitions.MAX_PUSH));
    }

    /** The secret of the registry that sends its events; empty if none are taken. */
    public Optional<String> eventsSecret() {
        return optional(SettingDefinitions.EVENTS_SECRET);
    }

    /** Empty if no run is asked for by itself. */
    public Optional<CronSchedule> schedule() {
        return optional(SettingDefinitions.SCHEDULE)
                .map(expression -> CronSchedule.parse(expression, ZoneId.of(text(SettingDefinitions.SCHEDULE_ZONE))));
    }

    public boolean scheduleDryRun() {
        return Boolean.parseBoolean(text(SettingDefinitions.SCHEDULE_DRY_RUN));
    }

    public boolean scheduleDeleteUntagged() {
        return Boolean.parseBoolean(text(SettingDefinitions.SCHEDULE_DELETE_UNTAGGED));
    }

    /**
     * The policy of scheduled runs, if there is one.
     *
     * @throws InvalidSettingsException if its file can't be read, or is none
     */
    public Optional<PolicyText> policy() {
        return optional(SettingDefinitions.POLICY).map(Path::of).map(PolicyFile::read);
    }

    public Duration scheduleMinAge() {
        return Durations.parse(text(SettingDefinitions.SCHEDULE_MIN_AGE));
    }

    /** What scheduled runs do with uploads that nobody finishes; empty if that is not said. */
    public Optional<Leftovers> leftovers() {
        return optional(SettingDefinitions.LEFTOVERS).map(Leftovers::asked);
    }

    /** Whether scheduled runs leave links alone that name what is not there. */
    public boolean keepDangling() {
        return Boolean.parseBoolean(text(SettingDefinitions.KEEP_DANGLING));
    }

    public boolean scheduleRepair() {
        return Boolean.parseBoolean(text(SettingDefinitions.SCHEDULE_REPAIR));
    }

    public int scheduleMaxDelete() {
        return Integer.parseInt(text(SettingDefinitions.SCHEDULE_MAX_DELETE));
    }

    public int threads() {
        return numberOr(
                SettingDefinitions.THREADS,
                Buffers.threads(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.getRuntime().maxMemory()));
    }

    public int standbys() {
        return Integer.parseInt(text(SettingDefinitions.STANDBYS));
    }

    public Path stateDirectory() {
        return Path.of(text(SettingDefinitions.STATE_DIR));
    }

    /** Empty if it is switched off. */
    public OptionalInt httpPort() {
        String port = text(SettingDefinitions.HTTP_PORT);
        return port.equalsIgnoreCase("off") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port));
    }

    /** Empty for the host's own name. */
    public Optional<String> instance() {
        return optional(SettingDefinitions.INSTANCE);
    }

    public boolean logJson() {
        return text(SettingDefinitions.LOG_FORMAT).equalsIgnoreCase("json");
    }

    /** error, warn, info or debug. */
    public String logLevel() {
        return text(SettingDefinitions.LOG_LEVEL).toLowerCase(Locale.ROOT);
    }

    private String text(String name) {
        return optional(name).orElseThrow();
    }

    /** The text of a setting, or its default; empty if it has neither. */
    public Optional<String> optional(String name) {
        return Optional.ofNullable((String) values.get(name));
    }

    private int numberOr(String name, int auto) {
        String text = text(name);
        return text.equalsIgnoreCase("auto") ? auto : Integer.parseInt(text);
    }
}
