package dev.tidemark.report.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.report.data.ReportData.Repository;
import dev.tidemark.report.data.ReportData.Tile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which tiles the map of repositories has. */
class RepositoryMapTest {

    private static Repository repository(String name, long held) {
        return new Repository(name, 1, held, 0, held / 2);
    }

    private static Tile map(Repository... repositories) {
        return RepositoryMap.of(List.of(repositories));
    }

    @Test
    void repositoriesOfAPathAreAGroup() {
        Tile map = map(repository("team/a", 50), repository("team/b", 30), repository("single/c", 20));

        assertThat(map.tiles())
                .extracting(Tile::name, Tile::label)
                .containsExactly(tuple("team", "team"), tuple("single/c", "single/c"));
        assertThat(map.tiles().getFirst().tiles()).extracting(Tile::label).containsExactly("a", "b");
    }

    @Test
    void aPathThatAllNamesShareIsNoGroup() {
        Tile map = map(repository("prod/team/a", 50), repository("prod/team/b", 30), repository("prod/c", 20));

        assertThat(map.tiles()).extracting(Tile::label).containsExactly("team", "c");
        assertThat(map.tiles()).extracting(Tile::name).containsExactly("prod/team", "prod/c");
    }

    @Test
    void aRepositoryMayHaveTheNameOfItsGroup() {
        Tile map = map(repository("team", 50), repository("team/b", 30));

        assertThat(map.tiles()).hasSize(1);
        assertThat(map.tiles().getFirst().tiles()).extracting(Tile::label).containsExactly("team", "b");
    }

    @Test
    void noNameBreaksTheMap() {
        Tile map = map(
                repository("/", 50),
                repository("//", 30),
                repository("a//b", 20),
                repository("a/", 10),
                repository("", 5),
                repository("x", 1));

        assertThat(map.held()).isEqualTo(116);
        assertThat(map.repositories()).isEqualTo(5);
    }

    @Test
    void nothingIsLostWhenTheSmallAreFolded() {
        var random = new Random(5);
        var repositories = new ArrayList<Repository>();
        for (int i = 0; i < 10_000; i++) {
            repositories.add(repository("team" + random.nextInt(80) + "/app" + i, random.nextInt(1_000_000)));
        }

        Tile map = RepositoryMap.of(repositories);

        assertThat(map.held())
                .isEqualTo(repositories.stream().mapToLong(Repository::held).sum());
        assertThat(map.freed())
                .isEqualTo(repositories.stream().mapToLong(Repository::freed).sum());
        assertThat(map.repositories()).isEqualTo(10_000);
        assertThat(count(map)).isLessThan(RepositoryMap.REPOSITORIES + 2 * RepositoryMap.GROUPS);
    }

    private static int count(Tile tile) {
        return 1 + tile.tiles().stream().mapToInt(RepositoryMapTest::count).sum();
    }
}
