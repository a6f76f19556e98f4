package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeConfigTest {

    private static Map<String, String> keysAt(ClusterModel model, int stage) {
        return RuntimeConfig.keysAt(model, model.spec().modesAt(stage), model.voters());
    }

    @ParameterizedTest
    @CsvSource({
        "0,false,http,false,bully",
        "1,true,hybrid,false,bully",
        "2,true,swim,false,bully",
        "3,true,swim,true,hybrid",
        "4,true,swim,true,raft"
    })
    void aStageIsFourSwitches(int stage, String swim, String membership, String raft, String consensus) {
        assertThat(keysAt(model(""), stage))
                .containsEntry("RINGRIFT_SWIM_ENABLED", swim)
                .containsEntry("RINGRIFT_MEMBERSHIP_MODE", membership)
                .containsEntry("RINGRIFT_RAFT_ENABLED", raft)
                .containsEntry("RINGRIFT_CONSENSUS_MODE", consensus);
    }

    @Test
    void aModeThatIsSetWinsOverTheStageAndStopsWhatItDoesNotNeed() {
        assertThat(keysAt(model("{stage: 4, membership: {mode: http}, consensus: {mode: bully}}"), 4))
                .containsEntry("RINGRIFT_SWIM_ENABLED", "false")
                .containsEntry("RINGRIFT_MEMBERSHIP_MODE", "http")
                .containsEntry("RINGRIFT_RAFT_ENABLED", "false")
                .containsEntry("RINGRIFT_CONSENSUS_MODE", "bully");
    }

    @Test
    void aShadowRunsAndDecidesNothing() {
        assertThat(keysAt(model("{stage: 0, membership: {shadow: true}, consensus: {shadow: true}}"), 0))
                .containsEntry("RINGRIFT_SWIM_ENABLED", "true")
                .containsEntry("RINGRIFT_MEMBERSHIP_MODE", "http")
                .containsEntry("RINGRIFT_RAFT_ENABLED", "true")
                .containsEntry("RINGRIFT_CONSENSUS_MODE", "bully");
    }

    @Test
    void peersFollowReplicas() {
        assertThat(keysAt(model("{stage: 0, replicas: 2}"), 0))
                .containsEntry(
                        "RINGRIFT_PEERS", "demo-0=demo-0.demo-peers.games.svc,demo-1=demo-1.demo-peers.games.svc")
                .containsEntry("RAFT_VOTERS", "demo-0");
    }

    @Test
    void aTimeThatIsNotSetIsLeftToTheProfile() {
        assertThat(keysAt(model("{stage: 0, membership: {profile: fast}}"), 0))
                .containsEntry("RINGRIFT_SWIM_PROFILE", "fast")
                .doesNotContainKeys(
                        "RINGRIFT_SWIM_FAILURE_TIMEOUT",
                        "RINGRIFT_SWIM_SUSPICION_TIMEOUT",
                        "RINGRIFT_SWIM_PING_INTERVAL",
                        "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE",
                        "RINGRIFT_SWIM_MAX_TRANSMISSIONS");
    }

    @Test
    void everyTuningIsHandedOn() {
        assertThat(keysAt(model("""
                        stage: 0
                        agent: {logLevel: DEBUG}
                        membership:
                          profile: low-bandwidth
                          swim: {failureTimeout: 7s, suspicionTimeout: 4s, pingInterval: 500ms, pingRequestGroupSize: 5, maxTransmissions: 20}
                          http: {pollInterval: 1s, suspectAfter: 2s, failedAfter: 3s}
                        consensus: {profile: throttled, recoveryGeneration: 3}
                        """), 0))
                .containsEntry("RINGRIFT_LOG_LEVEL", "DEBUG")
                .containsEntry("RINGRIFT_SWIM_PROFILE", "low-bandwidth")
                .containsEntry("RINGRIFT_SWIM_FAILURE_TIMEOUT", "7s")
                .containsEntry("RINGRIFT_SWIM_SUSPICION_TIMEOUT", "4s")
                .containsEntry("RINGRIFT_SWIM_PING_INTERVAL", "500ms")
                .containsEntry("RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE", "5")
                .containsEntry("RINGRIFT_SWIM_MAX_TRANSMISSIONS", "20")
                .containsEntry("RINGRIFT_HTTP_POLL_INTERVAL", "1s")
                .containsEntry("RINGRIFT_HTTP_SUSPECT_AFTER", "2s")
                .containsEntry("RINGRIFT_HTTP_FAILED_AFTER", "3s")
                .containsEntry("RINGRIFT_RAFT_PROFILE", "throttled")
                .containsEntry("RINGRIFT_RAFT_RECOVERY_GENERATION", "3");
    }

    @Test
    void theDigestFollowsTheContentAndNotTheStage() {
        assertThat(RuntimeConfig.digest(model("{stage: 0}")))
                .isEqualTo(RuntimeConfig.digest(model("{stage: 4}")))
                .isNotEqualTo(RuntimeConfig.digest(model("{stage: 0, membership: {profile: fast}}")))
                .isNotEqualTo(RuntimeConfig.digest(model("{stage: 0, membership: {mode: hybrid}}")))
                .isNotEqualTo(RuntimeConfig.digest(model("{stage: 0, consensus: {recoveryGeneration: 1}}")));
        assertThat(RuntimeConfig.digest(model("{stage: 0, replicas: 5, consensus: {voters: 5}}")))
                .as("voters have a way of their own")
                .isEqualTo(RuntimeConfig.digest(model("{stage: 0, replicas: 5, consensus: {voters: 3}}")));
    }

    @Test
    void aFewMembersFindTheirOwnInTheSameConfigMap() {
        var base = new RuntimeConfig(4, new TreeMap<>(keysAt(model(""), 0)));
        var next = new RuntimeConfig(5, new TreeMap<>(keysAt(model(""), 1)));
        var documents = new RuntimeDocuments(base, Set.of("demo-4"), next);

        var configMap = documents.configMap(model(""));
        assertThat(configMap.getData())
                .containsAllEntriesOf(base.document())
                .containsEntry("canary.nodes", "demo-4")
                .containsEntry("canary.RINGRIFT_CONFIG_GENERATION", "5")
                .containsEntry("canary.RINGRIFT_MEMBERSHIP_MODE", "hybrid")
                .doesNotContainKey("canary.RINGRIFT_PEERS");
        assertThat(documents.of("demo-4")).isEqualTo(next);
        assertThat(documents.of("demo-3")).isEqualTo(base);
        assertThat(RuntimeDocuments.highestGeneration(configMap)).isEqualTo(5);
    }

    @Test
    void aConfigMapWithoutAReadableGenerationCountsAsAbsent() {
        assertThat(RuntimeDocuments.highestGeneration(new ConfigMapBuilder().build()))
                .isZero();
        assertThat(RuntimeDocuments.highestGeneration(
                        new ConfigMapBuilder().withData(Map.of("a", "b")).build()))
                .isZero();
        assertThat(RuntimeDocuments.highestGeneration(new ConfigMapBuilder()
                        .withData(Map.of(RuntimeConfig.GENERATION, "many"))
                        .build()))
                .isZero();
    }
}
