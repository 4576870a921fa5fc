package dev.tidemark.testkit;

import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * An S3 server on a directory: S3Proxy, which checks signatures as Amazon does, and before it a {@link FaultyProxy}.
 * Each directory in it is a bucket, each file an object; old versions are in a directory of their own.
 */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "access";
    public static final String SECRET_KEY = "secret-secret";
    public static final String REGION = "us-east-1";

    /** Begins the names of the files that S3Proxy keeps of multipart uploads. */
    private static final String PARTS = "/.mpus-";

    private final Path directory;

    private final VersionedFiles buckets;
    private final S3Proxy server;
    private final FaultyProxy proxy;

    private S3Server(Path directory, Certificate certificate) {
        this.directory = directory;
        try {
            buckets = new VersionedFiles(directory);
            server = S3Proxy.builder()
                    .blobStore(buckets)
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                    .ignoreUnknownHeaders(true)
                    .build();
            server.start();
            proxy = new FaultyProxy(server.getPort(), certificate, new S3Protocol());
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not start", e);
        }
    }

    /** Starts a server with the buckets that the directory holds. */
    public static S3Server on(Path directory) {
        return new S3Server(directory, null);
    }

    /** One that speaks TLS, with a certificate. */
    public static S3Server on(Path directory, Certificate certificate) {
        return new S3Server(directory, certificate);
    }

    /** Makes a bucket; its files are its objects. */
    public Path bucket(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on the bucket keeps what is deleted or replaced as old versions. */
    public void keepVersions(String bucket) {
        buckets.set(bucket, BucketVersioningStatus.ENABLED);
    }

    /** From now on the bucket keeps the old versions that it has, and no new ones. */
    public void suspendVersions(String bucket) {
        buckets.set(bucket, BucketVersioningStatus.SUSPENDED);
    }

    /** Begins a multipart upload, with parts of these bytes. Returns its id. */
    public String beginParts(String bucket, String key, String... parts) {
        MultipartUpload upload = buckets.initiateMultipartUpload(
                CreateMultipartUploadRequest.builder().bucket(bucket).key(key).build());
        for (int number = 1; number <= parts.length; number++) {
            byte[] bytes = parts[number - 1].getBytes(StandardCharsets.UTF_8);
            buckets.uploadMultipartPart(
                    upload,
                    UploadPartRequest.builder()
                            .bucket(bucket)
                            .key(key)
                            .uploadId(upload.id())
                            .partNumber(number)
                            .contentLength((long) bytes.length)
                            .build(),
                    new ByteArrayInputStream(bytes));
        }
        return upload.id();
    }

    /** The keys that have multipart uploads, in order. */
    public List<String> begunParts(String bucket) {
        return buckets.listMultipartUploads(bucket).stream()
                .map(software.amazon.awssdk.services.s3.model.MultipartUpload::key)
                .sorted()
                .toList();
    }

    /** Makes all multipart uploads of a bucket that old, and their parts. */
    public void ageParts(String bucket, Duration age) {
        try (Stream<Path> files = Files.walk(directory.resolve(bucket))) {
            files.filter(file -> Files.isRegularFile(file) && file.toString().contains(PARTS))
                    .forEach(file -> RegistryOnDisk.age(file, age));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String endpoint() {
        return proxy.url();
    }

    /** The storage section of a registry's config.yml. */
    public String storage(String bucket, String rootDirectory) {
        return """
          s3:
            regionendpoint: %s
            region: %s
            bucket: %s
            rootdirectory: %s
            accesskey: %s
            secretkey: %s
            secure: false
            v4auth: true
            forcepathstyle: true
        """.formatted(endpoint(), REGION, bucket, rootDirectory, ACCESS_KEY, SECRET_KEY);
    }

    /** Sets the faults of the server from now on. */
    public void faults(Function<Request, Optional<Answer>> faults) {
        proxy.faults(faults);
    }

    /** How many requests came, by operation. */
    public Map<String, Long> requests() {
        return proxy.requests();
    }

    public void forgetRequests() {
        proxy.forgetRequests();
    }

    @Override
    public void close() {
        proxy.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not stop", e);
        }
    }
}
