package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.faults.KilledAtCall.Call;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed with a file on its way into the trash or out of it, right before a system call: each file
 * is in its place or in the trash, the next command does the rest, and the topics say what the storage shows.
 */
class KilledInTrashIT {

    private static final String REGISTRY = "/docker/registry/v2/";
    private static final String TRASH = "/tidemark/trash/";

    @TempDir
    private Path directory;

    private TrashScene scene;
    private int rounds;

    @Test
    void betweenAMoveIntoTheTrashAndItsRecord() {
        inASweep(KilledInTrashIT::isMove, 20);
    }

    @Test
    void aSweeperBetweenAMoveIntoTheTrashAndItsRecord() {
        ofASweeper(KilledInTrashIT::isMoved, 30);
    }

    @Test
    void inARestore() {
        inARestore(KilledInTrashIT::isOut, 5);
    }

    @Test
    void rightAfterARestore() {
        inARestore(KilledInTrashIT::isGone, 3);
    }

    @Test
    void inAPurge() {
        inAPurge(KilledInTrashIT::isOut, 20);
    }

    @Test
    void inAnUndoOfMany() {
        inAnUndo(KilledInTrashIT::isBack, 50);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void atAnyOfTheseMoments() {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        do {
            inASweep(
                    random.nextBoolean() ? KilledInTrashIT::isMove : KilledInTrashIT::isMoved,
                    1 + random.nextInt(TrashScene.SWEPT));
            inARestore(
                    one(random, KilledInTrashIT::isBack, KilledInTrashIT::isOut, KilledInTrashIT::isGone),
                    1 + random.nextInt(TrashScene.PUSHED_AGAIN));
            inAPurge(
                    one(random, KilledInTrashIT::isOut, KilledInTrashIT::isGone), 1 + random.nextInt(TrashScene.SWEPT));
            inAnUndo(
                    one(random, KilledInTrashIT::isBack, KilledInTrashIT::isOut, KilledInTrashIT::isGone),
                    1 + random.nextInt(TrashScene.SWEPT));
            ofASweeper(
                    one(random, KilledInTrashIT::isMove, KilledInTrashIT::isMoved),
                    1 + random.nextInt(TrashScene.SWEPT));
        } while (soak.goesOn());
    }

    /** A file is about to be moved into the trash, and those before it are not recorded yet. */
    private static boolean isMove(Call call) {
        return call.is("rename", TRASH);
    }

    /** A file is in the trash, and its directory in the registry is about to go. */
    private static boolean isMoved(Call call) {
        return call.is("rmdir", REGISTRY);
    }

    /** A file is about to come back: those that it names are, and those that name it are not. */
    private static boolean isBack(Call call) {
        return call.is("link", REGISTRY);
    }

    /** A file is back, and is about to go from the trash; or it is about to be destroyed there. */
    private static boolean isOut(Call call) {
        return call.is("unlink", TRASH)
                && (call.path().endsWith(".data") || call.path().endsWith(".link"));
    }

    /** A file has gone from the trash. */
    private static boolean isGone(Call call) {
        return call.is("rmdir", TRASH);
    }

    @SafeVarargs
    private static Predicate<Call> one(Random random, Predicate<Call>... of) {
        return of[random.nextInt(of.length)];
    }

    private void inASweep(Predicate<Call> moment, int nth) {
        freshScene();

        killed(moment, nth, "collect", "--keep-trash", "1d");

        assertNothingLost();
        assertThat(TrashedFiles.inTrash(scene.registry())).hasSizeLessThanOrEqualTo(nth);
        scene.collect("--keep-trash", "1d");
        scene.assertSwept();
        assertNothingLost();
        scene.assertTopicsAgree();
        scene.assertProved();
        scene.undoAll();
        scene.assertWhole();
    }

    private void inARestore(Predicate<Call> moment, int nth) {
        freshScene();
        scene.collect("--keep-trash", "1d");
        List<String> pushed = scene.pushAgain();

        killed(moment, nth, "collect", "--keep-trash", "1d");

        assertNothingLost();
        scene.collect("--keep-trash", "1d");
        scene.assertLayersExist(pushed);
        assertNothingLost();
        scene.assertTopicsAgree();
        scene.assertProved();
    }

    /** What is not in the trash any more is recorded: it may be destroyed. */
    private void inAPurge(Predicate<Call> moment, int nth) {
        freshScene();

        killed(moment, nth, "collect", "--keep-trash", "0");

        scene.assertSwept();
        scene.assertTopicsAgree();
        scene.collect("--keep-trash", "0");
        scene.assertSwept();
        assertThat(TrashedFiles.inTrash(scene.registry())).isEmpty();
        scene.assertTopicsAgree();
        scene.assertProved();
    }

    private void inAnUndo(Predicate<Call> moment, int nth) {
        freshScene();
        scene.collect("--keep-trash", "1d");
        List<String> swept = scene.missing().keySet().stream()
                .filter(path -> path.contains("/_manifests/revisions/"))
                .map(path -> path.replaceFirst(".*/repositories/(.*)/_manifests/.*/sha256/(.*)/link", "$1@sha256:$2"))
                .toList();

        killed(moment, nth, "undo", scene.runs().getFirst());

        assertNothingLost();
        scene.undoAll();
        scene.assertWhole();
        assertThat(scene.holds()).contains(swept);
    }

    /** The sweeper's own process: Kafka lives on, and the run with it. */
    private void ofASweeper(Predicate<Call> moment, int nth) {
        try (var deployment = Deployment.start(fresh(), 1, Groups.CLASSIC);
                var killer = new KilledAtCall()) {
            deployment.start(List.of("enumerator", "marker"), 1);
            deployment.start("sweeper-0", Map.of("JAVA_TOOL_OPTIONS", killer.option()));
            RunId run = deployment.request();
            killer.kill(deployment.process("sweeper-0"), moment, nth);

            deployment.start("sweeper-0");
            deployment.awaitEnd(run);

            deployment.assertSweptAsUndisturbed(run, "by the next sweeper");
            assertThat(deployment.tidemark("audit", run.toString()).exitCode()).isZero();
        }
    }

    /** Each file is in its place or in the trash, byte for byte. */
    private void assertNothingLost() {
        assertThat(TrashedFiles.everywhere(scene.registry())).containsAllEntriesOf(scene.before());
    }

    private void killed(Predicate<Call> moment, int nth, String command, String... options) {
        try (var killer = new KilledAtCall()) {
            Process process = scene.start(Map.of("JAVA_TOOL_OPTIONS", killer.option()), command, options);
            killer.kill(process, moment, nth);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + Processes.tail(scene.output()), e);
        }
    }

    private void freshScene() {
        Path fresh = fresh();
        var registry = TrashScene.registry(fresh.resolve("registry"));
        scene = TrashScene.at(registry, fresh.resolve("home"), registry.root().toString());
    }

    private Path fresh() {
        try {
            Path round = directory.resolve("round-" + rounds++);
            Files.createDirectories(round.resolve("home"));
            return round;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
