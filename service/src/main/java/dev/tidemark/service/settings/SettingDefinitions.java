package dev.tidemark.service.settings;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The definition of every setting: its name in the environment and in a properties file, its default, the values that
 * are allowed, the services that take it (its group), and its meaning. All are text to ConfigDef, which has no
 * durations, and no numbers or a word.
 */
public final class SettingDefinitions {

    static final String REGISTRY = "TIDEMARK_REGISTRY";
    public static final String TRUST_MIDDLEWARE = "TIDEMARK_TRUST_MIDDLEWARE";
    static final String PREFIX = "TIDEMARK_PREFIX";
    static final String PARTITIONS = "TIDEMARK_PARTITIONS";
    static final String REPLICATION = "TIDEMARK_REPLICATION";
    static final String RETENTION = "TIDEMARK_RETENTION";
    static final String RUNS_RETENTION = "TIDEMARK_RUNS_RETENTION";
    static final String READERS = "TIDEMARK_READERS";
    static final String STALL_TIMEOUT = "TIDEMARK_STALL_TIMEOUT";
    static final String KEEP_TRASH = "TIDEMARK_KEEP_TRASH";
    static final String MAX_PUSH = "TIDEMARK_MAX_PUSH";
    public static final String REGISTRY_URLS = "TIDEMARK_REGISTRY_URLS";
    public static final String REGISTRY_AUTH = "TIDEMARK_REGISTRY_AUTH";
    public static final String REGISTRY_RESTARTED = "TIDEMARK_REGISTRY_RESTARTED";
    static final String EVENTS_SECRET = "TIDEMARK_EVENTS_SECRET";
    static final String SCHEDULE = "TIDEMARK_SCHEDULE";
    static final String SCHEDULE_ZONE = "TIDEMARK_SCHEDULE_ZONE";
    static final String SCHEDULE_DRY_RUN = "TIDEMARK_SCHEDULE_DRY_RUN";
    static final String SCHEDULE_DELETE_UNTAGGED = "TIDEMARK_SCHEDULE_DELETE_UNTAGGED";
    static final String SCHEDULE_MIN_AGE = "TIDEMARK_SCHEDULE_MIN_AGE";
    static final String SCHEDULE_MAX_DELETE = "TIDEMARK_SCHEDULE_MAX_DELETE";
    static final String POLICY = "TIDEMARK_POLICY";
    static final String LEFTOVERS = "TIDEMARK_LEFTOVERS";
    static final String KEEP_DANGLING = "TIDEMARK_KEEP_DANGLING";
    static final String SCHEDULE_REPAIR = "TIDEMARK_SCHEDULE_REPAIR";
    static final String THREADS = "TIDEMARK_THREADS";
    static final String STANDBYS = "TIDEMARK_STANDBYS";
    static final String STATE_DIR = "TIDEMARK_STATE_DIR";
    static final String HTTP_PORT = "TIDEMARK_HTTP_PORT";
    static final String INSTANCE = "TIDEMARK_INSTANCE";
    static final String LOG_FORMAT = "TIDEMARK_LOG_FORMAT";
    static final String LOG_LEVEL = "TIDEMARK_LOG_LEVEL";
    static final String CONFIG = "TIDEMARK_CONFIG";
    static final ConfigDef ALL = new ConfigDef();

    static final String EVERY = "all";
    private static final String ENUMERATOR = "enumerator";
    private static final String MARKER = "marker";
    private static final String SWEEPER = "sweeper";
    static final String KAFKA =
            "Everything with this prefix goes to the Kafka clients: `kafka.bootstrap.servers` (required),"
                    + " `kafka.security.protocol`, `kafka.sasl.jaas.config`… Where a shell takes no dots: "
                    + "`TIDEMARK_KAFKA_BOOTSTRAP_SERVERS`";

