package dev.tidemark.bench.bucket;

/** What a registry's collector asks a service for, on one bucket in memory. */
public interface BucketApi {

    /** The name of a request's operation, as the service has it. */
    String operation(BucketRequest request);

    Response answer(BucketRequest request, String operation);
}
