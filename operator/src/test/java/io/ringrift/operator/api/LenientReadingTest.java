package io.ringrift.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientReadingTest {
    @Test
    void whatIsLeftOutHasItsDefault() {
        RingRiftClusterSpec spec = read("spec: {stage: 2}").getSpec();
        assertThat(spec.replicas()).isEqualTo(3);
        assertThat(spec.ports().raft()).isEqualTo(4321);
        assertThat(spec.security().tls()).isTrue();
        assertThat(spec.rollout().steps()).containsExactly("1", "50%", "100%");
        assertThat(spec.membership().profile()).isEqualTo(SwimProfile.DEFAULT);
        assertThat(spec.agent().logLevel()).isEqualTo(LogLevel.INFO);
    }

    @Test
    void unknownFieldsAndWordsDoNoHarm() {
        RingRiftCluster cluster = read("spec: {stage: 1, shape: round, membership: {mode: telepathy, swim: {x: 1}}}\n"
                + "status: {phase: Dreaming, mood: good}");
        assertThat(cluster.getSpec().stage()).isEqualTo(1);
        assertThat(cluster.getSpec().membership().mode()).isNull();
        assertThat(cluster.getStatus().phase()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{stage: [1]}",
                "{stage: 0, replicas: five}",
                "{stage: 0, membership: [none]}",
                "{stage: 0, template: 5}",
                "[]",
                "text"
            })
    void aSpecThatDoesNotFitIsReadAsNone(String spec) {
        assertThat(read("spec: " + spec).getSpec()).isNull();
    }

    @Test
    void aStatusThatDoesNotFitIsReadAsNone() {
        RingRiftCluster cluster = read("spec: {stage: 0}\nstatus: {stage: {}}");
        assertThat(cluster.getStatus()).isNull();
        assertThat(cluster.knownStatus()).isEqualTo(RingRiftClusterStatus.UNKNOWN);
    }

    @Test
    void votersAreNamedElseTheLowestOrdinals() {
        assertThat(read("spec: {stage: 0, replicas: 5}").voterNames()).containsExactly("demo-0", "demo-1", "demo-2");
        assertThat(read("spec: {stage: 0, replicas: 2}").voterNames()).containsExactly("demo-0");
        assertThat(read("spec: {stage: 0, replicas: 5, consensus: {voters: 5}}").voterNames())
                .hasSize(5);
        assertThat(read("spec: {stage: 0, replicas: 5, consensus: {voterNames: [demo-4]}}")
                        .voterNames())
                .containsExactly("demo-4");
    }

    @Test
    void modesWinOverTheStage() {
        assertThat(read("spec: {stage: 2, membership: {mode: http}}").getSpec().modesAt(2))
                .isEqualTo(new Modes(false, MembershipMode.HTTP, false, ConsensusMode.BULLY));
        assertThat(read("spec: {stage: 0, membership: {shadow: true}, consensus: {shadow: true}}")
                        .getSpec()
                        .modesAt(0))
                .isEqualTo(new Modes(true, MembershipMode.HTTP, true, ConsensusMode.BULLY));
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "5s,5000", "2m,120000", "24h,86400000", "1h30m,5400000", "1.5s,1500", "0s,0"})
    void readsDurations(String text, long milliseconds) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "5d", "5s5", "soon"})
    void saysWhatADurationIs(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text
                        + "\" is not a duration: write a number and ms, s, m or h, such as 500ms, 5s or 1h30m");
    }

    private static RingRiftCluster read(String yaml) {
        return Serialization.unmarshal(
                "apiVersion: ringrift.io/v1alpha1\nkind: RingRiftCluster\nmetadata: {name: demo, namespace: n}\n"
                        + yaml,
                RingRiftCluster.class);
    }
}
