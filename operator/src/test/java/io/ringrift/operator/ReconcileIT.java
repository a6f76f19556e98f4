package io.ringrift.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ringrift.operator.api.HistoryEntry;
import io.ringrift.operator.api.Phase;
import io.ringrift.operator.kube.FakeAgent;
import io.ringrift.operator.kube.KubeApi;
import io.ringrift.operator.kube.SharedKubeApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The reconciler on a real API server, with agents on loopback. */
@ExtendWith(SharedKubeApi.class)
class ReconcileIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Everybody at once, watched for as short a time as is allowed. */
    private static final String QUICK = "rollout: {soak: 0s, verify: 1s, steps: ['100%']}";

    private static KubernetesClient client;
    private static String namespace;
    private static RunningOperator operator;

    @BeforeAll
    static void start(KubeApi api) {
        client = api.client();
        namespace = api.newNamespace();
        operator = RunningOperator.in(api, namespace);
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void makesEverythingAndReportsIt() {
        try (var cluster = cluster("all").create("{stage: 0, replicas: 5}").run(5)) {
            cluster.awaitCondition("Ready", "True");

            var status = cluster.status();
            assertThat(status.observedGeneration()).isEqualTo(1);
            assertThat(status.stage()).isZero();
            assertThat(status.phase()).isEqualTo(Phase.STABLE);
            assertThat(status.summary().stage()).isEqualTo("0");
            assertThat(status.summary().ready()).isEqualTo("5/5");
            assertThat(status.summary().alive()).isEqualTo("5/5");
            assertThat(status.membership().mode()).isEqualTo("http");
            assertThat(status.membership().alive()).isEqualTo(5);
            assertThat(status.consensus().mode()).isEqualTo("bully");
            assertThat(status.consensus().leader()).isEqualTo("all-0");
            assertThat(status.consensus().epoch()).isEqualTo(1);
            assertThat(status.consensus().voters()).containsExactly("all-0", "all-1", "all-2");
            assertThat(status.replicas()).isEqualTo(5);
            assertThat(status.readyReplicas()).isEqualTo(5);
            assertThat(status.selector()).isEqualTo("ringrift.io/cluster=all");
            assertThat(status.agentImage()).isEqualTo(RunningOperator.AGENT_IMAGE);
            assertThat(status.history()).extracting(HistoryEntry::stage).containsExactly(0);
            assertThat(status.conditions())
                    .allSatisfy(condition ->
                            assertThat(condition.getObservedGeneration()).isEqualTo(1));
            assertThat(cluster.condition("DataDurable").getMessage()).contains("does not outlive its pods");

            assertThat(objects(cluster)).allSatisfy(object -> {
                assertThat(object.getMetadata().getOwnerReferences())
                        .singleElement()
                        .satisfies(owner -> assertThat(owner.getUid())
                                .isEqualTo(cluster.get().getMetadata().getUid()));
                assertThat(object.getMetadata().getManagedFields())
                        .anyMatch(entry -> entry.getManager().equals("ringrift")
                                && entry.getOperation().equals("Apply"));
            });
            assertThat(cluster.get().getMetadata().getFinalizers()).isNullOrEmpty();
            assertThat(cluster.events("StageReached")).hasSize(1);
            assertThat(cluster.events("LeaderElected")).hasSize(1);
            assertThat(cluster.nodes.agents())
                    .as("the generation that stays ahead of the first epoch")
                    .extracting(FakeAgent::pushes)
                    .containsOnly(1);
            assertThat(status.rollout().generation()).isEqualTo(2);
        }
    }

    @Test
    void speaksTlsWithTheClustersOwnAuthority() {
        try (var cluster = cluster("tls")
                .create("{stage: 0, security: {tls: true}, " + QUICK + "}")
                .run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.edit("{stage: 1}");
            cluster.awaitStatus("stage 1", status -> Integer.valueOf(1).equals(status.stage()));
        }
    }

    @Test
    void bringsANewStageToEveryAgentWithoutTouchingTheWorkload() {
        try (var cluster = cluster("stage")
                .create("{stage: 0, replicas: 3, " + QUICK + "}")
                .run(3)) {
            cluster.awaitCondition("Ready", "True");
            String workload = cluster.workload().get().getMetadata().getResourceVersion();
            long generation = cluster.status().rollout().generation();

            cluster.edit("{stage: 2}");
            cluster.awaitStatus("stage 2", status -> Integer.valueOf(2).equals(status.stage()));

            assertThat(cluster.status().summary().stage()).isEqualTo("2");
            assertThat(cluster.status().membership().mode()).isEqualTo("swim");
            assertThat(cluster.status().rollout().generation()).isEqualTo(generation + 2);
            assertThat(cluster.status().lastGoodStage()).isEqualTo(2);
            assertThat(cluster.nodes.agents())
                    .allSatisfy(agent ->
                            assertThat(agent.key("RINGRIFT_MEMBERSHIP_MODE")).isEqualTo("swim"));
            // What is decided is recorded first, and written into the ConfigMap then.
            await("the ConfigMap")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.nodes.mounted())
                            .containsEntry("RINGRIFT_CONFIG_GENERATION", "" + (generation + 2)));
            assertThat(cluster.workload().get().getMetadata().getResourceVersion())
                    .isEqualTo(workload);
            assertThat(cluster.status().history())
                    .extracting(HistoryEntry::stage)
                    .containsExactly(2, 1, 0);

            cluster.edit("{stage: 0}");
            cluster.awaitStatus("stage 0", status -> Integer.valueOf(0).equals(status.stage()));
            assertThat(cluster.status().rollout().generation()).isEqualTo(generation + 3);
        }
    }

    @Test
    void touchesPodsWhosePushIsBlockedAndShowsWhereItStands() {
        try (var cluster = cluster("blocked")
                .create("{stage: 0, replicas: 3, " + QUICK + "}")
                .run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.nodes.agent(1).blockPushes();

            cluster.edit("{stage: 1}");
            cluster.awaitStatus("two of three", status -> status.rollout().updated() == 2);

            assertThat(cluster.status().summary().stage()).isEqualTo("0->1");
            assertThat(cluster.status().rollout().message()).contains("not acknowledged yet by blocked-1");
            assertThat(cluster.condition("Converged").getStatus()).isEqualTo("False");
            String generation = "" + cluster.status().rollout().generation();
            await("the touch")
                    .atMost(PATIENCE)
                    .until(() -> generation.equals(
                            pod(cluster, 1).getMetadata().getAnnotations().get("ringrift.io/config-generation")));

            cluster.nodes.agent(1).read(cluster.nodes.mountedBy(1));
            cluster.awaitStatus("stage 1", status -> Integer.valueOf(1).equals(status.stage()));
            assertThat(cluster.status().summary().stage()).isEqualTo("1");
        }
    }

    @Test
    void showsWhatAnAgentRefused() {
        try (var cluster = cluster("refused")
                .create("{stage: 0, replicas: 3, " + QUICK + "}")
                .run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.nodes.agent(2).refuse("RINGRIFT_SWIM_PORT 7947: taken by another process");

            cluster.edit("{stage: 1}");
            cluster.awaitCondition("Degraded", "True");
            cluster.awaitStatus("back at rest", status -> status.phase() == Phase.DEGRADED);

            assertThat(cluster.condition("Degraded").getMessage())
                    .contains("refused-2 refused its configuration")
                    .contains("RINGRIFT_SWIM_PORT 7947: taken by another process")
                    .contains("not tried again");
            assertThat(cluster.status().stage()).isZero();
            assertThat(cluster.nodes.agents())
                    .allSatisfy(agent ->
                            assertThat(agent.key("RINGRIFT_MEMBERSHIP_MODE")).isEqualTo("http"));
            await("the events")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("RollbackStarted").size() == 1
                            && cluster.events("RolledBack").size() == 1);
            int pushes = cluster.nodes.agent(2).pushes();
            assertThat(pushes)
                    .as("the first epoch's generation, a refused document once, then the way back")
                    .isEqualTo(3);
        }
    }

    @Test
    void letsTheLeadersLabelFollowTheLeader() {
        try (var cluster = cluster("leader").create("{stage: 0, replicas: 3}").run(3)) {
            cluster.awaitCondition("LeaderElected", "True");
            await("the label").atMost(PATIENCE).until(() -> leaders(cluster).equals(List.of("leader-0")));

            cluster.nodes.elect(2, 5);
            cluster.awaitStatus(
                    "leader-2", status -> "leader-2".equals(status.consensus().leader()));
            await("the label").atMost(PATIENCE).until(() -> leaders(cluster).equals(List.of("leader-2")));
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("LeaderElected").size() == 2);

            cluster.nodes.agents().forEach(agent -> agent.follow(null, 5));
            cluster.awaitCondition("LeaderElected", "False");
            await("no label").atMost(PATIENCE).until(() -> leaders(cluster).isEmpty());
            assertThat(cluster.status().consensus().epoch()).isEqualTo(5);

            cluster.nodes.agents().forEach(agent -> agent.follow("leader-1", 3));
            cluster.nodes.agents().forEach(agent -> agent.see("leader-2", "SUSPECTED"));
            cluster.awaitStatus("a suspect", status -> status.membership().suspected() == 1);
            assertThat(cluster.status().consensus().epoch())
                    .as("never goes back")
                    .isEqualTo(5);
            assertThat(cluster.status().consensus().leader())
                    .as("an old epoch's leader is none")
                    .isNull();
        }
    }

    @Test
    void tellsOfMembersThatFailAndComeBack() {
        try (var cluster = cluster("failing").create("{stage: 0, replicas: 3}").run(3)) {
            cluster.awaitCondition("Ready", "True");
            cluster.nodes.delete(2);
            List.of(0, 1).forEach(survivor -> cluster.nodes.agent(survivor).see("failing-2", "FAILED"));

            cluster.awaitStatus("one failed", status -> status.membership().failed() == 1);
            assertThat(cluster.status().summary().alive()).isEqualTo("2/3");
            assertThat(cluster.condition("Ready").getMessage()).contains("2 of 3 pods are ready");
            assertThat(cluster.condition("Degraded").getMessage()).contains("failing-2 failed");
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("MembersFailed").size() == 1);

            cluster.nodes.start(cluster.port, 2);
            cluster.nodes.elect(0, 1);
            cluster.awaitCondition("Ready", "True");
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("MembersRecovered").size() == 1);
        }
    }

    @Test
    void putsRightWhatWasEditedOrDeletedByHand() {
        try (var cluster = cluster("drift").create("{stage: 0, replicas: 3}").run(3)) {
            cluster.awaitCondition("Ready", "True");

            cluster.workload().edit(workload -> {
                workload.getSpec().setReplicas(1);
                workload.getMetadata().getLabels().put("somebody.else/label", "stays");
                return workload;
            });
            await("replicas")
                    .atMost(PATIENCE)
                    .until(() -> cluster.workload().get().getSpec().getReplicas() == 3);
            assertThat(cluster.workload().get().getMetadata().getLabels())
                    .containsEntry("somebody.else/label", "stays");

            for (HasMetadata object : objects(cluster)) {
                if (object.getKind().equals("Secret")) {
                    continue;
                }
                String uid = object.getMetadata().getUid();
                List<StatusDetails> deleted = client.resource(object).delete();
                assertThat(deleted).isNotEmpty();
                await(object.getKind() + " " + object.getMetadata().getName())
                        .atMost(PATIENCE)
                        .until(() -> client.resource(object).get() != null
                                && !client.resource(object)
                                        .get()
                                        .getMetadata()
                                        .getUid()
                                        .equals(uid));
            }
            Service service =
                    client.services().inNamespace(namespace).withName("drift").get();
            client.resource(service).edit(found -> {
                found.getMetadata().getLabels().remove("ringrift.io/cluster");
                return found;
            });
            await("the label")
                    .atMost(PATIENCE)
                    .until(() -> client.services()
                            .inNamespace(namespace)
                            .withName("drift")
                            .get()
                            .getMetadata()
                            .getLabels()
                            .containsKey("ringrift.io/cluster"));
            assertThat(cluster.status().rollout().generation())
                    .as("the document is still the same")
                    .isEqualTo(2);
        }
    }

    @Test
    void saysInTheApiServersWordsWhyATemplateWasRefused() {
        String good = "template: {spec: {containers: [{name: main, image: app}]}}";
        try (var cluster = cluster("template")
                .create("{stage: 0, replicas: 3, " + good + "}")
                .run(3)) {
            cluster.awaitCondition("Ready", "True");
            long before = cluster.workload().get().getMetadata().getGeneration();

            cluster.edit(
                    "{template: {spec: {containers: [{name: main, image: app, volumeMounts: [{name: nowhere, mountPath: /x}]}]}}}");
            cluster.awaitCondition("TemplateAccepted", "False");

            assertThat(cluster.condition("TemplateAccepted").getMessage())
                    .contains("volumeMounts[0].name: Not found: \"nowhere\"");
            assertThat(cluster.workload().get().getMetadata().getGeneration()).isEqualTo(before);
            assertThat(cluster.condition("Degraded").getStatus()).isEqualTo("True");
            assertThat(cluster.condition("Ready").getStatus())
                    .as("the pods that run stay")
                    .isEqualTo("True");

            cluster.edit("{" + good + "}");
            cluster.awaitCondition("TemplateAccepted", "True");
            cluster.awaitCondition("Degraded", "False");
        }
    }

    @Test
    void keepsTheAgentOfAClusterWhenTheOperatorBringsAnother(KubeApi api) {
        String other = api.newNamespace();
        try (var cluster = new TestCluster(client, other, "image")) {
            try (var _ = RunningOperator.withAgent("ringrift/agent:1", api, other)) {
                cluster.create("{stage: 0, replicas: 1, " + QUICK + "}").run(1);
                cluster.awaitCondition("Ready", "True");
            }
            String version = cluster.workload().get().getMetadata().getResourceVersion();
            try (var _ = RunningOperator.withAgent("ringrift/agent:2", api, other)) {
                cluster.edit("{stage: 1}");
                cluster.awaitStatus("stage 1", status -> Integer.valueOf(1).equals(status.stage()));
            }
            assertThat(cluster.workload().get().getMetadata().getResourceVersion())
                    .isEqualTo(version);
            assertThat(cluster.status().agentImage()).isEqualTo("ringrift/agent:1");
        }
    }

    @Test
    void addsAGossipKeyWhenItIsAskedForAndOnlyOnce() {
        try (var cluster = cluster("gossip").create("{stage: 0, replicas: 3}").run(3)) {
            cluster.awaitCondition("Ready", "True");
            String first = gossipKeys(cluster).getFirst();
            String ask = "{\"metadata\": {\"annotations\": {\"ringrift.io/rotate-gossip-key\": \"leaked\"}}}";
            cluster.resource().patch(PatchContext.of(PatchType.JSON_MERGE), ask);

            await("two keys").atMost(PATIENCE).until(() -> gossipKeys(cluster).size() == 2);
            assertThat(gossipKeys(cluster))
                    .first()
                    .as("the old one still seals")
                    .isEqualTo(first);
            await("the event")
                    .atMost(PATIENCE)
                    .until(() -> cluster.events("SecretChanged").stream()
                            .anyMatch(event -> event.getMessage().contains("Added a new gossip key")));
            cluster.edit("{agent: {logLevel: DEBUG}}");
            cluster.awaitStatus("a later look", status -> status.observedGeneration() == 2);
            assertThat(gossipKeys(cluster)).hasSize(2);
        }
    }

    private static List<String> gossipKeys(TestCluster cluster) {
        String keys = client.secrets()
                .inNamespace(namespace)
                .withName(cluster.name + "-gossip")
                .get()
                .getData()
                .get("keys");
        return new String(Base64.getDecoder().decode(keys), StandardCharsets.US_ASCII)
                .lines()
                .toList();
    }

    private static TestCluster cluster(String name) {
        return new TestCluster(client, namespace, name);
    }

    private static Pod pod(TestCluster cluster, int ordinal) {
        return client.pods()
                .inNamespace(namespace)
                .withName(cluster.name + "-" + ordinal)
                .get();
    }

    private static List<String> leaders(TestCluster cluster) {
        return client
                .pods()
                .inNamespace(namespace)
                .withLabel("ringrift.io/cluster", cluster.name)
                .withLabel("ringrift.io/role", "leader")
                .list()
                .getItems()
                .stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    /** Everything that was made for a cluster but its pods. */
    private static List<HasMetadata> objects(TestCluster cluster) {
        var list = Stream.of(
                        client.apps().statefulSets().inNamespace(namespace),
                        client.services().inNamespace(namespace),
                        client.configMaps().inNamespace(namespace),
                        client.secrets().inNamespace(namespace),
                        client.policy().v1().podDisruptionBudget().inNamespace(namespace),
                        client.network().v1().networkPolicies().inNamespace(namespace))
                .flatMap(kind -> kind.withLabel("ringrift.io/cluster", cluster.name).list().getItems().stream())
                .map(HasMetadata.class::cast)
                .toList();
        assertThat(list).hasSizeGreaterThanOrEqualTo(8);
        return list;
    }
}
