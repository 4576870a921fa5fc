package dev.tidemark.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.chart.Pods.Pod;
import dev.tidemark.cli.exit.ExitCode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The chart's runs: the CronJob, and the schedule of the enumerators. */
class ChartRunsTest extends CopiedChart {

    private static final String REQUIRED = "/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution";

    @Test
    void aRunIsADryRunUntilSomebodySaysOtherwise() throws IOException {
        assertThat(pod(Values.CRONJOB_ON_A_CLAIM, "collect").arguments())
                .containsExactly(
                        "collect",
                        "--dry-run",
                        "--delete-untagged",
                        "--min-age=24h",
                        "--max-delete=75",
                        "--policy=/etc/tidemark/policy.yml",
                        "--registry-url=http://registry-0.registry:5000",
                        "--registry-auth=/etc/registry-auth/config.json",
                        "/etc/registry/config.yml");
        assertThat(pod(Values.SERVICES_WITH_STRIMZI, "enumerator").environment())
                .containsEntry("TIDEMARK_SCHEDULE_DRY_RUN", "true");
    }

    @Test
    void theSameRunIsAskedForInBothModes() throws IOException {
        assertThat(pod(Values.CRONJOB_ON_S3, "collect").arguments())
                .containsExactly(
                        "collect",
                        "--delete-untagged",
                        "--min-age=24h",
                        "--max-delete=75",
                        "--leftovers=off",
                        "--keep-trash=24h",
                        "/etc/registry/configData");
        assertThat(pod(Values.EVERYTHING_ON, "enumerator").environment())
                .containsEntry("TIDEMARK_SCHEDULE", "0 3 * * 6")
                .containsEntry("TIDEMARK_SCHEDULE_DRY_RUN", "false")
                .containsEntry("TIDEMARK_SCHEDULE_REPAIR", "true")
                .containsEntry("TIDEMARK_LEFTOVERS", "14d")
                .containsEntry("TIDEMARK_POLICY", "/etc/tidemark/policy.yml")
                .containsEntry("TIDEMARK_TRUST_MIDDLEWARE", "one,another");
        assertThat(pod(Values.EVERYTHING_ON, "sweeper").environment())
                .containsEntry("TIDEMARK_KEEP_TRASH", "7d")
                .containsEntry("TIDEMARK_MAX_PUSH", "2h")
                .containsEntry("TIDEMARK_REGISTRY_URLS", "http://10.0.0.7:5000,http://10.0.0.8:5000")
                .containsKey("TIDEMARK_EVENTS_SECRET");
    }

