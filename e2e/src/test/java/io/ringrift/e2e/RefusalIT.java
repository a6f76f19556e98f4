package io.ringrift.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server itself says to resources, good and bad. */
@OnKubernetes
@Order(3)
class RefusalIT {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    {stage: 5}                                                     | spec.stage      | less than or equal to 4
                    {stage: 0, membership: {mode: gossip}}                         | membership.mode | supported values: "http", "hybrid", "swim"
                    {stage: 0, consensus: {mode: paxos}}                           | consensus.mode  | supported values: "bully", "hybrid", "raft"
                    {stage: 0, ports: {http: 8770, swim: 8770}}                    | ports           | must be three different ports
                    {stage: 3, consensus: {voterNames: [bad-0, bad-1, other-2]}}   | voterNames      | must be members
                    {stage: 0, template: {spec: {containers: [{nme: x}]}}}         | nme             | unknown field
                    """)
    void refusesWithASentence(String spec, String field, String allowed, Kubernetes kubernetes, Release release) {
        var refused = kubernetes.kubectlWith(
                "{apiVersion: ringrift.io/v1alpha1, kind: RingRiftCluster, metadata: {name: bad}, spec: %s}"
                        .formatted(spec),
                "apply",
                "--dry-run=server",
                "-f",
                "-");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.err()).contains(field).contains(allowed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void acceptsEverySample(Path sample, Kubernetes kubernetes, Release release) {
        assertThat(kubernetes
                        .kubectl("apply", "--dry-run=server", "--warnings-as-errors", "-f", sample.toString())
                        .ok())
                .contains("created (server dry run)");
    }

    static List<Path> samples() throws IOException {
        try (var files = Files.list(Tools.project("samples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void explainsEveryFieldOfTheSpec(Kubernetes kubernetes, Release release) {
        assertThat(kubernetes.kubectl("explain", "rrc.spec.rollout.soak").ok()).contains("DESCRIPTION");
    }
}
