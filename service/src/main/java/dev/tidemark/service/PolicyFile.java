package dev.tidemark.service;

import dev.tidemark.policy.InvalidPolicyException;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.PolicyText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
            return PolicyText.of(Policy.parse(text).text());
        } catch (InvalidPolicyException e) {
            throw new InvalidSettingsException(
                    e.faults().stream().map(fault -> file + ", " + fault).collect(Collectors.joining("\n")), e);
        }
    }
}
