package dev.tidemark.sweeper;

import java.time.Duration;

/**
 * How long the trash keeps a file.
 *
 * @param keep at least, from when it was swept
 * @param settle how long after that the look begins that must have found no need of it: pushes that began before the
 *     file was swept are over by then
 */
public record TrashRetention(Duration keep, Duration settle) {}
