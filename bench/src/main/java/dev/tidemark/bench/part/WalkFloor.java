package dev.tidemark.bench.part;

import dev.tidemark.bench.output.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The least that listing a tree can cost in Java: a readdir of every directory whose entries aren't known beforehand,
 * and an lstat of every leaf. Nothing is read, nothing is kept, and what a path means is not looked at.
 *
 * @param everyDirectory also reads the directories that hold nothing but a link or data, as a walk does that takes
 *     nothing for granted
 */
public record WalkFloor(Path root, int threads, boolean everyDirectory) {

    private static final String BASE = "docker/registry/v2";

    /** How many leaves there are. */
    public long walk() {
        List<Callable<Long>> parts = new ArrayList<>();
        Path shards = root.resolve(BASE).resolve("blobs/sha256");
        for (String shard : names(shards)) {
            parts.add(() -> leaves(shards.resolve(shard), "data"));
        }
        repositories(root.resolve(BASE).resolve("repositories"), parts);
        return inParallel(parts);
    }

    private void repositories(Path directory, List<Callable<Long>> parts) {
        for (String name : names(directory)) {
            Path child = directory.resolve(name);
            switch (name) {
                case "_layers" -> parts.add(() -> leaves(child.resolve("sha256"), "link"));
                case "_manifests" -> {
                    parts.add(() -> leaves(child.resolve("revisions/sha256"), "link"));
                    parts.add(() -> tags(child.resolve("tags")));
                }
                default -> repositories(child, parts);
            }
        }
    }

    private long tags(Path tags) {
        long leaves = 0;
        for (String tag : names(tags)) {
            Path directory = tags.resolve(tag);
            leaves += leaf(directory.resolve("current"), "link");
            leaves += leaves(directory.resolve("index/sha256"), "link");
        }
        return leaves;
    }

    private long leaves(Path directory, String file) {
        long leaves = 0;
        for (String name : names(directory)) {
            leaves += leaf(directory.resolve(name), file);
        }
        return leaves;
    }

    private long leaf(Path directory, String file) {
        if (everyDirectory) {
            names(directory);
        }
        try {
            Files.readAttributes(directory.resolve(file), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return 1;
        } catch (IOException e) {
            throw new BenchException("cannot read " + directory + ": " + e, e);
        }
    }

    /** Without order, and without asking what each is: the JDK's leanest way to readdir. */
    private static String[] names(Path directory) {
        String[] names = directory.toFile().list();
        return names == null ? new String[0] : names;
    }

    private long inParallel(List<Callable<Long>> parts) {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            long leaves = 0;
            for (Future<Long> part : pool.invokeAll(parts)) {
                leaves += part.get();
            }
            return leaves;
        } catch (InterruptedException e) {
            throw BenchException.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BenchException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