    /** A run that waits is not made again, one that failed is, and a drained node costs no try. */
    @Test
    void aRunThatWaitsEndsItsJob() throws IOException {
        JsonNode job = only(chart.objects(Values.CRONJOB_ON_S3.yaml()), "CronJob");

        assertThat(job.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
        assertThat(job.at("/spec/schedule").asText()).isEqualTo("30 2 * * *");
        assertThat(job.at("/spec/timeZone").asText()).isEqualTo("Europe/Vienna");
        JsonNode spec = job.at("/spec/jobTemplate/spec");
        assertThat(spec.at("/template/spec/restartPolicy").asText()).isEqualTo("Never");
        JsonNode waits = spec.at("/podFailurePolicy/rules/0");
        assertThat(waits.path("action").asText()).isEqualTo("FailJob");
        assertThat(waits.at("/onExitCodes/operator").asText()).isEqualTo("In");
        assertThat(Pods.texts(waits.at("/onExitCodes/values"))).containsExactly(Integer.toString(ExitCode.WAITING));
        assertThat(waits.at("/onExitCodes/containerName")).isEqualTo(spec.at("/template/spec/containers/0/name"));
        assertThat(spec.at("/podFailurePolicy/rules/1/action").asText()).isEqualTo("Ignore");
        assertThat(spec.path("backoffLimit").asInt()).isEqualTo(2);
    }

    /** What the registry has is taken from where it is: nothing is written down a second time. */
    @Test
    void theRegistrysOwnObjectsAreUsed() throws IOException {
        Pod onClaim = pod(Values.CRONJOB_ON_A_CLAIM, "collect");
        assertThat(volume(onClaim, "registry")
                        .at("/persistentVolumeClaim/claimName")
                        .asText())
                .isEqualTo("registry-storage");
        assertThat(volume(onClaim, "registry-config").at("/configMap/name").asText())
                .isEqualTo("registry-config");
        assertThat(onClaim.spec().at("/securityContext/runAsUser").asLong()).isEqualTo(1_000_660_000L);
        assertThat(onClaim.spec().at(REQUIRED).toString())
                .isEqualTo("[{\"labelSelector\":{\"matchLabels\":{\"app\":\"registry\"}},"
                        + "\"topologyKey\":\"kubernetes.io/hostname\"}]");

        Pod onS3 = pod(Values.CRONJOB_ON_S3, "collect");
        assertThat(volume(onS3, "registry-config").at("/secret/secretName").asText())
                .isEqualTo("registry");
        assertThat(onS3.environment()).containsEntry("REGISTRY_STORAGE_S3_REGION", "eu-central-1");
        assertThat(onS3.spec().path("affinity").isMissingNode()).isTrue();

        Pod onAzure = pod(Values.CRONJOB_ON_AZURE, "collect");
        assertThat(onAzure.container().at("/envFrom/0/secretRef/name").asText()).isEqualTo("registry-env");
        assertThat(volume(onAzure, "data")
                        .at("/persistentVolumeClaim/claimName")
                        .asText())
                .isEqualTo("gc-data");
        assertThat(volume(onAzure, "policy").at("/configMap/name").asText()).isEqualTo("policies");
        assertThat(onAzure.arguments()).contains("--policy=/etc/tidemark/gc.yml");
        assertThat(Pods.kind(chart.objects(Values.CRONJOB_ON_AZURE.yaml()), "PersistentVolumeClaim"))
                .isEmpty();
    }

    @Test
    void aCloudsIdentityIsSaidToTheServiceAccountAndThePods() throws IOException {
        assertThat(only(chart.objects(Values.CRONJOB_ON_S3.yaml()), "ServiceAccount")
                        .at("/metadata/annotations")
                        .path("eks.amazonaws.com/role-arn")
                        .asText())
                .isEqualTo("arn:aws:iam::111122223333:role/registry-gc");
        Pod onAzure = pod(Values.CRONJOB_ON_AZURE, "collect");
        assertThat(onAzure.spec().path("serviceAccountName").asText()).isEqualTo("registry");
        assertThat(onAzure.template()
                        .at("/metadata/labels")
                        .path("azure.workload.identity/use")
                        .asText())
                .isEqualTo("true");
        assertThat(Pods.kind(chart.objects(Values.CRONJOB_ON_AZURE.yaml()), "ServiceAccount"))
                .isEmpty();
    }

    /** It never mounts the storage, and needs no rights on it. */
    @Test
    void aMarkerIsNeitherBoundToTheRegistrysNodeNorHasItsRights() throws IOException {
        Pod sweeper = pod(Values.EVERYTHING_ON, "sweeper");
        assertThat(sweeper.spec().at(REQUIRED)).hasSize(2);
        assertThat(sweeper.spec().path("serviceAccountName").asText()).isEqualTo("registry-tidemark");

        Pod marker = pod(Values.EVERYTHING_ON, "marker");
        assertThat(marker.spec().at(REQUIRED)).hasSize(1);
        assertThat(marker.spec()
                        .at(REQUIRED)
                        .at("/0/labelSelector/matchLabels/app")
                        .asText())
                .isEqualTo("cache");
        assertThat(marker.spec().path("serviceAccountName").asText()).isEqualTo("default");
    }

    /** Records of runs and holds stay when the release goes. */
    @Test
    void anUninstalledReleaseLeavesItsRecords() throws IOException {
        assertThat(only(chart.objects(Values.CRONJOB_ON_S3.yaml()), "PersistentVolumeClaim")
                        .at("/metadata/annotations")
                        .path("helm.sh/resource-policy")
                        .asText())
                .isEqualTo("keep");
        assertThat(Pods.kind(chart.objects(Values.SERVICES_WITH_STRIMZI.yaml()), "KafkaTopic"))
                .isNotEmpty()
                .allSatisfy(topic -> assertThat(topic.at("/metadata/annotations")
                                .path("helm.sh/resource-policy")
                                .asText())
                        .isEqualTo("keep"));
    }

    @Test
    void theNotesNameThingsThatThereAre() throws IOException {
        assertThat(chart.notes(Values.CRONJOB_ON_A_CLAIM.yaml()))
                .contains(
                        "--from=cronjob/registry-tidemark ",
                        "deployment/registry-tidemark-client",
                        "All scheduled runs are dry");
        assertThat(chart.notes(Values.EVERYTHING_ON.yaml()))
                .contains("tidemark run --dry-run --delete-untagged", "helm -n images test registry")
                .doesNotContain("All scheduled runs are dry");
        assertThat(chart.objects(Values.CRONJOB_ON_A_CLAIM.yaml()))
                .extracting(object -> object.at("/metadata/name").asText())
                .contains("registry-tidemark", "registry-tidemark-client");
    }

    private Pod pod(Values values, String component) throws IOException {
        return Pods.of(chart.objects(values.yaml())).stream()
                .filter(pod -> pod.component().equals(component))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode only(List<JsonNode> objects, String kind) {
        List<JsonNode> found = Pods.kind(objects, kind).toList();
        assertThat(found).as(kind).hasSize(1);
        return found.getFirst();
    }

    private static JsonNode volume(Pod pod, String name) {
        return Pods.stream(pod.spec().path("volumes"))
                .filter(volume -> volume.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
