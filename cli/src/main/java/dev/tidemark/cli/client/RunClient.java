package dev.tidemark.cli.client;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.LoopTimeout;
import dev.tidemark.kafka.run.RunLog;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks for runs and follows them, on whatever Kafka there is. */
public final class RunClient implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_ECHO = Duration.ofMinutes(1);

    private final RunLog runs;
    private final RunPublisher publisher;

    public RunClient(Cluster cluster) {
        runs = new RunLog(cluster);
        publisher = new RunPublisher(cluster);
    }

    /** The latest run. */
    public Optional<Run> latest() {
        return runs.toEnd();
    }

    /**
     * Asks for a run.
     *
     * @param by the user who asks
     * @param approves the dry run that it lets go, or null
     * @param repair whether every missing layer link is to be written again
     * @param policy that says which tags go; null if there is none
     * @param keepDangling whether links to what is not there stay, however old they are
     * @throws CollectionException if another run is under way
     */
    public Run request(
            Instant now,
            Options options,
            int maxDelete,
            String by,
            RunId approves,
            boolean repair,
            PolicyText policy,
            boolean keepDangling) {
        Optional<Run> last = latest();
        last.filter(run -> !run.ended()).ifPresent(run -> {
            throw new CollectionException("the run " + run.id() + " is under way ("
                    + run.state().word() + "): wait for it to end, or end it: tidemark cancel " + run.id());
        });
        var requested = new Requested(
                RunId.next(now, last.map(Run::id)),
                now.toEpochMilli(),
                options,
                maxDelete,
                by,
                approves,
                repair ? true : null,
                policy,
                keepDangling ? true : null);
        publisher.publish(requested);
        Run latest = await(run -> run.id().compareTo(requested.run()) >= 0, requested.run());
        if (!latest.requested().equals(requested)) {
            throw new CollectionException(
                    "somebody else asked for the run " + latest.id() + " at the same time: wait for it to end");
        }
        return latest;
    }

    private Run await(Predicate<Run> wanted, RunId run) {
        var timeout = new LoopTimeout(LONGEST_ECHO);
        Optional<Run> latest = runs.poll(Duration.ZERO);
        while (latest.filter(wanted).isEmpty()) {
            if (timeout.expired()) {
                throw new CollectionException(
                        "what was asked of the run " + run + " is not to be seen: look with tidemark runs");
            }
            latest = runs.poll(POLL);
        }
        return latest.get();
    }

    /** Waits until it is seen that a run was approved. */
    public Run awaitApproval(Run run) {
        return await(latest -> !latest.id().equals(run.id()) || latest.approved(), run.id());
    }

    /** Waits until it is seen that a run has ended. */
    public Run awaitEnd(Run run) {
        return await(
                latest -> latest.id().equals(run.id()) && latest.ended() && latest.state() != Run.State.WAITING,
                run.id());
    }

    /**
     * Follows a run to its end.
     *
     * @param look called every so often with the run as it is
     * @param trouble the obstacle that keeps it from going on, if there is one; thrown as long as the run has not ended
     */
    public Run follow(Run run, Consumer<Run> look, Supplier<Optional<CollectionException>> trouble) {
        Run current = run;
        while (!current.ended()) {
            Run latest = runs.poll(POLL).orElse(current);
            if (!latest.id().equals(run.id())) {
                throw new CollectionException("the run " + run.id() + " ended with the next one, " + latest.id()
                        + "; nothing more of it is deleted");
            }
            current = latest;
            look.accept(current);
            if (!current.ended()) {
                trouble.get().ifPresent(exception -> {
                    throw exception;
                });
            }
        }
        return current;
    }

    /**
     * Waits until a sweeper has verified a run that has deleted something.
     *
     * @return the run, verified or not if nobody has done so in time
     */
    public Run awaitVerified(Run run, Duration atMost) {
        var timeout = new LoopTimeout(atMost);
        Run current = run;
        while (current.verified() == null && current.id().equals(run.id()) && !timeout.expired()) {
            current = runs.poll(POLL).orElse(current);
        }
        return current.id().equals(run.id()) ? current : run;
    }

    public void approve(RunId run) {
        publisher.publish(new RunRecord.Approved(run, CurrentUser.name()));
    }

    /** Ends a run: nothing more of it is swept. */
    public void cancel(RunId run, String why) {
        publisher.publish(new RunRecord.Cancelled(run, why));
    }

    @Override
    public void close() {
        publisher.close();
        runs.close();
    }
}
