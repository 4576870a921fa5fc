package dev.tidemark.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.report.data.ReportData.Tile;
import dev.tidemark.report.data.ReportData.Tile.Shape;
import dev.tidemark.report.page.Treemap.Place;
import dev.tidemark.report.page.Treemap.Placed;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where the tiles of the map are. */
class TreemapTest {

    private static Tile repository(String name, long held) {
        return new Tile(name, name, Shape.REPOSITORY, 1, held, held / 2, List.of());
    }

    private static Tile map(Tile... tiles) {
        return new Tile(
                "",
                "",
                Shape.GROUP,
                tiles.length,
                Arrays.stream(tiles).mapToLong(Tile::held).sum(),
                0,
                List.of(tiles));
    }

    @Test
    void areasAreAsTheBytesAndNoTilesOverlap() {
        var random = new Random(3);
        var repositories = new Tile[40];
        Arrays.setAll(repositories, i -> repository("r" + i, 1 + (long) Math.exp(random.nextDouble() * 12)));
        Tile map = map(repositories);

        List<Placed> placed = Treemap.layout(map, 1000, 400).stream()
                .filter(tile -> tile.place() != null)
                .toList();

        assertThat(placed).allSatisfy(tile -> {
            Place place = tile.place();
            assertThat(place.width() * place.height() / 10_000)
                    .isCloseTo((double) tile.tile().held() / map.held(), within(1e-9));
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
        return a.left() + a.width() <= b.left() + slack
                || b.left() + b.width() <= a.left() + slack
                || a.top() + a.height() <= b.top() + slack
                || b.top() + b.height() <= a.top() + slack;
    }

    @Test
    void anEmptyRegistryHasAnEmptyMap() {
        assertThat(Treemap.layout(map(), 1000, 400)).isEmpty();
        assertThat(Treemap.layout(map(repository("a", 0), repository("b", 0)), 1000, 400))
                .allMatch(tile -> tile.place() == null);
    }

    @Test
    void linesOfAChartAreWherePeopleCount() {
        assertThat(LineChart.roundUp(4_600_000_000L)).isEqualTo(6_000_000_000L);
        assertThat(LineChart.roundUp(4_000)).isEqualTo(4_000);
        assertThat(LineChart.roundUp(0)).isEqualTo(4);
        assertThat(LineChart.roundUp(Long.MAX_VALUE / 2)).isGreaterThanOrEqualTo(Long.MAX_VALUE / 2);
    }
}
