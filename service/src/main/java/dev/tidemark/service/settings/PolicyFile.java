package dev.tidemark.service.settings;

import dev.tidemark.policy.InvalidPolicyException;
import dev.tidemark.policy.Policy;
import dev.tidemark.policy.PolicyImport;
import dev.tidemark.schemas.PolicyText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A file with a policy. */
public final class PolicyFile {

    private PolicyFile() {}

    /**
     * Reads a policy.
     *
     * @throws InvalidSettingsException if it can't be read, or is none: one line for each fault
     */
    public static PolicyText read(Path file) {
        return parsed(file, text -> PolicyText.of(Policy.parse(text).text()));
    }

    /**
     * Reads the rules of another registry, and translates them into a policy.
     *
     * @param repositories that the rules are for; null where they say so themselves
     * @throws InvalidSettingsException if they can't be read, or not be translated: one line for each fault
     */
    public static String translate(Path file, PolicyImport.From from, String repositories) {
        return parsed(file, text -> PolicyImport.translate(from, text, repositories));
    }

    private static <T> T parsed(Path file, Function<String, T> parse) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InvalidSettingsException(file + " cannot be read: there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new InvalidSettingsException(file + " is not in UTF-8: save it as UTF-8", e);
        } catch (IOException e) {
            throw new InvalidSettingsException(file + " cannot be read: " + e.getMessage(), e);
        }
        try {
            return parse.apply(text);
        } catch (InvalidPolicyException e) {
            throw new InvalidSettingsException(
                    e.faults().stream().map(fault -> file + ", " + fault).collect(Collectors.joining("\n")), e);
        }
    }
}
