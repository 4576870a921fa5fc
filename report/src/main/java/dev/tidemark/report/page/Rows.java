package dev.tidemark.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.tidemark.evidence.policy.Amounts;
import dev.tidemark.report.data.ReportRow;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.text.Counted;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Words for the rows of the table, and all rows as data for the page's script, which shows more of them. */
final class Rows {

    /** Rows that are there without a script, and on paper. As many as the script shows at once. */
    static final int FIRST = 50;

    private static final List<String> KINDS = List.of(
            "tag",
            "manifest",
            "layer link",
            "blob",
            "upload",
            "multipart upload",
            "empty directory",
            "empty repository",
            "dangling link");
    private static final Map<String, String> LOOKS =
            Map.of("eligible", "info", "deleted", "info", "already-gone", "info", "spared", "warn", "failed", "bad");

    private Rows() {}

    static String kind(Kind kind) {
        return KINDS.get(kind.ordinal());
    }

    /** The words before the names of a row. */
    static String names(Kind kind) {
        return switch (kind) {
            case TAG -> "the tag";
            case UPLOAD, MULTIPART, DIRECTORY, LINK -> "at";
            case MANIFEST, LAYER, BLOB, REPOSITORY -> "was tagged";
        };
    }

    static String outcome(ReportRow row) {
        return row.outcome() == null ? "eligible" : row.outcome();
    }

    /** How the stylesheet calls the colours of an outcome. */
    static String look(String outcome) {
        return LOOKS.get(outcome);
    }

    static String reason(ReportRow row) {
        return row.reason() == null ? "the topics no longer say why" : row.reason();
    }

    /** {@code 3 manifests, 1 layer link, 4 blobs}. */
    static String amounts(Map<Kind, Long> count) {
        return String.join(
                ", ",
                Arrays.stream(Kind.values())
                        .filter(count::containsKey)
                        .map(kind -> Counted.of(count.get(kind), kind(kind)))
                        .toList());
    }

    /** {@code 1 tag, 3 manifests, 1 layer link, 4 blobs}. */
    static String amounts(Amounts.Part part) {
        return String.join(
                ", ",
                Counted.of(part.tags(), kind(Kind.TAG)),
                Counted.of(part.manifests(), kind(Kind.MANIFEST)),
                Counted.of(part.layerLinks(), kind(Kind.LAYER)),
                Counted.of(part.blobs(), kind(Kind.BLOB)));
    }

    /** Rows as arrays, and each text that repeats once. No text in it can end the element that it is in. */
    static String json(List<ReportRow> rows) {
        var strings = new LinkedHashMap<String, Integer>();
        List<Object[]> compact = rows.stream()
                .map(row -> new Object[] {
                    row.kind().ordinal(),
                    row.digest(),
                    numbers(strings, row.repositories()),
                    row.holders(),
                    numbers(strings, row.tags()),
                    row.bytes(),
                    number(strings, reason(row)),
                    row.modified(),
                    number(strings, outcome(row)),
                    row.why() == null ? -1 : number(strings, row.why())
                })
                .toList();
        var document = new LinkedHashMap<String, Object>();
        document.put("kinds", KINDS);
        document.put("names", Arrays.stream(Kind.values()).map(Rows::names).toList());
        document.put("looks", LOOKS);
        document.put("strings", strings.keySet());
        document.put("rows", compact);
        try {
            return harmless(JsonSerde.MAPPER
                    .writer()
                    .with(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document is plain data", e);
        }
    }

    private static List<Integer> numbers(Map<String, Integer> strings, List<String> texts) {
        return texts.stream().map(text -> number(strings, text)).toList();
    }

    private static int number(Map<String, Integer> strings, String text) {
        return strings.computeIfAbsent(text, unknown -> strings.size());
    }

    /** These are in JSON's strings only, and there an escape means the same. */
    private static String harmless(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }
}
