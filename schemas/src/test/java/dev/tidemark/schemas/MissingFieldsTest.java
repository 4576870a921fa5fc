package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A field that is missing in a record must never read as something that makes a deletion more likely. */
class MissingFieldsTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String CHECKSUM = "ab".repeat(32);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'blobs','run':'20260101-000000'}",
                "{'type':'blobs','blobs':[{'digest':'D','size':1,'modified':1}]}",
                "{'type':'blobs','run':'20260101-000000','blobs':[null]}",
                "{'type':'blobs','run':'20260101-000000','blobs':[{'digest':'D','size':1}]}",
                "{'type':'blobs','run':'20260101-000000','blobs':[{'size':1,'modified':1}]}",
                "{'type':'layers','run':'20260101-000000','layers':[{'digest':'D','modified':1}]}",
                "{'type':'layers','run':'20260101-000000','repository':'a'}",
                "{'type':'layers','run':'20260101-000000','repository':'a','layers':[{'digest':'D'}]}",
                "{'type':'manifests','run':'20260101-000000','manifests':[{'digest':'D','size':1,"
                        + "'modified':1,'dangling':false}]}",
                "{'type':'manifests','run':'20260101-000000','repository':'a','manifests':[{'digest':'D',"
                        + "'size':1,'dangling':false}]}",
                "{'type':'manifests','run':'20260101-000000','repository':'a','manifests':[{'digest':'D',"
                        + "'size':1,'modified':1}]}",
                "{'type':'start-of-input','run':'20260101-000000','input':'BLOBS','request':'C'}",
                "{'type':'start-of-input','run':'20260101-000000','input':'BLOBS','request':'C',"
                        + "'options':{'cutoff':1,'deleteUntagged':true}}",
                "{'type':'start-of-input','run':'20260101-000000','input':'BLOBS','options':{'cutoff':1,"
                        + "'deleteUntagged':true,'dryRun':true}}",
                "{'type':'end-of-input','run':'20260101-000000','input':'BLOBS','checksum':'C'}",
                "{'type':'end-of-input','run':'20260101-000000','input':'BLOBS','records':1}",
                "{'type':'blobs','run':'20261399-999999','blobs':[{'digest':'D','size':1,'modified':1}]}"
            })
    void aRecordThatLacksSomethingIsNotRead(String json) {
        assertThatThrownBy(() ->
                        new JsonSerde<>(EnumeratedRecord.class).deserializer().deserialize("topic", bytes(json)))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void aPlanWithoutItsRegistryIsNotRead() {
        String plan = "{'type':'planned','run':'20260101-000000','round':0,'items':0,'work':'C',"
                + "'unknown':{'count':0,'bytes':0}%s}";
        var deserializer = new JsonSerde<>(WorkDoneRecord.class).deserializer();

        assertThat(deserializer.deserialize("topic", bytes(plan.formatted(",'registry':'here'"))))
                .isNotNull();
        assertThatThrownBy(() -> deserializer.deserialize("topic", bytes(plan.formatted(""))))
                .isInstanceOf(SerializationException.class);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"')
                .replace("\"D\"", '"' + DIGEST + '"')
                .replace("\"C\"", '"' + CHECKSUM + '"')
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aPinWithoutAReasonIsNoPin() {
        assertThatThrownBy(() -> new EnumeratedRecord.Blob(Digest.parse(DIGEST), 1, 1, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runIdsAreTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(RunId.of(20_261_123_211_839L).text()).isEqualTo("20261123-211839");
        } finally {
            Locale.setDefault(before);
        }
    }
}
