package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData;
import dev.tidemark.report.data.ReportData.Tile;
import dev.tidemark.report.data.ReportData.Tile.Shape;
import dev.tidemark.report.page.Treemap.Placed;
import java.util.ArrayList;
import java.util.List;

/**
 * The map of repositories. Its tiles are plain elements, whose text can be cut short and selected; where they lie is in a stylesheet
 * of its own, once for wide screens and once for narrow ones.
 */
final class MapMarkup {

  private static final int WIDE = 1110;
  private static final int HIGH = 480;
  private static final int NARROW = 345;
  private static final int TALL = 600;

  private final ReportData.Tense tense;
  private final StringBuilder wide = new StringBuilder();
  private final StringBuilder narrow = new StringBuilder();
  private int tiles;

  /**
   * The map.
   *
   * @param places the stylesheet that goes with it
   */
  record Drawn(Html markup, String places) {}

  private MapMarkup(ReportData.Tense tense) {
    this.tense = tense;
  }

  static Drawn draw(Tile whole, ReportData.Tense tense) {
    var map = new MapMarkup(tense);
    Html markup = map.all(Treemap.layout(whole, WIDE, HIGH), Treemap.layout(whole, NARROW, TALL));
    return new Drawn(markup, map.wide + "@media screen and (max-width:640px){" + map.narrow + "}");
  }

  /** The same tiles in the same order, in two layouts. */
  private Html all(List<Placed> onWide, List<Placed> onNarrow) {
    var markup = new ArrayList<Html>();
    for (int i = 0; i < onWide.size(); i++) {
      if (onWide.get(i).place() != null || onNarrow.get(i).place() != null) {
        markup.add(tile(onWide.get(i), onNarrow.get(i)));
      }
    }
    return Html.all(markup);
  }

  private Html tile(Placed onWide, Placed onNarrow) {
    Tile tile = onWide.tile();
    int number = tiles++;
    place(wide, number, onWide.place());
    place(narrow, number, onNarrow.place());
    boolean group = !tile.tiles().isEmpty();
    long most = Math.max(1, tile.held());
    boolean taken = !group && tile.freed() > 0;
    if (taken) {
      wide.append("#t").append(number).append(">.taken{height:").append(Charts.decimal(100.0 * tile.freed() / most)).append("%}");
    }
    return Html.of(
        "<div class=\"tile{}\" id=\"t{}\" title=\"{}\"{}>{}<div class=\"text\"><span class=\"label\">{}</span><span class=\"more\">{}</span></div>{}</div>",
        new Html(group ? " group" : tile.shape() == Shape.OTHERS ? " others" : ""), number, title(tile),
        tile.shape() == Shape.REPOSITORY || tile.shape() == Shape.GROUP
            ? Html.of(" data-path=\"{}\"", tile.shape() == Shape.GROUP ? tile.name() + "/" : tile.name())
            : Html.NOTHING,
        taken ? new Html("<div class=\"taken\"></div>") : Html.NOTHING,
        label(tile), Format.bytes(tile.held()),
        group ? Html.of("<div class=\"inside\">{}</div>", all(onWide.inside(), onNarrow.inside())) : Html.NOTHING);
  }

  private static void place(StringBuilder places, int number, Treemap.Place place) {
    places.append("#t").append(number);
    if (place == null) {
      places.append("{display:none}");
    } else {
      places.append("{display:block;left:").append(Charts.decimal(place.left())).append("%;top:").append(Charts.decimal(place.top()))
          .append("%;width:").append(Charts.decimal(place.width())).append("%;height:").append(Charts.decimal(place.height())).append("%}");
    }
  }

  private static String label(Tile tile) {
    return switch (tile.shape()) {
      case REPOSITORY, UNLINKED -> tile.label();
      case GROUP -> tile.label() + "/";
      case OTHERS -> Format.count(tile.repositories(), "other", "others");
    };
  }

  private String title(Tile tile) {
    String name =
        switch (tile.shape()) {
          case REPOSITORY -> tile.name();
          case UNLINKED -> "Blobs that no repository links";
          case GROUP -> tile.name() + "/ (" + Format.count(tile.repositories(), "repository", "repositories") + ")";
          case OTHERS ->
              Format.count(tile.repositories(), "smaller repository", "smaller repositories") + (tile.name().isEmpty() ? "" : " in " + tile.name() + "/");
        };
    String freed =
        tense == ReportData.Tense.UNKNOWN
            ? ""
            : tile.freed() == 0 ? ", nothing " + tense.words()
            : ", " + Format.bytes(tile.freed()) + " (" + Format.share(tile.freed(), tile.held()) + ") " + tense.words();
    return name + ": " + Format.bytes(tile.held()) + " held" + freed;
  }
}
