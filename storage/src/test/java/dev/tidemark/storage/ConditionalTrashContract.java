package dev.tidemark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Trash.Restored;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The contract of a trash of copies where the service copies and deletes on conditions. */
public abstract class ConditionalTrashContract extends CopiedTrashContract {

    /** Since it was looked at, while it is copied, and after that. */
    @Test
    void aFileThatIsWrittenAgainIsNotTaken() {
        assertThat(storage.stat(data)).isPresent();
        write(data, "again");

        assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).hasMessageContaining("was written again");
        assertContent(data, "again");

        for (String operation : List.of(operations().copy(), operations().delete())) {
            var first = new AtomicBoolean(true);
            faults(request -> {
                if (request.operation().equals(operation) && first.getAndSet(false)) {
                    write(data, "before the " + operation);
                }
                return Optional.empty();
            });
            assertThat(storage.stat(data)).isPresent();
            assertThat(trash.take(RUN, List.of(data), () -> true).get(data)).hasMessageContaining("was written again");
            assertContent(data, "before the " + operation);
        }
    }

    @Test
    void aFileThatTheRegistryWritesDuringARestorationIsNotReplaced() {
        trash.take(RUN, List.of(data), () -> true);
        faults(request -> {
            if (request.operation().equals(operations().copy())) {
                write(data, "pushed");
            }
            return Optional.empty();
        });

        assertThat(trash.restore(RUN, data)).isEqualTo(Restored.IN_PLACE);

        assertContent(data, "pushed");
        assertThat(files(RUN)).hasSize(1);
    }
}
