package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.local.LocalPipeline;
import dev.tidemark.schemas.Run;
import dev.tidemark.storage.StorageException;
import dev.tidemark.sweeper.trash.TrashReport;
import dev.tidemark.sweeper.verify.Verification;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The looks after a sweep. The run's results are told all the same if one of them fails. */
final class AfterSweep {

    private static final Logger LOG = LoggerFactory.getLogger(AfterSweep.class);

    private final LocalPipeline pipeline;
    private final Optional<TrashStep> trash;
    private final BooleanSupplier goOn;
    private final Consumer<String> trouble;

    /** @param trouble takes a line for each look that fails */
    AfterSweep(LocalPipeline pipeline, Optional<TrashStep> trash, BooleanSupplier goOn, Consumer<String> trouble) {
        this.pipeline = pipeline;
        this.trash = trash;
        this.goOn = goOn;
        this.trouble = trouble;
    }

    /** Restores from the trash, and purges it. */
    Optional<TrashReport> look(Run run) {
        try {
            return trash.flatMap(step -> step.after(run));
        } catch (CollectionException e) {
            LOG.error("the final look has failed", e);
            trouble.accept(e.getMessage());
            return Optional.empty();
        }
    }

    /** Looks whether live manifests need anything of what the run has deleted. */
    Run verified(Run run) {
        try {
            return new Verification(pipeline.cluster(), pipeline.storage())
                    .verify(run, () -> trash.ifPresent(step -> step.again(run)), goOn)
                    .flatMap(record -> Run.after(Optional.of(run), record))
                    .orElse(run);
        } catch (StorageException | KafkaException | IllegalStateException | CollectionException e) {
            LOG.error("the verification has failed", e);
            trouble.accept("what the run " + run.id() + " has deleted can't be verified: " + e.getMessage());
            return run;
        }
    }
}
