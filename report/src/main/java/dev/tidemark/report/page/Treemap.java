package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData.Tile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lays tiles out so that areas are as their bytes and shapes are close to squares (Bruls, Huizing, van Wijk: Squarified
 * Treemaps, 2000). Places are in percent of what they lie in, so that the map fits any width.
 */
final class Treemap {

    /** The height of a group's name, in pixels. */
    static final double NAME = 22;

    /** The width of a group's border, in pixels. */
    private static final double BORDER = 3;

    private static final double LEAST_INSIDE = 26;

    /**
     * A tile and its place.
     *
     * @param place null if it is too small to be shown, with all that is in it
     */
    record Placed(Tile tile, Place place, List<Placed> inside) {}

    /** In percent of what it lies in. */
    record Place(double left, double top, double width, double height) {}

    private record Box(double x, double y, double width, double height) {

        double shorter() {
            return Math.min(width, height);
        }

        double area() {
            return width * height;
        }

        Place in(Box outer) {
            return new Place(
                    100 * (x - outer.x) / outer.width,
                    100 * (y - outer.y) / outer.height,
                    100 * width / outer.width,
                    100 * height / outer.height);
        }
    }

    private Treemap() {}

    /** The tiles in the whole, for a screen on which it has about that size in pixels. */
    static List<Placed> layout(Tile whole, double width, double height) {
        return inside(whole, new Box(0, 0, width, height));
    }

    private static List<Placed> inside(Tile outer, Box box) {
        List<Tile> tiles = outer.tiles().stream()
                .sorted(Comparator.comparingLong(Tile::held).reversed())
                .toList();
        List<Box> boxes = squarify(tiles, box);
        var placed = new ArrayList<Placed>();
        for (int i = 0; i < tiles.size(); i++) {
            Tile tile = tiles.get(i);
            if (i >= boxes.size()) {
                placed.add(hidden(tile));
                continue;
            }
            Box its = boxes.get(i);
            Box room = new Box(its.x + BORDER, its.y + NAME, its.width - 2 * BORDER, its.height - NAME - BORDER);
            boolean fits = room.width >= LEAST_INSIDE && room.height >= LEAST_INSIDE;
            placed.add(new Placed(
                    tile,
                    its.in(box),
                    fits
                            ? inside(tile, room)
                            : tile.tiles().stream().map(Treemap::hidden).toList()));
        }
        return placed;
    }

    private static Placed hidden(Tile tile) {
        return new Placed(tile, null, tile.tiles().stream().map(Treemap::hidden).toList());
    }

    /** A box for each tile that has bytes. */
    private static List<Box> squarify(List<Tile> tiles, Box box) {
        double bytes = tiles.stream().mapToDouble(Tile::held).sum();
        List<Double> areas = tiles.stream()
                .filter(tile -> tile.held() > 0)
                .map(tile -> tile.held() / bytes * box.area())
                .toList();
        var boxes = new ArrayList<Box>();
        Box free = box;
        int from = 0;
        while (from < areas.size()) {
            int to = from + 1;
            while (to < areas.size()
                    && worst(areas.subList(from, to + 1), free.shorter())
                            <= worst(areas.subList(from, to), free.shorter())) {
                to++;
            }
            free = row(areas.subList(from, to), free, boxes);
            from = to;
        }
        return boxes;
    }

    /** The ratio of the longer to the shorter side of the worst box in a row along a side. */
    private static double worst(List<Double> areas, double side) {
        double sum = 0;
        double least = Double.MAX_VALUE;
        double most = 0;
        for (double area : areas) {
            sum += area;
            least = Math.min(least, area);
            most = Math.max(most, area);
        }
        return Math.max(side * side * most / (sum * sum), sum * sum / (side * side * least));
    }

    /** Lays a row along the shorter side, and gives what is left. */
    private static Box row(List<Double> areas, Box free, List<Box> boxes) {
        double sum = areas.stream().mapToDouble(Double::doubleValue).sum();
        double thick = sum / free.shorter();
        boolean upright = free.width >= free.height;
        double at = upright ? free.y : free.x;
        for (double area : areas) {
            double along = area / thick;
            boxes.add(upright ? new Box(free.x, at, thick, along) : new Box(at, free.y, along, thick));
            at += along;
        }
        return upright
                ? new Box(free.x + thick, free.y, Math.max(0, free.width - thick), free.height)
                : new Box(free.x, free.y + thick, free.width, Math.max(0, free.height - thick));
    }
}
