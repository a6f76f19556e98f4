package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RulesCorpus;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecValidatorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{stage: 0}",
                "{stage: 4, replicas: 1}",
                "{stage: 4, replicas: 5, consensus: {voters: 5}}",
                "{stage: 3, replicas: 5, consensus: {voters: 3, voterNames: [demo-4, demo-2, demo-0]}}",
                "{stage: 1, membership: {profile: fast, swim: {failureTimeout: 2.5s}}}",
                "{stage: 0, storage: {size: 1Gi}, rollout: {soak: 0s, verify: 0s, steps: ['1', '100%']}}",
                "{stage: 0, workloadRef: {name: trainer}}",
                "{stage: 0, template: {spec: {containers: [{name: work}], volumes: [{name: data}]}}}"
            })
    void findsNothingWrongWithWhatIsRight(String spec) {
        assertThat(SpecValidator.problems(cluster(spec))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{stage: 5} | spec.stage is 5: it must be from 0 to 4",
                "{stage: -1} | spec.stage is -1",
                "{stage: 0, replicas: 0} | spec.replicas is 0: it must be from 1 to 1000",
                "{stage: 0, replicas: 1001} | spec.replicas is 1001",
                "{stage: 0, template: {}, workloadRef: {name: a}} | spec.template and spec.workloadRef are both set",
                "{stage: 0, workloadRef: {kind: Deployment, name: a}} | spec.workloadRef.kind is Deployment",
                "{stage: 3, replicas: 5, consensus: {voters: 4}} | spec.consensus.voters is 4: it must be odd",
                "{stage: 3, replicas: 3, consensus: {voters: 5}} | at most spec.replicas (3)",
                "{stage: 3, consensus: {voters: 0}} | spec.consensus.voters is 0",
                "{stage: 3, consensus: {voters: 1, voterNames: [demo-0, demo-1, demo-2]}} | leave one of them out",
                "{stage: 3, consensus: {voterNames: [demo-0, demo-1]}} | it must be an odd number",
                "{stage: 3, consensus: {voterNames: [demo-0, demo-0, demo-1]}} | names a member twice",
                "{stage: 3, consensus: {voterNames: [demo-3]}} | names demo-3, which is no member: members are demo-0 to demo-2",
                "{stage: 3, consensus: {voterNames: [stranger]}} | names stranger, which is no member",
                "{stage: 3, consensus: {recoveryGeneration: -1}} | recoveryGeneration is -1",
                "{stage: 0, membership: {swim: {suspicionTimeout: 5s}}} | 5000 ms is not less than 5000 ms",
                "{stage: 0, membership: {profile: fast, swim: {suspicionTimeout: 3s}}} | 3000 ms is not less than 3000 ms",
                "{stage: 0, membership: {swim: {pingInterval: 0s}}} | pingInterval is 0s: it must be greater than 0",
                "{stage: 0, membership: {swim: {failureTimeout: 11m}}} | failureTimeout is 11m",
                "{stage: 0, membership: {swim: {failureTimeout: soon}}} | failureTimeout: \"soon\" is not a duration",
                "{stage: 0, membership: {swim: {pingRequestGroupSize: 11}}} | pingRequestGroupSize is 11: it must be from 1 to 10",
                "{stage: 0, membership: {swim: {maxTransmissions: 0}}} | maxTransmissions is 0",
                "{stage: 0, membership: {http: {pollInterval: 45s}}} | 45000 ms is not less than 45000 ms",
                "{stage: 0, membership: {http: {failedAfter: 45s}}} | 45000 ms is not less than 45000 ms",
                "{stage: 0, storage: {size: big}} | spec.storage.size is big",
                "{stage: 0, storage: {size: '0'}} | spec.storage.size is 0: it must be greater than 0",
                "{stage: 0, rollout: {soak: 721h}} | spec.rollout.soak is 721h: it must be at least 0",
                "{stage: 0, rollout: {verify: 10m}} | 600000 ms is not less than 600000 ms",
                "{stage: 0, rollout: {progressDeadline: 0s}} | spec.rollout.progressDeadline is 0s",
                "{stage: 0, rollout: {steps: []}} | spec.rollout.steps is empty",
                "{stage: 0, rollout: {steps: ['101%']}} | spec.rollout.steps contains 101%",
                "{stage: 0, ports: {http: 7947}} | spec.ports has http 7947, swim 7947 and raft 4321: they must differ",
                "{stage: 0, ports: {raft: 65536}} | spec.ports.raft is 65536",
                "{stage: 0, template: {spec: {containers: [{name: ringrift-agent}]}}} | a container ringrift-agent",
                "{stage: 0, template: {spec: {initContainers: [{name: ringrift-agent}]}}} | a container ringrift-agent",
                "{stage: 0, template: {spec: {volumes: [{name: ringrift-tls}]}}} | spec.template.spec.volumes has ringrift-tls",
                "{stage: 0, template: {metadata: {labels: {ringrift.io/role: leader}}}} | labels has ringrift.io/role",
                "{stage: 0, template: {metadata: {annotations: {ringrift.io/x: y}}}} | annotations has ringrift.io/x"
            })
    void namesTheFieldItsValueAndWhatIsAllowed(String spec, String problem) {
        assertThat(SpecValidator.problems(cluster(spec)))
                .singleElement()
                .asString()
                .contains(problem);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.ringrift.operator.api.RulesCorpus#good")
    void takesWhatTheApiServerTakes(RulesCorpus.Good example) {
        assertThat(SpecValidator.problems(named(example.name(), example.spec())))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedAndReadable")
    void refusesWhatTheApiServerRefuses(RulesCorpus.Bad example) {
        assertThat(SpecValidator.problems(named(example.name(), example.spec())))
                .isNotEmpty();
    }

    /** What the API server refuses, but for what cannot be told any more from the object that is read. */
    static Stream<RulesCorpus.Bad> refusedAndReadable() {
        Set<String> readAsDefault = Set.of(
                "no stage",
                "an unknown membership mode",
                "an unknown consensus mode",
                "an unknown SWIM profile",
                "an unknown Raft profile",
                "an unknown log level",
                "no voters in stage 4",
                "no voters for the mode hybrid");
        Set<String> notReadAtAll = Set.of("a stage in words", "resources that are none");
        // The API server judges the template when it is applied, and the condition TemplateAccepted has its words.
        Set<String> judgedWhenApplied = Set.of("a workload's resources that are none");
        return RulesCorpus.bad()
                .filter(example -> Stream.of(readAsDefault, notReadAtAll, judgedWhenApplied)
                        .noneMatch(titles -> titles.contains(example.title())));
    }

    private static RingRiftCluster named(String name, String spec) {
        var cluster = Clusters.cluster(spec);
        cluster.getMetadata().setName(name);
        return cluster;
    }

    @Test
    void findsEveryProblemAtOnce() {
        assertThat(SpecValidator.problems(cluster("{stage: 9, replicas: 0, ports: {http: 1, swim: 1}}")))
                .hasSize(3);
    }

    @Test
    void namesMustFitIntoEverythingThatIsMadeFromThem() {
        for (String name : List.of("1st", "Demo", "a-", "a".repeat(49))) {
            var cluster = cluster("");
            cluster.getMetadata().setName(name);
            assertThat(SpecValidator.problems(cluster))
                    .singleElement()
                    .asString()
                    .startsWith("metadata.name is " + name);
        }
    }

    @Test
    void aResourceWithoutASpecIsOneProblem() {
        var cluster = cluster("");
        cluster.setSpec(null);

        assertThat(SpecValidator.problems(cluster)).singleElement().asString().contains("spec.stage");
    }
}
