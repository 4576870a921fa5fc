package dev.tidemark.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Terms;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopiedTrashTermsTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Duration WEEK = Duration.ofDays(7);

    private final Map<String, byte[]> objects = new HashMap<>();
    private boolean refuses;
    private final CopiedTrashTerms terms = new CopiedTrashTerms(
            new CopiedTrashTerms.Books() {
                @Override
                public Optional<byte[]> read(String key) {
                    return Optional.ofNullable(objects.get(key));
                }

                @Override
                public void write(String key, byte[] content) {
                    if (refuses) {
                        throw new StorageException("it may not be written", null);
                    }
                    objects.put(key, content);
                }
            },
            TrashKeys.in(""));

    @Test
    void aLongerTimeThatIsThereStays() {
        terms.prepare(RUN, WEEK, () -> 5);
        terms.prepare(RUN, Duration.ofDays(1), () -> 6);

        assertThat(terms.of(RUN)).isEqualTo(new Terms(WEEK, 5));
    }

    @Test
    void withoutThemThereIsNoTrash() {
        refuses = true;

        assertThatThrownBy(() -> terms.prepare(RUN, WEEK, () -> 5))
                .isInstanceOf(NoTrashException.class)
                .hasMessageContaining("can't be made (it may not be written)");
    }

    @Test
    void theyAreBackWhereItsRunSweepsStill() {
        terms.prepare(RUN, WEEK, () -> 5);

        end(true, false);

        assertThat(terms.of(RUN)).isEqualTo(new Terms(WEEK, 5));
    }

    @Test
    void theyEndWithTheTrash() {
        terms.prepare(RUN, WEEK, () -> 5);

        end(false);
        assertThat(objects).hasSize(1);

        end(true, true);
        assertThat(objects).isEmpty();
    }

    private void end(Boolean... empty) {
        Iterator<Boolean> looks = List.of(empty).iterator();
        terms.end(RUN, looks::next, objects::clear);
    }
}
