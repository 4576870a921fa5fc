package dev.tidemark.cli.ui;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.cli.exit.BusyException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UnknownRunException;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.service.http.HttpAnswer;
import dev.tidemark.service.settings.InvalidSettingsException;
import java.util.List;
import java.util.function.UnaryOperator;

/** The answers of the API: what commands have printed, and why they have failed. */
final class Answers {

    static final int OK = 200;
    static final int MISUSE = 400;
    static final int NO_TOKEN = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_THERE = 404;
    static final int NO_SUCH_METHOD = 405;
    static final int BUSY = 409;
    static final int TOO_LARGE = 413;
    static final int NO_JSON = 415;
    static final int OTHER_HOST = 421;
    static final int BROKEN = 500;
    static final int FAILED = 502;
    static final int TOO_MANY = 503;

    private static final String JSON = "application/json";

    private Answers() {}

    /**
     * The body of an answer that says why there is no other.
     *
     * @param error in one line
     * @param exit the exit code of the command; null if none was run
     * @param more lines: the other faults of a policy, or the things that could be meant
     */
    private record Problem(String error, Integer exit, List<String> more) {}

    /** The body of an answer to an action that prints no document. */
    @JsonInclude
    private record Done(List<String> lines, int exit) {}

    static HttpAnswer json(Object document) {
        return json(OK, document);
    }

    /** The document that a command has printed. */
    static HttpAnswer document(Outcome outcome) {
        return HttpAnswer.of(OK, JSON, outcome.out());
    }

    static HttpAnswer done(Outcome outcome) {
        return json(new Done(outcome.lines(), outcome.exit()));
    }

    /** An answer where no command was run. */
    static HttpAnswer refused(int status, String why) {
        return json(status, new Problem(why, null, List.of()));
    }

    /** The answer of a command that has failed, as it says it. */
    static HttpAnswer failed(Outcome outcome) {
        return failed(outcome, UnaryOperator.identity());
    }

    /**
     * The same.
     *
     * @param said changes its lines
     */
    static HttpAnswer failed(Outcome outcome, UnaryOperator<String> said) {
        List<String> lines = outcome.complaints().stream().map(said).toList();
        return json(
                status(outcome),
                new Problem(
                        lines.getFirst(), outcome.exit(), lines.stream().skip(1).toList()));
    }

    private static int status(Outcome outcome) {
        if (outcome.why().isEmpty()) {
            // A command that is not typed by hand is no misuse: what it is asked about is not there.
            return outcome.exit() == ExitCode.USAGE ? NOT_THERE : FAILED;
        }
        return switch (outcome.why().get()) {
            case BusyException busy -> BUSY;
            case UnknownRunException unknown -> NOT_THERE;
            case UsageException misuse -> MISUSE;
            case InvalidSettingsException invalid -> MISUSE;
            default -> FAILED;
        };
    }

    private static HttpAnswer json(int status, Object document) {
        try {
            return HttpAnswer.of(status, JSON, JsonSerde.MAPPER.writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is plain data", e);
        }
    }
}
