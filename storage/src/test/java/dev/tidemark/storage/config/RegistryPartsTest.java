package dev.tidemark.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.config.RegistryParts.Middleware;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sections of a configuration that say whether its storage shows all that is in use. */
class RegistryPartsTest extends ConfigurationTest {

    @Test
    void aStorageAloneShowsAll() throws IOException {
        assertThat(parts("")).isEqualTo(RegistryParts.NONE);
        assertThat(refusal("")).isEmpty();
        assertThat(parts("log: {level: info}\nmiddleware:\nproxy: {}\ndatabase:\n"))
                .isEqualTo(RegistryParts.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
      database: {enabled: true}               |                                  | database.enabled is true
      database: {enabled: 'true'}             |                                  | database.enabled is true
      database: {enabled: prefer, host: db}   |                                  | database.enabled is prefer
      database: {enabled: yes}                |                                  | database.enabled is true
      database: {enabled: false}              | REGISTRY_DATABASE_ENABLED=true   | database.enabled is true
      database: {enabled: false}              | REGISTRY_DATABASE_ENABLED=prefer | database.enabled is prefer
      log: {level: info}                      | REGISTRY_DATABASE={enabled: on}  | database.enabled is true
      database: {host: db}                    |                                  | database.enabled is not false
      log: {level: info}                      | REGISTRY_DATABASE_HOST=db        | database.enabled is not false
      database: prefer                        |                                  | database.enabled is not false
      """)
    void aMetadataDatabaseIsRefused(String section, String variable, String why) throws IOException {
        assertThat(refusal(section, variable == null ? "X=" : variable))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains(why, "online collection", "set database.enabled to false")
                        .doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
      database: {enabled: false, host: db}    |
      database: {enabled: 'false'}            |
      database: {enabled: true}               | REGISTRY_DATABASE_ENABLED=false
      database: {enabled: true}               | REGISTRY_DATABASE={enabled: false}
      log: {level: info}                      | REGISTRY_DATABASE_ENABLED=
      """)
    void aDatabaseThatIsSwitchedOffIsNone(String section, String variable) throws IOException {
        assertThat(parts(section, variable == null ? "X=" : variable)).isEqualTo(RegistryParts.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudfront", "redirect", "rewrite", "alicdn", "googlecdn", "urlcache"})
    void middlewareThatOnlyChangesAddressesIsNotInTheWay(String name) throws IOException {
        assertThat(refusal("middleware: {storage: [{name: " + name + ", options: {baseurl: 'https://cdn'}}]}"))
                .isEmpty();
        assertThat(refusal("middleware: {repository: [{name: " + name + "}]}")).isPresent();
    }

    @Test
    void middlewareThatNobodyKnowsIsRefusedUnlessItIsTrusted() throws IOException {
        RegistryParts parts = parts("""
            middleware:
              registry: [{name: openshift}]
              repository: [{name: openshift, options: {enforcequota: false}}]
              storage: [{name: cloudfront}, {name: openshift, disabled: true}]
            """);

        assertThat(parts.middlewares())
                .containsExactlyInAnyOrder(
                        new Middleware("registry", "openshift"),
                        new Middleware("repository", "openshift"),
                        new Middleware("storage", "openshift"));
        assertThat(parts.refusal(Set.of("other"), "--trust-middleware "))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("openshift", "say so with --trust-middleware openshift"));
        assertThat(parts.refusal(Set.of("openshift"), "--trust-middleware ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REGISTRY_MIDDLEWARE={repository: [{name: own}]}",
                "REGISTRY_MIDDLEWARE_REPOSITORY=[{name: own}]",
                "REGISTRY_MIDDLEWARE_REPOSITORY=- name: own",
                "REGISTRY_MIDDLEWARE_REPOSITORY_0={name: own}",
                "REGISTRY_MIDDLEWARE_REPOSITORY_0_NAME=own"
            })
    void middlewareMayBeNamedByTheEnvironment(String variable) throws IOException {
        assertThat(parts("", variable, "REGISTRY_MIDDLEWARE_STORAGE_0_OPTIONS_BASEURL=x")
                        .middlewares())
                .containsExactly(new Middleware("repository", "own"));
    }

    /** Version 2.8 ignores the variable, and version 3 obeys it. */
    @Test
    void aVariableThatRenamesMiddlewareTakesNothingBack() throws IOException {
        String section = "middleware: {storage: [{name: kept, options: {x: y}}]}";

        assertThat(parts(section, "REGISTRY_MIDDLEWARE_STORAGE_0_NAME=cloudfront")
                        .middlewares())
                .containsExactly(new Middleware("storage", "kept"));
        assertThat(parts(section, "REGISTRY_MIDDLEWARE_STORAGE_0_NAME=own").middlewares())
                .containsExactlyInAnyOrder(new Middleware("storage", "kept"), new Middleware("storage", "own"));
    }

    @Test
    void aValueThatIsNoListOfMiddlewareIsMiddlewareThatNobodyKnows() throws IOException {
        assertThat(refusal("middleware: [own]")).isPresent();
        assertThat(refusal("middleware: own")).isPresent();
        assertThat(refusal("middleware: {storage: {options: {}}}")).isPresent();
        assertThat(refusal("middleware: {storage: \"a\\nb\"}"))
                .hasValueSatisfying(line -> assertThat(line).contains("a?b").doesNotContain("\n"));
    }

    /** As the configuration of its image has it, which names no middleware. */
    @Test
    void openShiftAddsItsMiddlewareItself() throws IOException {
        assertThat(refusal("openshift: {version: 1.0}"))
                .hasValueSatisfying(line -> assertThat(line).contains("openshift"));
    }

    @Test
    void aPullThroughCacheHasUntaggedManifestsInUse() throws IOException {
        String section = "proxy: {remoteurl: 'https://registry-1.docker.io'}";

        assertThat(parts(section).untagged())
                .hasValueSatisfying(why -> assertThat(why).contains("pull-through cache", "--delete-untagged"));
        assertThat(refusal(section)).isEmpty();
        assertThat(parts(section, "REGISTRY_PROXY_REMOTEURL=").untagged()).isEmpty();
        assertThat(parts("", "REGISTRY_PROXY_REMOTEURL=https://other").untagged())
                .isPresent();
        assertThat(parts("", "REGISTRY_PROXY_PASSWORD=%odd@").untagged()).isEmpty();
        assertThat(parts("proxy: {remoteurl: ''}").untagged()).isEmpty();
    }

    @Test
    void harborHasUntaggedManifestsInUse() throws IOException {
        String section = "auth: {htpasswd: {realm: harbor-registry-basic-realm, path: /etc/registry/passwd}}";

        assertThat(parts(section).untagged())
                .hasValueSatisfying(why -> assertThat(why).contains("Harbor", "--delete-untagged"));
        assertThat(parts("auth: {token: {issuer: harbor-token-issuer, service: harbor-registry}}")
                        .untagged())
                .isPresent();
        assertThat(parts("auth: {htpasswd: {realm: basic-realm, path: /auth/htpasswd}}")
                        .untagged())
                .isEmpty();
        assertThat(refusal(section)).isEmpty();
    }

    private Optional<String> refusal(String sections, String... variables) throws IOException {
        return parts(sections, variables).refusal(Set.of(), "--trust-middleware ");
    }

    private RegistryParts parts(String sections, String... variables) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables) {
            String[] words = variable.split("=", 2);
            environment.put(words[0], words[1]);
        }
        return RegistryConfiguration.read(file(FILESYSTEM + sections), environment)
                .parts();
    }
}
