package dev.tidemark.schemas;

import java.util.Objects;

/** What a record can't do without. */
final class Fields {

    private Fields() {}

    /** Throws if any is null: the record can't be read then. */
    static void require(Object... fields) {
        for (Object field : fields) {
            Objects.requireNonNull(field, "a field is missing");
        }
    }
}
