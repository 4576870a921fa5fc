package dev.tidemark.report.data;

import dev.tidemark.evidence.index.TrashInventory;
import dev.tidemark.schemas.Hold;
import java.util.List;
import java.util.Optional;

/**
 * The trash and the holds: files that are kept beside the registry's live images when a report is made, whatever run it
 * is of.
 *
 * @param trash the files that sweeps have moved to the trash, the latest run first
 * @param holds all that there are
 * @param unread why not all holds could be read; empty if they were
 */
public record KeptBeside(List<TrashInventory.OfRun> trash, List<Hold> holds, Optional<String> unread) {}
