package dev.tidemark.report.data;

import dev.tidemark.evidence.index.TrashInventory.OfRepository;
import dev.tidemark.evidence.index.TrashInventory.OfRun;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.testkit.TestIndex;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Registries of all sizes, whose reports are looked at. */
public final class TestReports {

    private static final long MB = 1_000_000;

    private TestReports() {}

    /** A dry run on a dozen repositories of some teams. */
    public static ReportedRun small() {
        return registry(new ReportedRun(), 14, 7)
                .past("20260901-030000", 3_100 * MB, 0)
                .past("20260908-030000", 3_900 * MB, 1_700 * MB)
                .past("20260920-030000", 3_300 * MB, 0)
                .past("20261004-030000", 4_400 * MB, 2_300 * MB)
                .past("20261018-030000", 3_000 * MB, 0)
                .past("20261101-030000", 4_200 * MB, 1_200 * MB)
                .past("20261115-030000", 4_600 * MB, 0)
                .kept(Map.of("young blob", new Tally(3, 240 * MB), "kept conservatively", new Tally(1, 70 * MB)));
    }

    /** The same, swept, with exceptions. */
    public static ReportedRun swept() {
        ReportedRun index = small();
        index.garbage("spared", 90 * MB, Duration.ofDays(3), "platform/gateway")
                .done(Kind.BLOB, "spared", null, "spared", "referenced again since the run began")
                .done(Kind.LAYER, "spared", "platform/gateway", "spared", "referenced again since the run began")
                .garbage("failed", 45 * MB, Duration.ofDays(90), "legacy")
                .done(Kind.BLOB, "failed", null, "failed", "permission denied, or behind a symbolic link");
        return index.approvedBy("bob")
                .trash(new OfRun(
                        ReportedRun.RUN.toString(),
                        131,
                        1_700 * MB,
                        ReportedRun.written(Duration.ofDays(-1)),
                        7,
                        List.of(
                                new OfRepository("platform/gateway", 12, 900 * MB),
                                new OfRepository("", 0, 33 * MB),
                                new OfRepository("legacy", 3, 20 * MB))))
                .trash(new OfRun(
                        "20261115-030000",
                        4,
                        80 * MB,
                        ReportedRun.written(Duration.ofHours(-2)),
                        1,
                        List.of(new OfRepository("payments/ledger", 2, 80 * MB))))
                .hold(new Hold("archive/**", null, "release audit", "alice", 1, null))
                .hold(new Hold(
                        "team/app@" + TestIndex.digest("held"),
                        null,
                        "the undo of run " + ReportedRun.RUN,
                        "bob",
                        1,
                        ReportedRun.written(Duration.ofDays(-7))))
                .hold(new Hold("past/**", null, null, "carol", 1, ReportedRun.written(Duration.ofDays(1))))
                .sweptAll();
    }

    /** With a policy by which builds go. */
    public static ReportedRun byPolicy() {
        ReportedRun index = small().policy("""
            policies:
              - name: builds
                repositories: ["team/**"]
                tags:
                  - match: ["main-*"] # <b>newest</b>
                    keepAny: { newest: 2 }
            """);
        for (int build = 1; build <= 5; build++) {
            boolean kept = build > 3;
            index.manifest("build " + build, 1000, "team/app")
                    .tag(
                            kept,
                            "team/app",
                            "main-" + build,
                            "build " + build,
                            "builds, line 5: main-*",
                            kept ? "newest " + (6 - build) + " of 2" : "newest " + (6 - build) + ", and 2 are kept");
        }
        return index.manifest("base", 1000, "library/base")
                .tag(true, "library/base", "old", "base", null, "no rule matches it");
    }

    public static ReportedRun empty() {
        return new ReportedRun();
    }

    public static ReportedRun waiting() {
        return small().maxDelete(10)
                .then(new RunRecord.Waiting(
                        ReportedRun.RUN, "37.1 percent of the blobs are eligible, and only 10 may be deleted"));
    }

    public static ReportedRun failed() {
        return small().real()
                .undecided()
                .then(new RunRecord.Failed(
                        ReportedRun.RUN, "marker", "partition 3 has 511 blobs, and the enumerator wrote 512"));
    }

    public static ReportedRun big() {
        return registry(new ReportedRun().named("s3://registry-prod/docker", "cron"), 10_000, 11);
    }

    public static ReportedRun registry(ReportedRun index, int repositories, long seed) {
        var random = new Random(seed);
        var teams = List.of(
                "platform",
                "payments",
                "search",
                "ml",
                "web",
                "mobile",
                "data",
                "infra",
                "mirror/docker.io",
                "mirror/quay.io",
                "security",
                "labs",
                "legacy",
                "ops");
        var apps = List.of(
                "gateway",
                "worker",
                "api",
                "frontend",
                "scheduler",
                "ingest",
                "notebook",
                "trainer",
                "auth",
                "ledger",
                "crawler",
                "cache");
        int blob = 0;
        for (int base = 0; base < 18; base++) {
            String[] linkers = new String[Math.max(2, (int) (repositories * random.nextDouble() * 0.6))];
            for (int i = 0; i < linkers.length; i++) {
                linkers[i] = name(teams, apps, i, repositories);
            }
            index.blob("base" + base, (2 + random.nextInt(80)) * MB, linkers);
        }
        for (int i = 0; i < repositories; i++) {
            String repository = name(teams, apps, i, repositories);
            double weight = Math.exp(random.nextGaussian() * 1.3);
            int images = 1 + random.nextInt(5);
            for (int image = 0; image < images; image++) {
                long size = 1 + (long) (weight * random.nextInt(60) * MB);
                String name = "b" + blob++;
                boolean dead = random.nextInt(10) < 4;
                var age = Duration.ofHours(30 + (long) Math.exp(random.nextDouble() * 9.8));
                if (dead) {
                    index.garbage(name, size, age, repository);
                    index.manifest("m" + name, 1500 + random.nextInt(3000), repository)
                            .eligible(Kind.MANIFEST, "m" + name, repository, age, "v1." + image, "latest")
                            .eligible(Kind.BLOB, "m" + name, null, age);
                } else {
                    index.blob(name, size, repository).manifest("m" + name, 1500 + random.nextInt(3000), repository);
                }
            }
        }
        index.garbage("orphan", 33 * MB, Duration.ofDays(800));
        return index;
    }

    private static String name(List<String> teams, List<String> apps, int i, int repositories) {
        if (i == 3) {
            return "legacy";
        }
        String app = apps.get(i * 7 % apps.size());
        return teams.get((i * i + i / 3) % teams.size()) + "/" + app
                + (i < apps.size() ? "" : repositories > 100 ? "-" + i : i);
    }
}
