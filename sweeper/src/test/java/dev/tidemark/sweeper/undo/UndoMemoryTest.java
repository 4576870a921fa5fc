package dev.tidemark.sweeper.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A trash may have ten million files, and another run may have files there, too. */
class UndoMemoryTest {

    private static final RunId RUN = new RunId("20261129-030000");
    private static final RunId LATER = new RunId("20261130-030000");
    private static final int FILES = 400_000;
    private static final int MOST_BYTES_OF_A_FILE = 100;

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    @SuppressWarnings("unchecked")
    @Test
    void aRestorationTakesSomeBytesOfEachFile() {
        Trash trash = fake(Trash.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "runs" -> List.of(LATER, RUN);
            case "read" -> Optional.empty();
            case "files" -> {
                files((RunId) arguments[0], (Consumer<Trashed>) arguments[arguments.length - 1]);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
        Storage storage = fake(Storage.class, (proxy, method, arguments) -> Optional.empty());
        long before = used();

        var scope = new UndoScope(storage, trash, RUN, UndoFilter.NONE);

        assertThat(used() - before).isLessThan((long) FILES * MOST_BYTES_OF_A_FILE);
        scope.ofOtherRuns(path -> true, file -> assertThat(file).isNull());
    }

    private static void files(RunId run, Consumer<Trashed> to) {
        for (int i = 0; run.equals(RUN) && i < FILES; i++) {
            Digest digest = Digest.parse("sha256:%064x".formatted(i));
            to.accept(new Trashed(run, Layout.layerLink("team/app" + i % 100, digest), 71, 0, 0));
        }
    }

    private long used() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static <T> T fake(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }
}
