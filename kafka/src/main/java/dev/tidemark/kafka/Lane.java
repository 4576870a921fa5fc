package dev.tidemark.kafka;

import org.apache.kafka.clients.producer.ProducerRecord;

/** A partition's way out: what is sent on it is committed together with how far the partition was worked off. */
public interface Lane {

  /** The partition. */
  int partition();

  /** Sends a record within the transaction. Fails if the lane is stopped. */
  void send(ProducerRecord<String, byte[]> record);

  /** Commits what was sent and the position before the record at hand, or after it if it is done. */
  void commit();

  /** Whether the partition is to be given back: work that takes long looks, and ends. */
  boolean stopped();
}
