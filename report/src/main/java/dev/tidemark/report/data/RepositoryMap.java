package dev.tidemark.report.data;

import dev.tidemark.report.data.ReportData.Repository;
import dev.tidemark.report.data.ReportData.Tile;
import dev.tidemark.report.data.ReportData.Tile.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All repositories as a map that people can take in: groups by the first part of their path, in each its largest
 * repositories, and the small ones folded into others. It has some hundred tiles at most, however many repositories
 * there are.
 */
final class RepositoryMap {

    /** Tiles of single repositories, in all. */
    static final int REPOSITORIES = 300;

    /** Tiles beside each other in the whole map. */
    static final int GROUPS = 150;

    /** Less than this part of the whole can't be seen. */
    private static final int SMALLEST = 2500;

    private static final Comparator<Tile> LARGEST_FIRST =
            Comparator.comparingLong(Tile::held).reversed().thenComparing(Tile::name);

    private final long least;
    private final int shared;

    private RepositoryMap(long least, int shared) {
        this.least = least;
        this.shared = shared;
    }

    /** The whole map: a group of everything. */
    static Tile of(Collection<Repository> repositories) {
        long whole = repositories.stream().mapToLong(Repository::held).sum();
        long least = repositories.stream()
                        .map(Repository::held)
                        .sorted(Comparator.reverseOrder())
                        .skip(REPOSITORIES)
                        .findFirst()
                        .orElse(0L)
                + 1;
        List<Repository> named = repositories.stream()
                .filter(repository -> !repository.name().isEmpty())
                .toList();
        var map = new RepositoryMap(Math.max(least, whole / SMALLEST), sharedPath(named));
        var tiles = new ArrayList<>(map.groups(named));
        repositories.stream()
                .filter(repository -> repository.name().isEmpty())
                .forEach(unlinked -> tiles.add(new Tile(
                        "",
                        "linked by no repository",
                        Shape.UNLINKED,
                        0,
                        unlinked.held(),
                        unlinked.freed(),
                        List.of())));
        return group("", "", folded("", tiles, GROUPS, whole / SMALLEST));
    }

    /** How long the path is that all names begin with: it tells nothing apart. */
    private static int sharedPath(List<Repository> repositories) {
        if (repositories.size() < 2) {
            return 0;
        }
        String path = repositories.getFirst().name();
        for (Repository repository : repositories) {
            while (!path.isEmpty() && !(repository.name().startsWith(path) && path.endsWith("/"))) {
                path = path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
            }
        }
        return path.length();
    }

    private List<Tile> groups(List<Repository> repositories) {
        Map<String, List<Repository>> byPath = new TreeMap<>();
        for (Repository repository : repositories) {
            int slash = repository.name().indexOf('/', shared);
            String path = slash < 0 ? repository.name() : repository.name().substring(0, slash);
            byPath.computeIfAbsent(path, name -> new ArrayList<>()).add(repository);
        }
        return byPath.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Tile group(String path, List<Repository> repositories) {
        if (repositories.size() == 1) {
            return tile(repositories.getFirst(), shared);
        }
        List<Tile> tiles = repositories.stream()
                .map(repository -> tile(repository, path.length() + 1))
                .toList();
        List<Tile> shown = folded(path, tiles, REPOSITORIES, least);
        boolean tellsApart = shown.stream().anyMatch(tile -> tile.shape() == Shape.REPOSITORY);
        Tile whole = group(path, path.substring(shared), shown);
        return tellsApart
                ? whole
                : new Tile(
                        path, whole.label(), Shape.GROUP, whole.repositories(), whole.held(), whole.freed(), List.of());
    }

    private static Tile tile(Repository repository, int from) {
        // A repository may have the name of the group that others are in.
        String label = from >= repository.name().length()
                ? repository.name()
                : repository.name().substring(from);
        return new Tile(
                repository.name(), label, Shape.REPOSITORY, 1, repository.held(), repository.freed(), List.of());
    }

    private static Tile group(String name, String label, List<Tile> tiles) {
        return new Tile(
                name,
                label,
                Shape.GROUP,
                tiles.stream().mapToLong(Tile::repositories).sum(),
                tiles.stream().mapToLong(Tile::held).sum(),
                tiles.stream().mapToLong(Tile::freed).sum(),
                tiles);
    }

    /** The largest, and one tile for the others. */
    private static List<Tile> folded(String path, List<Tile> tiles, int most, long least) {
        List<Tile> sorted = tiles.stream().sorted(LARGEST_FIRST).toList();
        List<Tile> kept = sorted.stream()
                .limit(most)
                .takeWhile(tile -> tile.held() >= least && tile.held() > 0)
                .toList();
        if (kept.size() == sorted.size()) {
            return sorted;
        }
        Tile others = group(path, "", sorted.subList(kept.size(), sorted.size()));
        var all = new ArrayList<>(kept);
        all.add(new Tile(
                path, "others", Shape.OTHERS, others.repositories(), others.held(), others.freed(), List.of()));
        return all;
    }
}
