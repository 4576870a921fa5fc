package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.local.LocalPipeline;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.RunId;

/** The end of a run on Ctrl-C, or when the process is told to end: it is cancelled, and the user is told. */
final class Interruption extends Thread {

    private final LocalPipeline pipeline;
    private final Terminal terminal;
    private final Output output;
    private final boolean dryRun;
    /** Null until it is requested. */
    private volatile RunId run;

    private volatile boolean begun;

    private Interruption(LocalPipeline pipeline, Terminal terminal, Output output, boolean dryRun) {
        super("interruption");
        this.pipeline = pipeline;
        this.terminal = terminal;
        this.output = output;
        this.dryRun = dryRun;
    }

    /** Is ready for one from now on. */
    static Interruption await(LocalPipeline pipeline, Terminal terminal, Output output, boolean dryRun) {
        var interruption = new Interruption(pipeline, terminal, output, dryRun);
        Runtime.getRuntime().addShutdownHook(interruption);
        return interruption;
    }

    /** Names the run that is to be cancelled. */
    void of(RunId requested) {
        run = requested;
    }

    boolean begun() {
        return begun;
    }

    @Override
    public void run() {
        begun = true;
        output.progress(terminal).accept("interrupted: the run is being cancelled");
        String outcome = cancelled();
        pipeline.close();
        terminal.lastLine("tidemark: interrupted: " + outcome);
    }

    private String cancelled() {
        try {
            if (run != null) {
                pipeline.cancel(run, "interrupted");
            }
            return "the run is cancelled, and nothing "
                    + (dryRun
                            ? "was deleted"
                            : "more is deleted; what it has moved to the trash is there: the next run looks at it "
                                    + "again ('tidemark trash list')");
        } catch (CollectionException e) {
            return "Kafka could not be told that the run is cancelled (" + e.getMessage()
                    + "); this process deletes nothing more";
        }
    }

    /** The run is over: the end of the process is no interruption. */
    void forget() {
        if (!begun) {
            try {
                Runtime.getRuntime().removeShutdownHook(this);
            } catch (IllegalStateException e) {
                // The process has just been told to end, and this is about to run.
                begun = true;
            }
        }
    }
}
