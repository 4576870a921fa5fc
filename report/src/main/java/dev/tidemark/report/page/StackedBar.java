package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData.Fate;
import dev.tidemark.report.data.ReportData.Part;
import java.util.ArrayList;
import java.util.List;

/** A bar of all bytes, whose segments show how many of them have which fate. Its table is its key. */
record StackedBar(long bytes, List<Segment> segments) {

    /**
     * A fate's part of the bar.
     *
     * @param look how the stylesheet calls its pattern
     */
    record Segment(Part part, String look, String words, String x, String width) {}

    static StackedBar of(List<Part> parts) {
        long whole = parts.stream().mapToLong(Part::bytes).sum();
        var segments = new ArrayList<Segment>();
        long at = 0;
        for (Part part : parts) {
            segments.add(new Segment(
                    part,
                    look(part.fate()),
                    words(part.fate()),
                    Charts.percent(at, whole),
                    Charts.percent(part.bytes(), whole)));
            at += part.bytes();
        }
        return new StackedBar(whole, segments);
    }

    private static String look(Fate fate) {
        return switch (fate) {
            case LIVE -> "live";
            case YOUNG -> "young";
            case HELD -> "held";
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
            case HELD -> "Held: only a hold keeps it";
            case CONSERVATIVE -> "Kept conservatively: what may need it could not be understood";
            case SPARED -> "Spared by the second look";
            case FAILED -> "Eligible, and could not be deleted";
            case ALREADY_GONE -> "Eligible, and gone before";
            case ELIGIBLE -> "Eligible: nothing live needs it";
            case DELETED -> "Deleted";
        };
    }
}
