package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData;
import dev.tidemark.report.data.ReportData.Phase;
import dev.tidemark.report.data.ReportData.Repository;
import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.report.data.ReportRow;
import dev.tidemark.report.page.Charts.Bar;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report as one file: it needs no network, and its policy allows it none. Everything can be read without its script, which
 * makes the table searchable.
 */
public final class ReportPage {

  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
  private static final String WAITING = "waiting for approval";

  private final ReportData data;
  private final Tense tense;

  private ReportPage(ReportData data) {
    this.data = data;
    tense = data.effect().tense();
  }

  /** The page of a report. */
  public static String of(ReportData data) {
    return new ReportPage(data).page();
  }

  private String page() {
    String css = resource("report.css");
    String script = resource("report.js");
    MapMarkup.Drawn map = MapMarkup.draw(data.map(), tense);
    var parts = new LinkedHashMap<String, Html>();
    parts.put("policy", Html.of(
        "default-src 'none'; style-src '{}' '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(css), hash(map.places()), hash(script)));
    parts.put("title", Html.of("Tidemark: run {}", data.run().id()));
    parts.put("css", new Html(css));
    parts.put("places", new Html(map.places()));
    parts.put("header", header());
    parts.put("notices", notices());
    parts.put("figures", figures());
    parts.put("parts", parts());
    parts.put("map", map(map.markup()));
    parts.put("ages", ages());
    parts.put("phases", phases());
    parts.put("own", own());
    parts.put("shared", shared());
    parts.put("growth", growth());
    parts.put("table", table());
    parts.put("problems", problems());
    parts.put("footer", footer());
    parts.put("rows", TableMarkup.data(data.listing().rows()));
    parts.put("script", new Html(script));
    return filled(resource("report.html"), parts);
  }

  /** In one pass: what is put in is not looked at again. */
  private static String filled(String template, Map<String, Html> parts) {
    return PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1)).markup()));
  }

  private Html header() {
    var run = data.run();
    var chips = new ArrayList<Html>();
    if (run.dryRun()) {
      chips.add(Html.of("<code>--dry-run</code>"));
    }
    if (run.deleteUntagged()) {
      chips.add(Html.of("<code>--delete-untagged</code>"));
    }
    chips.add(Html.of(
        "<code>--min-age {}</code> keeps what was written since {}", Format.age(Duration.ofMillis(Math.max(0, run.requested() - run.cutoff()))),
        Format.time(run.cutoff())));
    chips.add(Html.of("<code>--max-delete {}</code> waits if more is eligible", run.maxDelete()));
    var facts = new ArrayList<String>();
    facts.add("asked for by " + (run.by() == null ? "somebody" : run.by()) + " on " + Format.time(run.requested()));
    if (run.approvedBy() != null) {
      facts.add("approved by " + run.approvedBy());
    }
    if (run.approves() != null) {
      facts.add("on the strength of the dry run " + run.approves());
    }
    return Html.of(
        """
        <header>
        <div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round">\
        <path d="M2 10c3.3-4 5-4 7.500 0s5 4 7.500 0 3.500-3.500 5-2"/><path d="M2 18h20" stroke-dasharray="5 4"/></svg>\
        Tidemark report <span class="state {}">{}</span></div>
        <h1>{}</h1>
        <p class="soft">Run <code>{}</code>, {}</p>
        <ul class="chips">{}</ul>
        </header>
        """,
        look(), state(), run.registry() == null ? "A registry that was not enumerated" : run.registry(), run.id(), String.join(", ", facts),
        Html.all(chips.stream().map(chip -> Html.of("<li>{}</li>", chip))));
  }

  private String state() {
    var run = data.run();
    return switch (run.state()) {
      case "decided" -> run.dryRun() ? "dry run, decided" : "decided";
      case "waiting" -> WAITING;
      case "swept" -> data.effect().failed() > 0 ? "swept, with failures" : "swept";
      default -> run.state();
    };
  }

  private String look() {
    return switch (data.run().state()) {
      case "swept" -> data.effect().failed() > 0 ? "bad" : "good";
      case "waiting" -> "warn";
      case "failed", "cancelled" -> "bad";
      default -> "info";
    };
  }

  private Html notices() {
    var run = data.run();
    String id = run.id();
    var notices = new ArrayList<Html>();
    switch (run.state()) {
      case "failed", "cancelled" -> notices.add(notice(
          "bad", tense == Tense.SO_FAR ? "This run ended before it was through. Nothing more is deleted." : "This run ended early. Nothing was deleted.",
          Html.of("{}. What follows is what it had found{} until then.", run.why(), tense == Tense.SO_FAR ? " and done" : "")));
      case "waiting" -> notices.add(notice(
          "warn", "This run waits for approval. Nothing was deleted.",
          Html.of("{}. <code>tidemark approve {}</code> lets it go, <code>tidemark cancel {}</code> ends it.", run.why(), id, id)));
      case "decided" -> notices.add(notice(
          "info", run.dryRun() ? "A dry run: nothing was deleted." : "Decided, and not swept: nothing was deleted.",
          run.why() == null ? Html.NOTHING : Html.of("{}.", run.why())));
      case "swept" -> {}
      default -> notices.add(notice(
          "info", "This run is under way.", Html.of("What follows is what was known on {}.", Format.time(data.made()))));
    }
    if (data.effect().failed() > 0) {
      notices.add(notice(
          "bad", Format.count(data.effect().failed(), "deletion", "deletions") + " failed.",
          Html.of("The table says why. The next run tries them again.")));
    }
    if (!data.gaps().isEmpty()) {
      notices.add(notice(
          "warn", "The evidence does not agree with the run's own counts: the figures may be wrong.",
          Html.of(
              "<ul>{}</ul><code>tidemark audit {}</code> says what can still be proved.",
              Html.all(data.gaps().stream().map(gap -> Html.of("<li>{}</li>", gap))), id)));
    }
    return Html.all(notices);
  }

  private static Html notice(String look, String head, Html text) {
    return Html.of("<div class=\"notice {}\" role=\"note\"><strong>{}</strong>{}</div>\n", look, head, text);
  }

  private Html figures() {
    var found = data.found();
    if (found == null) {
      return Html.of("<section class=\"card\"><p class=\"soft\">The registry has not been enumerated: there is nothing to show yet.</p></section>");
    }
    var figures = new ArrayList<Html>();
    if (tense == Tense.UNKNOWN) {
      figures.add(lead("held", found.bytes(), "nothing was decided"));
      figures.add(figure("Blobs", Format.number(found.blobs()), ""));
      figures.add(figure("Manifests", Format.number(found.manifests()), ""));
      figures.add(figure("Repositories", Format.number(found.repositories()), ""));
    } else {
      var effect = data.effect();
      figures.add(lead(tense.words(), effect.bytes(), Format.share(effect.bytes(), found.bytes()) + " of the " + Format.bytes(found.bytes()) + " found"));
      figures.add(figure("Blobs", number(effect, Kind.BLOB), "of " + Format.number(found.blobs())));
      figures.add(figure("Manifests", number(effect, Kind.MANIFEST), "of " + Format.number(found.manifests())));
      figures.add(figure("Layer links", number(effect, Kind.LAYER), "of " + Format.number(found.layerLinks())));
      if (tense.swept()) {
        figures.add(figure("Spared", Format.number(effect.spared()), "by the second look"));
        figures.add(figure("Failed", Format.number(effect.failed()), effect.failed() == 0 ? "" : "to be tried again"));
      }
    }
    long took = data.phases().stream().filter(phase -> !phase.name().equals(WAITING)).mapToLong(Phase::millis).sum();
    boolean running = data.phases().stream().anyMatch(phase -> phase.running() && !phase.name().equals(WAITING));
    figures.add(figure(running ? "Taken so far" : "Took", Format.elapsed(took), ""));
    return Html.of("<dl class=\"figures\">{}</dl>", Html.all(figures));
  }

  private static String number(ReportData.Effect effect, Kind kind) {
    return Format.number(effect.removed().getOrDefault(kind, Tally.NONE).count());
  }

  private Html lead(String name, long bytes, String more) {
    return Html.of(
        "<div class=\"lead{}\"><dt>{}</dt><dd>{}</dd><dd class=\"soft\">{}</dd></div>", new Html(tense == Tense.UNKNOWN ? "" : " change"),
        capital(name), Format.bytes(bytes), more);
  }

  private static Html figure(String name, String value, String more) {
    return Html.of(
        "<div><dt>{}</dt><dd>{}</dd>{}</div>", name, value, Html.when(!more.isEmpty(), "<dd class=\"soft\">{}</dd>", more));
  }

  private static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static Html card(String title, String about, Html content) {
    return Html.of("<section class=\"card\"><h2>{}</h2><p class=\"soft\">{}</p>{}</section>", title, about, content);
  }

  private Html parts() {
    return data.parts().isEmpty()
        ? Html.NOTHING
        : card(
            "Where the bytes are",
            "All blobs that the run found, by what became of them.",
            Charts.parts(data.parts()));
  }

  private Html map(Html tiles) {
    if (data.repositories().listed().isEmpty()) {
      return Html.NOTHING;
    }
    String words = tense.words();
    return card(
        "What the registry holds, by repository",
        "Areas are bytes" + (tense == Tense.UNKNOWN ? "." : ", and the hatched part of each is what " + words(words) + ".")
            + " A blob that several repositories hold is shared among them evenly.",
        Html.of(
            """
            <div class="map" id="map" role="img" aria-label="A map of {}; the table below has the numbers">{}</div>
            <div class="key" aria-hidden="true"><span><i></i>held</span>{}</div>
            <div class="chosen-note" data-scripted hidden><span id="chosen" class="soft" aria-live="polite">Choose a tile to see what it holds.</span>\
            <button type="button" id="choose" hidden>Show it in the table</button></div>
            {}
            """,
            Format.count(data.repositories().count(), "repository", "repositories"), tiles,
            Html.when(tense != Tense.UNKNOWN, "<span><i class=\"taken\"></i>{}</span>", words), repositories()));
  }

  private static String words(String tense) {
    return tense.startsWith("freed") ? "was " + tense : tense;
  }

  private Html repositories() {
    var largest = data.repositories();
    long left = largest.count() - largest.listed().stream().filter(repository -> !repository.name().isEmpty()).count();
    var rows = new ArrayList<>(largest.listed().stream().map(this::repository).toList());
    if (left > 0) {
      Repository rest = largest.rest();
      rows.add(repository(new Repository(Format.number(left) + " others", rest.blobs(), rest.held(), rest.own(), rest.freed())));
    }
    return Html.of(
        """
        <details><summary>As a table</summary><div class="scroll"><table class="plain"><thead><tr><th scope="col">Repository</th>\
        <th scope="col" class="num">Blobs</th><th scope="col" class="num">Held</th><th scope="col" class="num">Own, live</th>{}</tr></thead>
        <tbody>{}</tbody></table></div></details>
        """,
        Html.when(tense != Tense.UNKNOWN, "<th scope=\"col\" class=\"num\">{}</th>", capital(tense.words())), Html.all(rows));
  }

  private Html repository(Repository repository) {
    return Html.of(
        "<tr><th scope=\"row\" class=\"wrap\"><bdi>{}</bdi></th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>{}</tr>\n",
        name(repository.name()), Format.number(repository.blobs()), Format.bytes(repository.held()), Format.bytes(repository.own()),
        Html.when(tense != Tense.UNKNOWN, "<td class=\"num\">{}</td>", Format.bytes(repository.freed())));
  }

  private static String name(String repository) {
    return repository.isEmpty() ? "(linked by no repository)" : repository;
  }

  private Html ages() {
    if (tense == Tense.UNKNOWN) {
      return Html.NOTHING;
    }
    boolean none = data.ages().stream().allMatch(age -> age.blobs() == 0);
    Html rows = Html.all(data.ages().stream().map(age -> Html.of(
        "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>", age.label(), Format.bytes(age.bytes()),
        Format.number(age.blobs()))));
    return card(
        "How old what is eligible is",
        "Bytes of eligible blobs, by the time since each was last written.",
        none
            ? Html.of("<p class=\"empty\">Nothing was eligible.</p>")
            : Html.of(
                """
                {}<details><summary>As a table</summary><table class="plain"><thead><tr><th scope="col">Age</th>\
                <th scope="col" class="num">Bytes</th><th scope="col" class="num">Blobs</th></tr></thead><tbody>{}</tbody></table></details>
                """,
                Charts.columns(data.ages()), rows));
  }

  private Html phases() {
    List<Bar> bars =
        data.phases().stream()
            .map(phase -> new Bar(
                Html.of("<span class=\"name\">{}</span>", capital(phase.name())), phase.millis(),
                List.of(Format.elapsed(phase.millis()) + (phase.running() ? " so far" : "")), phase.running()))
            .toList();
    return card("How long it took", "From the request to the end, phase by phase.", Charts.bars("Duration by phase", bars));
  }

  private Html own() {
    List<Bar> bars =
        data.largestOwn().stream()
            .map(repository -> new Bar(
                Html.of("<span class=\"name\" title=\"{}\"><bdi>{}</bdi></span>", repository.name(), repository.name()), repository.own(),
                List.of(Format.bytes(repository.own())), false))
            .toList();
    return card(
        "Largest own bytes",
        "Live blobs that one repository alone links: what its removal would free.",
        bars.isEmpty() ? Html.of("<p class=\"empty\">No repository has a blob for itself.</p>") : Charts.bars("Own bytes by repository", bars));
  }

  private Html shared() {
    List<Bar> bars =
        data.shared().stream()
            .map(layer -> new Bar(
                Html.of("<code class=\"name\" title=\"{}\">{}</code>", layer.digest(), layer.digest()), layer.saved(),
                List.of(Format.bytes(layer.bytes()) + " × " + Format.number(layer.repositories()), Format.bytes(layer.saved()) + " saved"), false))
            .toList();
    return card(
        "Most shared layers",
        "Live blobs that several repositories link: size, repositories, and what a copy for each would take more.",
        bars.isEmpty() ? Html.of("<p class=\"empty\">No two repositories share a blob.</p>") : Charts.bars("Shared layers by bytes saved", bars));
  }

  private Html growth() {
    if (data.growth().size() < 2) {
      return data.growth().isEmpty()
          ? Html.NOTHING
          : card("Growth", "This is the first run that the topics know: the line begins with the next one.", Html.NOTHING);
    }
    var rows = new ArrayList<Html>();
    data.growth().reversed().forEach(run -> rows.add(Html.of(
        "<tr><th scope=\"row\"><code>{}</code>{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>", run.run(),
        run.dryRun() ? " dry run" : "", Format.bytes(run.held()), Format.bytes(run.eligible()), Format.bytes(run.freed()))));
    return card(
        "Growth over past runs",
        "What the registry held whenever a run enumerated it; where a run freed bytes, the dashed line shows what it fell to.",
        Html.of(
            """
            {}<details><summary>As a table</summary><div class="scroll"><table class="plain"><thead><tr><th scope="col">Run</th>\
            <th scope="col" class="num">Held</th><th scope="col" class="num">Eligible</th><th scope="col" class="num">Freed</th></tr></thead>
            <tbody>{}</tbody></table></div></details>
            """,
            Charts.line(data.growth()), Html.all(rows)));
  }

  private Html table() {
    var listing = data.listing();
    String title = tense.swept() ? "What was done, and why" : "What is eligible, and why";
    if (listing.rows().isEmpty()) {
      return Html.of(
          "<section class=\"card\" id=\"table\"><h2>{}</h2><p class=\"soft\">{}</p><div hidden>{}</div></section>", title,
          tense == Tense.UNKNOWN ? "The run decided nothing." : tense.swept() ? "Nothing was deleted." : "Nothing is eligible.",
          tableParts(List.of()));
    }
    String about =
        listing.total() == listing.rows().size()
            ? capital(amounts(listing.count())) + ", and why."
            : "%s. This file has %s of them: what was spared or failed, the largest blobs, and the manifests and layer links that were written last. "
                .formatted(capital(amounts(listing.count())), Format.number(listing.rows().size()));
    return Html.of(
        """
        <section class="card long" id="table"><h2>{}</h2><p class="soft">{}{}</p>{}</section>
        """,
        title, (tense == Tense.UNKNOWN ? "The run decided on a part of the digests, and so on nothing. What it had found eligible by then: " : "") + about,
        Html.when(
            listing.total() > listing.rows().size(), "The other {}, and all the rest: <code>tidemark report {} --list FILE</code>.",
            Format.number(listing.total() - listing.rows().size()), data.run().id()),
        tableParts(listing.rows()));
  }

  private static String amounts(Map<Kind, Long> count) {
    if (count.isEmpty()) {
      return "nothing";
    }
    return String.join(", ", Arrays.stream(Kind.values()).filter(count::containsKey).map(kind ->
        Format.count(count.get(kind), TableMarkup.kind(kind), TableMarkup.kind(kind) + "s")).toList());
  }

  private Html tableParts(List<ReportRow> rows) {
    List<String> outcomes = tense.swept() ? List.of("deleted", "spared", "failed", "already-gone") : List.of("eligible");
    return Html.of(
        """
        <div class="tools" data-scripted hidden role="search">
        <label class="search">Search: repository, tag, digest, reason<input id="search" type="search" autocomplete="off" spellcheck="false"></label>
        <label>Kind<select id="kind"><option value="">all</option><option>manifest</option><option>layer link</option><option>blob</option></select></label>
        <label>Outcome<select id="outcome"><option value="">all</option>{}</select></label>
        </div>
        <p class="soft" id="count" role="status"></p>
        <table class="rows" role="table"><thead role="rowgroup"><tr role="row">\
        <th class="c-what" scope="col" role="columnheader" data-sort="what">What</th>\
        <th class="c-where" scope="col" role="columnheader" data-sort="where">Where</th>\
        <th class="c-size num" scope="col" role="columnheader" data-sort="size">Size</th>\
        <th class="c-written" scope="col" role="columnheader" data-sort="written">Last written</th>\
        <th class="c-why" scope="col" role="columnheader" data-sort="why">Why</th></tr></thead>
        <tbody id="listing" role="rowgroup">{}</tbody></table>
        <p class="empty" id="nothing" hidden>No row matches.</p>
        <div class="tablefoot"><button type="button" id="more" hidden>Show 50 more</button></div>
        """,
        Html.all(outcomes.stream().map(outcome -> Html.of("<option value=\"{}\">{}</option>", outcome, outcome.replace('-', ' ')))),
        TableMarkup.first(rows));
  }

  private Html problems() {
    return data.problems().isEmpty()
        ? Html.NOTHING
        : card(
            "Not as it should be",
            "What the enumeration met in the storage. None of it stops a run.",
            Html.of(
                "<table class=\"plain\"><tbody>{}</tbody></table>",
                Html.all(data.problems().entrySet().stream().map(problem -> Html.of(
                    "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td></tr>", capital(problem.getKey()), Format.number(problem.getValue()))))));
  }

  private Html footer() {
    return Html.of(
        """
        <h2>Format</h2>
        <dl>
        <dt>Held</dt><dd>Bytes of the blobs that a repository links, manifests included, as the run found them. A blob that several hold counts for each in equal parts.</dd>
        <dt>Own</dt><dd>Bytes of live blobs that no other repository needs.</dd>
        <dt>Eligible</dt><dd>Not reachable from any tag or other root, and older than the cutoff.</dd>
        <dt>Spared</dt><dd>Eligible, and referenced or written again before the sweeper came to it.</dd>
        <dt>Saved</dt><dd>The blob's size times the repositories that need it but one.</dd>
        </dl>
        <p>Sizes are in powers of a thousand, times in UTC. A blob's bytes count once; links and manifests' records free nothing of their own.
        Why one digest is kept or gone: <code>tidemark explain DIGEST</code>. A proof of all of it: <code>tidemark audit {}</code>.</p>
        <p>Made on {} from the topics of the run, by <code>tidemark report</code>.</p>
        """,
        data.run().id(), Format.time(data.made()));
  }

  private static String hash(String content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
