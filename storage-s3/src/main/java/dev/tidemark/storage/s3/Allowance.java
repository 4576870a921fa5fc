package dev.tidemark.storage.s3;

import dev.tidemark.storage.NotAllowedException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Asks whether a request is still allowed before each try of it is sent: the SDK tries again by itself, however much
 * time has passed.
 */
final class Allowance implements ExecutionInterceptor {

    private static final ExecutionAttribute<BooleanSupplier> ALLOWED = new ExecutionAttribute<>("TidemarkAllowed");

    /** Makes a request one that has to be allowed. */
    static Consumer<AwsRequestOverrideConfiguration.Builder> of(BooleanSupplier allowed) {
        return configuration -> configuration.putExecutionAttribute(ALLOWED, allowed);
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        BooleanSupplier allowed = attributes.getAttribute(ALLOWED);
        if (allowed != null && !allowed.getAsBoolean()) {
            throw new NotAllowedException();
        }
    }
}
