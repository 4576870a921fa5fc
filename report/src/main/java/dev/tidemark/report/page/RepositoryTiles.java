package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.report.data.ReportData.Tile;
import dev.tidemark.report.data.ReportData.Tile.Shape;
import dev.tidemark.report.page.Treemap.Placed;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;
import java.util.List;

/**
 * The map of repositories, drawn: its tiles are plain elements, whose text can be cut short and selected; where they
 * lie is in a stylesheet of its own, once for wide screens and once for narrow ones.
 *
 * @param places the stylesheet
 */
record RepositoryTiles(List<Drawn> tiles, String places) {

    private static final int WIDE = 1110;
    private static final int HIGH = 480;
    private static final int NARROW = 345;
    private static final int TALL = 600;

    /**
     * A tile, as its template shows it.
     *
     * @param number in the names that the stylesheet has for tiles
     * @param look more classes of its element
     * @param path the repository, or the group of them, that the table is searched for; null if it is neither
     * @param taken whether a part of it is freed, or would be
     */
    record Drawn(
            int number,
            String look,
            String title,
            String path,
            boolean taken,
            String label,
            String held,
            boolean group,
            List<Drawn> inside) {}

    static RepositoryTiles of(Tile whole, Tense tense) {
        var drawing = new Drawing(tense);
        List<Drawn> tiles = drawing.all(Treemap.layout(whole, WIDE, HIGH), Treemap.layout(whole, NARROW, TALL));
        return new RepositoryTiles(tiles, drawing.wide + "@media screen and (max-width:640px){" + drawing.narrow + "}");
    }

    /** Numbers the tiles, and writes their places, in one walk. */
    private static final class Drawing {

        private final Tense tense;
        private final StringBuilder wide = new StringBuilder();
        private final StringBuilder narrow = new StringBuilder();
        private int tiles;

        Drawing(Tense tense) {
            this.tense = tense;
        }

        /** The same tiles in the same order, in two layouts. */
        List<Drawn> all(List<Placed> onWide, List<Placed> onNarrow) {
            var drawn = new ArrayList<Drawn>();
            for (int i = 0; i < onWide.size(); i++) {
                if (onWide.get(i).place() != null || onNarrow.get(i).place() != null) {
                    drawn.add(tile(onWide.get(i), onNarrow.get(i)));
                }
            }
            return drawn;
        }

        private Drawn tile(Placed onWide, Placed onNarrow) {
            Tile tile = onWide.tile();
            int number = tiles++;
            place(wide, number, onWide.place());
            place(narrow, number, onNarrow.place());
            boolean group = !tile.tiles().isEmpty();
            boolean taken = !group && tile.freed() > 0;
            if (taken) {
                wide.append("#t")
                        .append(number)
                        .append(">.taken{height:")
                        .append(Charts.percent(tile.freed(), Math.max(1, tile.held())))
                        .append("%}");
            }
            return new Drawn(
                    number,
                    group ? " group" : tile.shape() == Shape.OTHERS ? " others" : "",
                    title(tile, tense),
                    path(tile),
                    taken,
                    label(tile),
                    Units.bytes(tile.held()),
                    group,
                    group ? all(onWide.inside(), onNarrow.inside()) : List.of());
        }

        private static void place(StringBuilder places, int number, Treemap.Place place) {
            places.append("#t").append(number);
            if (place == null) {
                places.append("{display:none}");
            } else {
                places.append("{display:block;left:")
                        .append(Charts.decimal(place.left()))
                        .append("%;top:")
                        .append(Charts.decimal(place.top()))
                        .append("%;width:")
                        .append(Charts.decimal(place.width()))
                        .append("%;height:")
                        .append(Charts.decimal(place.height()))
                        .append("%}");
            }
        }
    }

    private static String path(Tile tile) {
        return switch (tile.shape()) {
            case REPOSITORY -> tile.name();
            case GROUP -> tile.name() + "/";
            case OTHERS, UNLINKED -> null;
        };
    }

    private static String label(Tile tile) {
        return switch (tile.shape()) {
            case REPOSITORY, UNLINKED -> tile.label();
            case GROUP -> tile.label() + "/";
            case OTHERS -> Counted.of(tile.repositories(), "other");
        };
    }

    private static String title(Tile tile, Tense tense) {
        String name = switch (tile.shape()) {
            case REPOSITORY -> tile.name();
            case UNLINKED -> "Blobs that no repository links";
            case GROUP -> tile.name() + "/ (" + Counted.of(tile.repositories(), "repository") + ")";
            case OTHERS ->
                Counted.of(tile.repositories(), "smaller repository")
                        + (tile.name().isEmpty() ? "" : " in " + tile.name() + "/");
        };
        String freed = tense == Tense.UNKNOWN
                ? ""
                : tile.freed() == 0
                        ? ", nothing " + tense.words()
                        : ", " + Units.bytes(tile.freed()) + " (" + Format.share(tile.freed(), tile.held()) + ") "
                                + tense.words();
        return name + ": " + Units.bytes(tile.held()) + " held" + freed;
    }
}
