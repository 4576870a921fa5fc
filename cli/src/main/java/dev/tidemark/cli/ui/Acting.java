package dev.tidemark.cli.ui;

import dev.tidemark.service.http.HttpAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The commands that change something, or make a run: one at a time. */
final class Acting {

    private final boolean local;
    private final Commands commands;
    private final Turns turns;
    private final Consumer<String> note;

    /** @param note told the lines that a command has for people, where its answer is a document */
    Acting(Place place, Commands commands, Turns turns, Consumer<String> note) {
        local = place.local();
        this.commands = commands;
        this.turns = turns;
        this.note = note;
    }

    /** The answer of an action whose command prints lines. */
    HttpAnswer lines(List<String> words) {
        return only(() -> lines(commands.run(words)));
    }

    private static HttpAnswer lines(Outcome outcome) {
        return outcome.done() ? Answers.done(outcome) : Answers.failed(outcome);
    }

    /** The same, of an action that on a cluster waits for no other: a run is ended whatever else is under way. */
    HttpAnswer linesAtOnce(List<String> words) {
        return local ? lines(words) : lines(commands.run(words));
    }

    /** The answer of an action whose command prints a document. It may say what could not be done. */
    HttpAnswer document(List<String> words) {
        return only(() -> document(words, UnaryOperator.identity()));
    }

    /**
     * The answer of an action on a file with this text. It is there as long as the command runs, for this user alone.
     *
     * @param name of the file in messages
     * @param first asked when it is its turn: an answer that takes its place
     */
    HttpAnswer onFile(
            String name, String text, Supplier<Optional<HttpAnswer>> first, Function<Path, List<String>> words) {
        return only(() -> first.get().orElseGet(() -> onFile(name, text, words)));
    }

    private HttpAnswer onFile(String name, String text, Function<Path, List<String>> words) {
        try {
            Path file = Files.createTempFile("tidemark-", ".yml");
            try {
                Files.writeString(file, text);
                return document(words.apply(file), said -> said.replace(file.toString(), name));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a file for the " + name + " cannot be used: " + e, e);
        }
    }

    /** The end of a command that an action asks before it begins, in its turn. */
    Outcome look(List<String> words) {
        return commands.run(words);
    }

    private HttpAnswer document(List<String> words, UnaryOperator<String> said) {
        Outcome outcome = commands.run(words);
        // Of a command that has failed after its document, the page shows the failure.
        if (outcome.out().isBlank() || outcome.why().isPresent()) {
            return Answers.failed(outcome, said);
        }
        outcome.notes().stream().map(said).forEach(note);
        return Answers.document(outcome);
    }

    private HttpAnswer only(Supplier<HttpAnswer> action) {
        return turns.ifNoneActs(() -> local ? turns.alone(action) : action.get())
                .orElseGet(() ->
                        Answers.refused(Answers.BUSY, "another action of this page is under way: wait for it to end"));
    }
}
