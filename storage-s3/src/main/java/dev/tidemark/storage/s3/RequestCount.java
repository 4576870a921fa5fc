package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts the requests that are sent, each try by itself, as it is billed. */
final class RequestCount implements ExecutionInterceptor {

    /** Set once a request was sent. */
    private static final ExecutionAttribute<Boolean> SENT = new ExecutionAttribute<>("tidemark.sent");

    private final Calls calls;

    RequestCount(Calls calls) {
        this.calls = calls;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        calls.sent(
                attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), attributes.getAttribute(SENT) != null);
        attributes.putAttribute(SENT, true);
    }
}
