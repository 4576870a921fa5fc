package dev.tidemark.marker.rules;

import dev.tidemark.marker.rows.Reason;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.PolicyText;
import java.util.EnumSet;
import java.util.Set;

/**
 * Rules 1 and 3 of what is live: the reasons that a record gives by itself. The grace window is
 * applied here.
 */
final class Roots {

    private Roots() {}

    /** A dangling manifest protects nothing. */
    static Set<Reason> of(Manifest manifest, Options options) {
        var reasons = EnumSet.noneOf(Reason.class);
        if (!manifest.dangling()) {
            if (manifest.tagged()) {
                reasons.add(Reason.TAGGED);
            } else if (!manifest.expendable(options)) {
                reasons.add(Reason.UNTAGGED_ROOT);
            }
            pin(reasons, manifest.pinned());
            add(reasons, options.young(manifest.modified()), Reason.YOUNG_MANIFEST);
        }
        return reasons;
    }

    static Set<Reason> of(Blob blob, Options options) {
        var reasons = EnumSet.noneOf(Reason.class);
        pin(reasons, blob.pinned());
        add(reasons, options.young(blob.modified()), Reason.YOUNG_BLOB);
        return reasons;
    }

    static Set<Reason> of(Layer layer, Options options) {
        var reasons = EnumSet.noneOf(Reason.class);
        pin(reasons, layer.pinned());
        add(reasons, options.young(layer.modified()), Reason.YOUNG_LINK);
        return reasons;
    }

    private static void pin(Set<Reason> reasons, String why) {
        add(
                reasons,
                why != null,
                Hold.isHold(why) ? Reason.HELD : PolicyText.isKept(why) ? Reason.KEPT_BY_POLICY : Reason.PINNED);
    }

    private static void add(Set<Reason> reasons, boolean given, Reason reason) {
        if (given) {
            reasons.add(reason);
        }
    }
}
