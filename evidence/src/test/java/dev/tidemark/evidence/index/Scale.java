package dev.tidemark.evidence.index;

import dev.tidemark.evidence.audit.Audit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * By hand: a run over a registry of a million blobs, whose records are made as they are read, so that what is measured
 * is the index and the audit: {@code java -Xmx512m … dev.tidemark.evidence.index.Scale DIRECTORY [MANIFESTS]}.
 */
final class Scale {

    private Scale() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        var source = new ScaledRun(new ScaledRegistry(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 170_000));
        long generating = System.nanoTime();
        for (String topic : RunLoader.topics(ScaledRun.TOPICS)) {
            source.read(source.since(source.extents(List.of(topic)), 0), entry -> {});
        }
        System.out.printf("making the records alone takes %.1f s%n", (System.nanoTime() - generating) / 1e9);
        long start = System.nanoTime();
        RunIndex.build(directory, source, ScaledRun.TOPICS, ScaledRun.RUN, true, progress -> {
                    if (progress.of() == 0) {
                        System.out.printf("%s after %.1f s%n", progress.step(), (System.nanoTime() - start) / 1e9);
                    }
                })
                .close();
        System.out.printf(
                "index after %.1f s, %,d bytes%n",
                (System.nanoTime() - start) / 1e9, Files.size(directory.resolve(ScaledRun.RUN + ".sqlite")));
        long opened = System.nanoTime();
        try (RunIndex index = RunIndex.open(directory, source, ScaledRun.TOPICS, ScaledRun.RUN, progress -> {})) {
            System.out.printf("opened again in %.2f s%n", (System.nanoTime() - opened) / 1e9);
            for (String table :
                    List.of("blob", "manifest", "layer", "reference", "mark", "eligible", "deletion", "live")) {
                System.out.printf("%,12d %s%n", Sql.number(index.connection(), "SELECT count(*) FROM " + table), table);
            }
            long audited = System.nanoTime();
            Audit audit = Audit.of(index);
            System.out.printf("audited in %.1f s: %s%n", (System.nanoTime() - audited) / 1e9, audit.verdict());
            audit.parts().forEach(part -> System.out.println(part));
            audit.eachFinding(10, System.out::println);
            audit.notes().forEach(System.out::println);
        }
    }
}
