package dev.tidemark.cli.ui;

import dev.tidemark.service.http.HttpAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        return only(() -> {
            Outcome outcome = commands.run(words);
            return outcome.done() ? Answers.done(outcome) : Answers.failed(outcome);
        });
    }

    /** The answer of an action whose command prints a document. It may say what could not be done. */
    HttpAnswer document(List<String> words) {
        return only(() -> document(words, UnaryOperator.identity()));
    }

    /**
     * The answer of an action on a file with this text. It is there as long as the command runs, for this user alone.
     *
     * @param name of the file in messages
     */
    HttpAnswer onFile(String name, String text, Function<Path, List<String>> words) {
        return only(() -> {
            try {
                Path file = Files.createTempFile("tidemark-", ".yml");
                try {
                    Files.writeString(file, text);
                    return document(words.apply(file), said -> said.replace(file.toString(), name));
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("a file for the " + name + " cannot be written: " + e, e);
            }
        });
    }

    private HttpAnswer document(List<String> words, UnaryOperator<String> said) {
        Outcome outcome = commands.run(words);
        if (outcome.out().isBlank()) {
            return Answers.failed(outcome, said);
        }
        outcome.notes().forEach(note);
        return Answers.document(outcome);
    }

    private HttpAnswer only(Supplier<HttpAnswer> action) {
        return turns.ifNoneActs(() -> local ? turns.alone(action) : action.get())
                .orElseGet(() ->
                        Answers.refused(Answers.BUSY, "another action of this page is under way: wait for it to end"));
    }
}
