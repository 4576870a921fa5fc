package dev.tidemark.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.audit.report.ReportData.Repository;
import dev.tidemark.audit.report.ReportData.Tile;
import dev.tidemark.audit.report.Treemap.Place;
import dev.tidemark.audit.report.Treemap.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which tiles the map has, and where. */
class TreemapTest {

  private static Repository repository(String name, long held) {
    return new Repository(name, 1, held, 0, held / 2);
  }

  private static Tile map(Repository... repositories) {
    return RepositoryMap.of(List.of(repositories));
  }

  @Test
  void repositoriesOfAPathAreAGroup() {
    Tile map = map(repository("team/a", 50), repository("team/b", 30), repository("single/c", 20));

    assertThat(map.tiles()).extracting(Tile::name, Tile::label).containsExactly(
        org.assertj.core.api.Assertions.tuple("team", "team"), org.assertj.core.api.Assertions.tuple("single/c", "single/c"));
    assertThat(map.tiles().getFirst().tiles()).extracting(Tile::label).containsExactly("a", "b");
  }

  @Test
  void whatAllNamesBeginWithTellsNothingApart() {
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
    Tile map = map(repository("/", 50), repository("//", 30), repository("a//b", 20), repository("a/", 10), repository("", 5), repository("x", 1));

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

    assertThat(map.held()).isEqualTo(repositories.stream().mapToLong(Repository::held).sum());
    assertThat(map.freed()).isEqualTo(repositories.stream().mapToLong(Repository::freed).sum());
    assertThat(map.repositories()).isEqualTo(10_000);
    assertThat(count(map)).isLessThan(RepositoryMap.REPOSITORIES + 2 * RepositoryMap.GROUPS);
  }

  private static int count(Tile tile) {
    return 1 + tile.tiles().stream().mapToInt(TreemapTest::count).sum();
  }

  @Test
  void areasAreAsTheBytesAndNoTilesOverlap() {
    var random = new Random(3);
    var repositories = new ArrayList<Repository>();
    for (int i = 0; i < 40; i++) {
      repositories.add(repository("r" + i, 1 + (long) Math.exp(random.nextDouble() * 12)));
    }
    Tile map = RepositoryMap.of(repositories);

    List<Placed> placed = Treemap.layout(map, 1000, 400).stream().filter(tile -> tile.place() != null).toList();

    assertThat(placed).allSatisfy(tile -> {
      Place place = tile.place();
      assertThat(place.width() * place.height() / 10_000).isCloseTo((double) tile.tile().held() / map.held(), within(1e-9));
      assertThat(place.left()).isGreaterThanOrEqualTo(0);
      assertThat(place.left() + place.width()).isLessThanOrEqualTo(100 + 1e-6);
      assertThat(place.top() + place.height()).isLessThanOrEqualTo(100 + 1e-6);
    });
    for (Placed one : placed) {
      for (Placed other : placed) {
        assertThat(one == other || apart(one.place(), other.place())).isTrue();
      }
    }
  }

  private static boolean apart(Place a, Place b) {
    double slack = 1e-6;
    return a.left() + a.width() <= b.left() + slack || b.left() + b.width() <= a.left() + slack
        || a.top() + a.height() <= b.top() + slack || b.top() + b.height() <= a.top() + slack;
  }

  @Test
  void anEmptyRegistryHasAnEmptyMap() {
    assertThat(Treemap.layout(RepositoryMap.of(List.of()), 1000, 400)).isEmpty();
    assertThat(Treemap.layout(map(repository("a", 0), repository("b", 0)), 1000, 400)).allMatch(tile -> tile.place() == null);
  }

  @Test
  void linesOfAChartAreWherePeopleCount() {
    assertThat(Charts.roundUp(4_600_000_000L)).isEqualTo(6_000_000_000L);
    assertThat(Charts.roundUp(4_000)).isEqualTo(4_000);
    assertThat(Charts.roundUp(0)).isEqualTo(4);
    assertThat(Charts.roundUp(Long.MAX_VALUE / 2)).isGreaterThanOrEqualTo(Long.MAX_VALUE / 2);
  }
}
