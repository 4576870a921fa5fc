package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData.Age;
import dev.tidemark.report.data.ReportData.Fate;
import dev.tidemark.report.data.ReportData.Part;
import dev.tidemark.report.data.ReportData.Past;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The charts, as SVG whose places are in percent: it fits any width, and its text keeps its size. Colours and patterns are the
 * stylesheet's.
 */
final class Charts {

  private static final List<String> BINS =
      List.of("<1 day", "1–7 days", "7–30 days", "30–90 days", "90–365 days", "1–2 years", ">2 years");

  /** Distances of lines that people count in. */
  private static final double[] STEPS = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};

  private Charts() {}

  /** A row of a chart of bars. */
  record Bar(Html name, long value, List<String> cells, boolean running) {}

  /** How many bytes have which fate: a bar, and a table that is its key. */
  static Html parts(List<Part> parts) {
    long whole = parts.stream().mapToLong(Part::bytes).sum();
    var segments = new ArrayList<Html>();
    var rows = new ArrayList<Html>();
    double at = 0;
    for (Part part : parts) {
      double width = whole == 0 ? 0 : 100.0 * part.bytes() / whole;
      segments.add(Html.of(
          "<rect class=\"{}\" x=\"{}%\" width=\"{}%\" height=\"100%\"><title>{}: {}</title></rect>", look(part.fate()), decimal(at),
          decimal(width), words(part.fate()), Format.bytes(part.bytes())));
      rows.add(Html.of(
          """
          <tr><th scope="row"><svg class="swatch" aria-hidden="true"><rect class="{}" width="14" height="14"/></svg>{}</th>\
          <td class="num">{}</td><td class="num">{}</td><td class="num">{}</td></tr>
          """,
          look(part.fate()), words(part.fate()), Format.bytes(part.bytes()), Format.share(part.bytes(), whole),
          Format.number(part.blobs())));
      at += width;
    }
    return Html.of(
        """
        <svg class="chart stack" height="44" role="img" aria-label="A bar of all bytes; the table below it has its parts">{}</svg>
        <div class="scroll"><table class="plain"><thead><tr><th scope="col">What became of it</th>\
        <th scope="col" class="num">Bytes</th><th scope="col" class="num">Share</th><th scope="col" class="num">Blobs</th></tr></thead>
        <tbody>{}</tbody></table></div>
        """,
        Html.all(segments), Html.all(rows));
  }

  private static String look(Fate fate) {
    return switch (fate) {
      case LIVE -> "live";
      case YOUNG -> "young";
      case CONSERVATIVE -> "conservative";
      case SPARED -> "spared";
      case FAILED -> "failed";
      case ALREADY_GONE -> "gone";
      case ELIGIBLE -> "eligible";
      case DELETED -> "deleted";
    };
  }

  private static String words(Fate fate) {
    return switch (fate) {
      case LIVE -> "Live: an image needs it";
      case YOUNG -> "Young: only its age keeps it";
      case CONSERVATIVE -> "Kept conservatively: what may need it could not be understood";
      case SPARED -> "Spared by the second look";
      case FAILED -> "Eligible, and could not be deleted";
      case ALREADY_GONE -> "Eligible, and gone before";
      case ELIGIBLE -> "Eligible: nothing live needs it";
      case DELETED -> "Deleted";
    };
  }

  /** A table in which a column shows how much each row has. */
  static Html bars(String caption, List<Bar> bars) {
    long most = Math.max(1, bars.stream().mapToLong(Bar::value).max().orElse(1));
    return Html.of(
        "<table class=\"bars\" role=\"table\"><caption class=\"unseen\">{}</caption><tbody role=\"rowgroup\">{}</tbody></table>", caption,
        Html.all(bars.stream().map(bar -> Html.of(
            """
            <tr{} role="row"><th scope="row" role="rowheader">{}</th><td class="bar" role="cell"><svg aria-hidden="true"><rect class="track" width="100%" height="100%"/>\
            <rect width="{}%" height="100%"/></svg></td>{}</tr>
            """,
            bar.running() ? new Html(" class=\"still\"") : Html.NOTHING, bar.name(), decimal(100.0 * bar.value() / most),
            Html.all(bar.cells().stream().map(cell -> Html.of("<td class=\"num\" role=\"cell\">{}</td>", cell)))))));
  }

  /** Bytes by age. */
  static Html columns(List<Age> ages) {
    long most = Math.max(1, ages.stream().mapToLong(Age::bytes).max().orElse(1));
    double step = 100.0 / ages.size();
    var columns = new ArrayList<Html>();
    for (int i = 0; i < ages.size(); i++) {
      Age age = ages.get(i);
      double height = 66.0 * age.bytes() / most;
      String middle = decimal((i + 0.5) * step);
      columns.add(Html.of(
          """
          <rect class="eligible" x="{}%" y="{}%" width="{}%" height="{}%"><title>{}: {} in {}</title></rect>\
          {}{}
          """,
          decimal(i * step + step * 0.12), decimal(84 - height), decimal(step * 0.76), decimal(height), age.label(),
          Format.bytes(age.bytes()), Format.count(age.blobs(), "blob", "blobs"),
          age.bytes() == 0 ? Html.NOTHING : twoLines("value", middle, decimal(84 - height), -19, Format.bytes(age.bytes())),
          twoLines("bin", middle, "84", 16, BINS.get(i))));
    }
    return Html.of(
        """
        <svg class="chart columns" height="240" role="img" aria-label="Columns of eligible bytes by age; the table below has the numbers">
        {}<line class="axis" x1="0" x2="100%" y1="84%" y2="84%"/></svg>
        """,
        Html.all(columns));
  }

  /** A text of two words under each other, which takes half the width. */
  private static Html twoLines(String look, String x, String y, int dy, String text) {
    int space = text.indexOf(' ');
    return Html.of(
        "<text class=\"{}\" y=\"{}%\" text-anchor=\"middle\"><tspan x=\"{}%\" dy=\"{}\">{}</tspan><tspan x=\"{}%\" dy=\"13\">{}</tspan></text>",
        look, y, x, dy, text.substring(0, space), x, text.substring(space + 1));
  }

  /** What the registry held at each run, and fell to when it was swept. */
  static Html line(List<Past> growth) {
    long top = roundUp(growth.stream().mapToLong(Past::held).max().orElse(1));
    long first = growth.getFirst().at();
    double span = Math.max(1, growth.getLast().at() - first);
    var outline = new StringBuilder();
    var strokes = new StringBuilder();
    var marks = new ArrayList<Html>();
    double lastX = 0;
    for (int i = 0; i < growth.size(); i++) {
      Past run = growth.get(i);
      lastX = 1.5 + 96 * (run.at() - first) / span;
      String x = decimal(lastX);
      String point = decimal(lastX * 10) + " " + decimal(1000 * (1 - (double) run.held() / top));
      outline.append(i == 0 ? "M" : "L").append(point);
      strokes.append(i == 0 ? "M" : "L").append(point);
      if (run.freed() > 0) {
        String fallen = decimal(1000 * (1 - (double) (run.held() - run.freed()) / top));
        outline.append("V").append(fallen);
        strokes.append("M").append(decimal(lastX * 10)).append(' ').append(fallen);
        marks.add(Html.of(
            "<line class=\"fall\" x1=\"{}%\" x2=\"{}%\" y1=\"{}%\" y2=\"{}%\"><title>{}: freed {}</title></line>", x, x, y(run.held(), top),
            y(run.held() - run.freed(), top), run.run(), Format.bytes(run.freed())));
      }
      if (growth.size() <= 60 || i == growth.size() - 1) {
        marks.add(Html.of(
            "<circle{} cx=\"{}%\" cy=\"{}%\" r=\"4\"><title>{}: {}</title></circle>",
            i == growth.size() - 1 ? new Html(" class=\"this\"") : Html.NOTHING, x, y(run.held(), top), run.run(), Format.bytes(run.held())));
      }
    }
    var grid = new ArrayList<Html>();
    var labels = new ArrayList<Html>();
    for (int i = 1; i <= 4; i++) {
      String at = y(top / 4 * i, top);
      grid.add(Html.of(
          "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{}%\" y2=\"{}%\"/>", at, at));
      labels.add(Html.of("<text x=\"54\" y=\"{}%\" dy=\"4\" text-anchor=\"end\">{}</text>", at, Format.bytes(top / 4 * i)));
    }
    Past last = growth.getLast();
    boolean falling = growth.get(growth.size() - 2).held() > last.held();
    return Html.of(
        """
        <div class="lines"><svg class="chart line" height="250" aria-hidden="true">{}</svg>
        <svg class="chart line" height="250" role="img" aria-label="A line of the bytes held at each run; the table below has the numbers">
        {}<line class="axis" x1="0" x2="100%" y1="88%" y2="88%"/>
        <svg x="0" y="10%" width="100%" height="78%" viewBox="0 0 1000 1000" preserveAspectRatio="none">\
        <path class="area" d="{}L{} 1000H15Z"/><path class="held" d="{}" vector-effect="non-scaling-stroke"/></svg>
        {}<text class="end" x="{}%" y="{}%" dx="-8" dy="{}" text-anchor="end">{}</text>
        <text x="1.5%" y="97%">{}</text><text x="97.5%" y="97%" text-anchor="end">{}</text></svg></div>
        """,
        Html.all(labels), Html.all(grid), outline, decimal(lastX * 10), strokes, Html.all(marks), decimal(lastX), y(last.held(), top),
        falling ? 22 : -9, Format.bytes(last.held()), Format.day(first), Format.day(last.at()));
  }

  private static String y(long value, long top) {
    return decimal(10 + 78 * (1 - (double) value / top));
  }

  /** A number that is no less, and whose quarters are such that people count in. */
  static long roundUp(long value) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1, value / 4.0))));
    for (double step : STEPS) {
      if (step * unit * 4 >= value) {
        return (long) (step * unit * 4);
      }
    }
    throw new IllegalStateException("the last step is ten times the unit");
  }

  static String decimal(double number) {
    String text = String.format(Locale.ROOT, "%.3f", number);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