    static {
        define(
                REGISTRY,
                "enumerator, sweeper",
                null,
                Allowed.path(),
                Importance.HIGH,
                "The registry's `config.yml`, or its storage root directory. Required there");
        define(
                TRUST_MIDDLEWARE,
                "enumerator, sweeper",
                null,
                Allowed.text(),
                Importance.LOW,
                "Middleware of the registry that keeps the layout of its storage, by name, as `one,another`. Any that "
                        + "Tidemark doesn't know is refused without that");
        define(
                PREFIX,
                EVERY,
                "tidemark.",
                Allowed.topicPrefix(),
                Importance.HIGH,
                "Prefix of the topics, the consumer groups and the transactional ids: one a registry");
        define(
                PARTITIONS,
                EVERY,
                null,
                Allowed.number(1, 10_000),
                Importance.HIGH,
                "Partitions of the digest-keyed topics where they are made: 12 if it is not set. Fixed from then on");
        define(
                REPLICATION,
                EVERY,
                "-1",
                Allowed.number(1, Short.MAX_VALUE, "-1"),
                Importance.HIGH,
                "Replicas of the topics that are made; -1 for the cluster's own default");
        define(
                RETENTION,
                EVERY,
                "30d",
                Allowed.someTime(),
                Importance.MEDIUM,
                "How long the records of a run can be replayed, for topics that are made; how long an enumerator knows "
                        + "what a manifest in a bucket says that no run sees, and the subject of a tag of referrers");
        define(
                RUNS_RETENTION,
                EVERY,
                "365d",
                Allowed.someTime(),
                Importance.LOW,
                "How long the runs themselves are remembered, for topics that are made");
        define(
                READERS,
                ENUMERATOR,
                "auto",
                Allowed.number(1, 1000, "auto"),
                Importance.LOW,
                "Repositories and blob shards that are read at once; auto: twice the processors, 4 at least."
                        + " Small ones of a bucket, up to 16, count as one");
        define(
                STALL_TIMEOUT,
                ENUMERATOR,
                "15m",
                Allowed.someTime(),
                Importance.LOW,
                "How long nothing may move before a run is given up as failed");
        define(
                SCHEDULE,
                ENUMERATOR,
                null,
                Allowed.schedule(),
                Importance.HIGH,
                "When runs are asked for by themselves: a cron expression of five fields, as `0 3 * * 6`");
        define(SCHEDULE_ZONE, ENUMERATOR, "UTC", Allowed.zone(), Importance.MEDIUM, "The time zone of the schedule");
        ofSchedule(SCHEDULE_DRY_RUN, Importance.HIGH, "Whether scheduled runs are dry runs");
        ofSchedule(
                SCHEDULE_DELETE_UNTAGGED,
                Importance.HIGH,
                "Whether scheduled runs delete manifests that no tag names, too");
        define(
                POLICY,
                ENUMERATOR,
                null,
                Allowed.path(),
                Importance.HIGH,
                "A file with the policy that says which tags and untagged manifests scheduled runs delete "
                        + "(docs/policies.md); it is read when the service starts");
        define(
                SCHEDULE_MIN_AGE,
                ENUMERATOR,
                "24h",
                Allowed.duration(),
                Importance.HIGH,
                "Scheduled runs keep everything that is younger");
        define(
                SCHEDULE_MAX_DELETE,
                ENUMERATOR,
                "75",
                Allowed.number(0, 100),
                Importance.HIGH,
                "Percent of the blobs, or of the tags, past which scheduled runs wait for approval");
        define(
                LEFTOVERS,
                ENUMERATOR,
                null,
                Allowed.durationOr(Leftovers.OFF),
                Importance.MEDIUM,
                "Scheduled runs delete what was left behind (uploads, dangling links, empty directories and "
                        + "repositories), and is older; `off` leaves it alone. Without it, as the registry purges "
                        + "uploads, 7d at least");
        ofSchedule(
                KEEP_DANGLING,
                Importance.LOW,
                "Whether scheduled runs leave tags and other links alone whose manifest is not there, however long");
        ofSchedule(
                SCHEDULE_REPAIR,
                Importance.LOW,
                "Whether scheduled runs write every missing layer link again, not only those that a sweep has deleted");
        define(
                KEEP_TRASH,
                SWEEPER,
                "24h",
                Allowed.durationOr("off"),
                Importance.HIGH,
                "How long what is swept stays in the trash, in the registry's root directory, and can be restored; "
                        + "`off` deletes at once. A bucket without versions has a trash only if this is set: each "
                        + "file costs two requests more");
        define(
                MAX_PUSH,
                SWEEPER,
                "1h",
                Allowed.duration(),
                Importance.MEDIUM,
                "The longest time that a push takes: nothing is purged from the trash before a look that "
                        + "begins so long after it was swept");
        define(
                EVENTS_SECRET,
                SWEEPER,
                null,
                Allowed.text(),
                Importance.MEDIUM,
                "Opens `POST /events` for the registry's notifications: the registry sends `Authorization: Bearer` and "
                        + "this text. Not open if it is not set");
        define(
                REGISTRY_URLS,
                SWEEPER,
                null,
                Allowed.text(),
                Importance.MEDIUM,
                "Addresses of a registry that remembers blobs in memory, one for each replica, as "
                        + "`http://10.0.0.7:5000,http://10.0.0.8:5000`: what is swept is forgotten there, except "
                        + "manifests, whose blobs stay");
        define(
                REGISTRY_AUTH,
                SWEEPER,
                null,
                Allowed.path(),
                Importance.MEDIUM,
                "Credentials for these, in a file like docker's `config.json`. Read at the start");
        define(
                REGISTRY_RESTARTED,
                SWEEPER,
                null,
                Allowed.time(),
                Importance.LOW,
                "When all replicas were started again, while no run was under way, as `2026-11-30T03:00:00Z`: the "
                        + "blobs of manifests that nothing has linked since a run before it are deleted");
        define(
                THREADS,
                MARKER,
                "auto",
                Allowed.number(1, 1000, "auto"),
                Importance.MEDIUM,
                "Threads that mark; auto: one a processor, but no more than the heap has room for: two in 256 MB, "
                        + "eight in 1 GB");
        define(
                STANDBYS,
                MARKER,
                "1",
                Allowed.number(0, 10),
                Importance.MEDIUM,
                "How many other instances keep each task's state ready to take over");
        define(
                STATE_DIR,
                "marker, enumerator",
                "/var/lib/tidemark",
                Allowed.path(),
                Importance.MEDIUM,
                "Where the state stores live. A store that is lost is restored from Kafka. An enumerator needs it "
                        + "for a bucket, and for a policy with 'referrers'");
        define(
                HTTP_PORT,
                EVERY,
                "8080",
                Allowed.number(0, 65_535, "off"),
                Importance.MEDIUM,
                "Port of `/health/live`, `/health/ready`, `/metrics` and `/events`; 0 for a free one, `off` for none");
        define(
                INSTANCE,
                EVERY,
                null,
                Allowed.text(),
                Importance.LOW,
                "The instance's name in logs and metrics; the host's if it is not set");
        define(
                LOG_FORMAT,
                EVERY,
                "text",
                Allowed.oneOf("text", "json"),
                Importance.LOW,
                "`text`, or `json`: one object a line");
        define(
                LOG_LEVEL,
                EVERY,
                "info",
                Allowed.oneOf("error", "warn", "info", "debug"),
                Importance.LOW,
                "`error`, `warn`, `info` or `debug`");
        define(
                CONFIG,
                EVERY,
                null,
                Allowed.path(),
                Importance.LOW,
                "A properties file with any of these names; the environment goes before it");
    }

    private SettingDefinitions() {}

    /** Something that scheduled runs do, or don't. */
    private static void ofSchedule(String name, Importance importance, String meaning) {
        define(name, ENUMERATOR, "false", Allowed.yesOrNo(), importance, meaning);
    }

    private static void define(
            String name, String services, String standard, Validator allowed, Importance importance, String meaning) {
        ALL.define(name, Type.STRING, standard, allowed, importance, meaning, services, -1, Width.NONE, name);
    }
}
