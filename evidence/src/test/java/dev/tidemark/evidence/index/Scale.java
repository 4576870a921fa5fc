package dev.tidemark.evidence.index;

import dev.tidemark.evidence.audit.Audit;
import dev.tidemark.evidence.policy.Replay;
import dev.tidemark.schemas.PolicyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * By hand: a run over a registry of a million blobs, whose records are made as they are read, so that what is measured
 * is the index, the audit and a replay: {@code java -Xmx512m … dev.tidemark.evidence.index.Scale DIRECTORY [MANIFESTS
 * [replay]]}. With {@code replay}, the index that is there is replayed, and nothing else is done but to make it.
 */
final class Scale {

    private static final PolicyText NEWEST = PolicyText.of("""
            policies:
              - name: newest
                repositories: ["**"]
                tags:
                  - match: ["*"]
                    keepAny: { newest: 20 }
            """);

    private Scale() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        var source = new ScaledRun(new ScaledRegistry(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 170_000));
        boolean audit = arguments.length < 3;
        if (audit) {
            build(directory, source);
        }
        long opened = System.nanoTime();
        try (RunIndex index = RunIndex.open(directory, source, ScaledRun.TOPICS, ScaledRun.RUN, progress -> {})) {
            System.out.printf(
                    "opened in %.2f s, %,d bytes%n",
                    seconds(opened), Files.size(directory.resolve(ScaledRun.RUN + ".sqlite")));
            for (String table : List.of(
                    "blob", "manifest", "layer", "reference", "tagged", "mark", "eligible", "deletion", "live")) {
                System.out.printf("%,12d %s%n", Sql.number(index.connection(), "SELECT count(*) FROM " + table), table);
            }
            if (audit) {
                audit(index);
            }
            replay(index);
        }
    }

    private static void build(Path directory, ScaledRun source) {
        long generating = System.nanoTime();
        for (String topic : RunLoader.topics(ScaledRun.TOPICS)) {
            source.read(source.since(source.extents(List.of(topic)), 0), entry -> {});
        }
        System.out.printf("making the records alone takes %.1f s%n", seconds(generating));
        long start = System.nanoTime();
        RunIndex.build(directory, source, ScaledRun.TOPICS, ScaledRun.RUN, true, progress -> {
                    if (progress.of() == 0) {
                        System.out.printf("%s after %.1f s%n", progress.step(), seconds(start));
                    }
                })
                .close();
        System.out.printf("index after %.1f s%n", seconds(start));
    }

    private static void audit(RunIndex index) {
        long audited = System.nanoTime();
        Audit audit = Audit.of(index);
        System.out.printf("audited in %.1f s: %s%n", seconds(audited), audit.verdict());
        audit.parts().forEach(System.out::println);
        audit.eachFinding(10, System.out::println);
        audit.notes().forEach(System.out::println);
    }

    private static void replay(RunIndex index) {
        long replayed = System.nanoTime();
        try (Replay replay = Replay.of(index.connection(), Optional.of(NEWEST))) {
            System.out.printf(
                    "replayed in %.1f s: %s, caution: %s%n",
                    seconds(replayed), replay.result("newest").amounts(), replay.caution());
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
