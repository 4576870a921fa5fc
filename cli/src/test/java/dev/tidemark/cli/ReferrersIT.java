package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An image is pushed again, or held, while its run waits: what refers to it is to stay as well. */
class ReferrersIT extends ServicesInProcess {

    @Test
    void aReferrerOfAnImageThatIsInUseAgainWhenTheSweepBeginsStays() {
        var of = new ReferrersOnDisk(app);
        String sbom = of.oras(untagged);
        String signature = of.notation(sbom);
        String held = app.image("held");
        String bundle = of.cosign3(held);
        String dead = app.image("dead");
        String signatureOfDead = of.notation(dead);
        registry.age(Duration.ofDays(2));
        startServices(storage());

        assertThat(tidemark("run", "--delete-untagged", "--max-delete", "5").exitCode())
                .isEqualTo(ExitCode.WAITING);
        RegistryOnDisk.age(app.revision(untagged), Duration.ZERO);
        assertThat(tidemark("hold", "add", "--reason", "audit", app.name() + "@" + held)
                        .exitCode())
                .isZero();
        Tidemark.Result approved = tidemark("approve", latest().id().toString());

        assertThat(approved.exitCode()).as(approved.err()).isZero();
        for (String stays : new String[] {untagged, sbom, signature, held, bundle}) {
            assertThat(app.revision(stays)).exists();
            assertThat(app.layers(stays)).isNotEmpty().allSatisfy(layer -> {
                assertThat(registry.data(layer)).exists();
                assertThat(app.layerPath(layer)).exists();
            });
        }
        for (String goes : new String[] {dead, signatureOfDead}) {
            assertThat(app.revision(goes)).doesNotExist();
            assertThat(registry.data(goes)).doesNotExist();
        }
        assertThat(tidemark("audit", latest().id().toString()).exitCode()).isZero();
    }
}
