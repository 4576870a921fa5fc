package dev.tidemark.storage.s3;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts what is sent, each try of a request by itself, as it is billed. */
final class RequestCount implements ExecutionInterceptor {

  /** Set once a request was sent. */
  private static final ExecutionAttribute<Boolean> SENT = new ExecutionAttribute<>("tidemark.sent");

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder retries = new LongAdder();

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
    counts.computeIfAbsent(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), name -> new LongAdder()).increment();
    if (attributes.getAttribute(SENT) != null) {
      retries.increment();
    }
    attributes.putAttribute(SENT, true);
  }

  Map<String, Long> byOperation() {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach((operation, sum) -> sums.put(operation, sum.sum()));
    return sums;
  }

  /** How many of them were further tries. */
  long retries() {
    return retries.sum();
  }
}
