package dev.tidemark.service;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The settings of the services, by the names that they have in the environment and in a properties file alike. */
public enum Setting {
  TIDEMARK_REGISTRY("enumerator, sweeper", null, "The registry's `config.yml`, or its storage root directory. Required there"),
  TIDEMARK_PREFIX("all", "tidemark.", "Prefix of the topics, the consumer groups and the transactional ids: one a registry"),
  TIDEMARK_PARTITIONS("all", null, "Partitions of the digest-keyed topics where they are made: 12 if it is not set. Fixed from then on"),
  TIDEMARK_REPLICATION("all", "-1", "Replicas of the topics that are made; -1 for the cluster's own default"),
  TIDEMARK_RETENTION("all", "30d",
      "How long the records of a run can be replayed, for topics that are made; how long an enumerator knows what a manifest in a bucket says that no run sees"),
  TIDEMARK_RUNS_RETENTION("all", "365d", "How long the runs themselves are remembered, for topics that are made"),
  TIDEMARK_READERS("enumerator", "auto", "Repositories and blob shards that are read at once; auto: twice the processors, 4 at least. Small ones of a bucket, up to 16, count as one"),
  TIDEMARK_STALL_TIMEOUT("enumerator", "15m", "How long nothing may move before a run is given up as failed"),
  TIDEMARK_SCHEDULE("enumerator", null, "When runs are asked for by themselves: a cron expression of five fields, as `0 3 * * 6`"),
  TIDEMARK_SCHEDULE_ZONE("enumerator", "UTC", "The time zone of the schedule"),
  TIDEMARK_SCHEDULE_DRY_RUN("enumerator", "false", "Whether scheduled runs are dry runs"),
  TIDEMARK_SCHEDULE_DELETE_UNTAGGED("enumerator", "false", "Whether scheduled runs delete manifests that no tag names, too"),
  TIDEMARK_SCHEDULE_MIN_AGE("enumerator", "24h", "What scheduled runs keep for its age"),
  TIDEMARK_SCHEDULE_MAX_DELETE("enumerator", "75", "Percent of the blobs past which scheduled runs wait for approval"),
  TIDEMARK_THREADS("marker", "auto", "Threads that mark; auto: one a processor, but no more than the heap has room for: two in 256 MB, eight in 1 GB"),
  TIDEMARK_STANDBYS("marker", "1", "How many other instances keep each task's state ready to take over"),
  TIDEMARK_STATE_DIR("marker, enumerator", "/var/lib/tidemark",
      "Where the state stores live. What is lost there is restored from Kafka. An enumerator needs it for a bucket only"),
  TIDEMARK_HTTP_PORT("all", "8080", "Port of `/health/live`, `/health/ready` and `/metrics`; 0 for any free one, `off` for none"),
  TIDEMARK_INSTANCE("all", null, "The instance's name in logs and metrics; the host's if it is not set"),
  TIDEMARK_LOG_FORMAT("all", "text", "`text`, or `json`: one object a line"),
  TIDEMARK_LOG_LEVEL("all", "info", "`error`, `warn`, `info` or `debug`"),
  TIDEMARK_CONFIG("all", null, "A properties file with any of these names; the environment goes before it");

  private final String services;
  private final String standard;
  private final String meaning;

  Setting(String services, String standard, String meaning) {
    this.services = services;
    this.standard = standard;
    this.meaning = meaning;
  }

  /** What holds where nothing is set; null if nothing does. */
  String standard() {
    return standard;
  }

  /** The table of docs/operations.md, as Markdown. */
  public static String table() {
    return "| name | used by | default | what it says |\n| --- | --- | --- | --- |\n"
        + Arrays.stream(values())
            .map(s -> "| `%s` | %s | %s | %s |".formatted(
                s.name(), s.services, s.standard == null ? "" : "`" + s.standard + "`", s.meaning))
            .collect(Collectors.joining("\n"))
        + "\n| `kafka.…` | all | | Everything with this prefix goes to the Kafka clients: `kafka.bootstrap.servers` (required),"
        + " `kafka.security.protocol`, `kafka.sasl.jaas.config`… Where a shell takes no dots: `TIDEMARK_KAFKA_BOOTSTRAP_SERVERS` |\n";
  }
}
