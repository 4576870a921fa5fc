package dev.tidemark.storage.config;

import java.util.Set;

/**
 * The parameters of the registry's {@code s3} driver, as it reads them. A parameter that a collector has no use for
 * (how uploads are cut, stored and encrypted) is accepted with any value: the registry itself checks it.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/driver/s3-aws/s3.go">s3.go:
 *     {@code FromParameters}</a>; version 3 wants no region with an endpoint, and knows {@code usefipsendpoint}
 */
final class S3Parameters {

    /** Those that say where the data is, and how it is reached. */
    static final Set<String> READ = Set.of(
            "accesskey",
            "secretkey",
            "sessiontoken",
            "bucket",
            "region",
            "regionendpoint",
            "forcepathstyle",
            "rootdirectory",
            "secure",
            "skipverify",
            "accelerate",
            "usedualstack",
            "usefipsendpoint",
            "useragent");

    /** The others that the registry knows, in any of its versions. */
    static final Set<String> OF_NO_USE = Set.of(
            "encrypt",
            "keyid",
            "v4auth",
            "chunksize",
            "multipartcopychunksize",
            "multipartcopymaxconcurrency",
            "multipartcopythresholdsize",
            "storageclass",
            "objectacl",
            "loglevel");

    /** The region of servers other than Amazon's, if they are not told otherwise. */
    private static final String REGION_OF_AN_ENDPOINT = "us-east-1";

    private final DriverParameters parameters;

    S3Parameters(DriverParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * @throws InvalidConfigurationException if the registry would not start with them
     */
    StorageSettings.S3 settings() {
        boolean secure = parameters.flag("secure", true);
        String endpoint = parameters.address("regionendpoint", secure ? "https" : "http");
        String accessKey = parameters.text("accesskey", null);
        String secretKey = parameters.text("secretkey", null);
        if ((accessKey == null) != (secretKey == null)) {
            throw parameters.invalid((accessKey == null ? "accesskey" : "secretkey")
                    + " is missing: write both keys, or none for the default credentials");
        }
        return new StorageSettings.S3(
                parameters.required("bucket"),
                parameters.text("rootdirectory", ""),
                endpoint == null ? parameters.required("region") : parameters.text("region", REGION_OF_AN_ENDPOINT),
                endpoint,
                parameters.flag("forcepathstyle", endpoint != null),
                accessKey,
                secretKey,
                parameters.text("sessiontoken", null),
                secure,
                parameters.flag("skipverify", false),
                parameters.flag("accelerate", false),
                parameters.flag("usedualstack", false),
                parameters.flag("usefipsendpoint", false),
                parameters.text("useragent", null));
    }
}
