package io.ringrift.operator;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterStatus;
import io.ringrift.operator.api.RolloutStatus;
import io.ringrift.operator.apply.ClusterObjects;
import io.ringrift.operator.apply.LeaderDrainer;
import io.ringrift.operator.apply.ObjectApplier;
import io.ringrift.operator.apply.PodMonitors;
import io.ringrift.operator.apply.PodPatch;
import io.ringrift.operator.apply.PodPatcher;
import io.ringrift.operator.apply.PodRoller;
import io.ringrift.operator.apply.SidecarInjector;
import io.ringrift.operator.apply.StatusWriter;
import io.ringrift.operator.apply.StatusWriter.StaleException;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.desired.ClusterSecrets;
import io.ringrift.operator.desired.DesiredObjects;
import io.ringrift.operator.desired.ForeignWorkload;
import io.ringrift.operator.desired.KnownCertificates;
import io.ringrift.operator.desired.RuntimeConfig;
import io.ringrift.operator.desired.RuntimeDocuments;
import io.ringrift.operator.desired.SpecValidator;
import io.ringrift.operator.events.EventRecorder;
import io.ringrift.operator.observe.AgentDocument;
import io.ringrift.operator.observe.AgentReply;
import io.ringrift.operator.observe.AgentSync;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.rollout.Assignment;
import io.ringrift.operator.rollout.Decision;
import io.ringrift.operator.rollout.RolloutRecord;
import io.ringrift.operator.status.Facts;
import io.ringrift.operator.status.StatusReport;
import io.ringrift.operator.status.Transition;
import io.ringrift.operator.status.Transitions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Observes, validates, decides, records, acts and reports, in this order and each time anew: nothing that it remembers from
 * the last time decides anything.
 */
@ControllerConfiguration(
        name = "ringriftcluster",
        fieldManager = ObjectApplier.FIELD_MANAGER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = WantedChanged.class),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 2, timeUnit = TimeUnit.MINUTES))
// An API server that comes back is used within seconds: somebody may be waiting for a way back to stage 0.
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, intervalMultiplier = 2, maxInterval = 4_000)
final class RingRiftClusterReconciler implements Reconciler<RingRiftCluster> {
    /** The watch brings the newer version within a moment. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    private final KubernetesClient client;
    private final AgentSync agents;
    private final InstantSource clock;
    private final ClusterObjects objects;
    private final ClusterObserver observer;
    private final PodMonitors podMonitors;
    private final PodPatcher podPatcher;
    private final PodRoller podRoller;
    private final LeaderDrainer leaderDrainer;
    private final SidecarInjector injector;
    private final StatusWriter statusWriter;
    private final EventRecorder events;
    private final KnownCertificates knownCertificates = new KnownCertificates();
    private final SecureRandom random = new SecureRandom();

    RingRiftClusterReconciler(ReconcilerParts parts) {
        this.client = parts.client();
        this.agents = parts.agents();
        this.clock = parts.clock();
        this.objects = new ClusterObjects(parts.client(), parts.clock());
        this.observer = new ClusterObserver(objects, parts.agentImage());
        this.podMonitors = new PodMonitors(parts.client(), parts.clock());
        this.podPatcher = new PodPatcher(parts.client());
        this.podRoller = new PodRoller(parts.client(), parts.agents(), parts.clock());
        this.leaderDrainer = new LeaderDrainer(parts.agents(), parts.clock());
        this.injector = new SidecarInjector(parts.client());
        this.statusWriter = new StatusWriter(parts.client(), ObjectApplier.FIELD_MANAGER);
        this.events = new EventRecorder(parts.client(), parts.clock());
    }

    @Override
    public List<EventSource<?, RingRiftCluster>> prepareEventSources(EventSourceContext<RingRiftCluster> context) {
        List<EventSource<?, RingRiftCluster>> sources = ClusterSources.informers(context);
        sources.add(agents);
        sources.add(new WorkloadReleases(injector));
        return sources;
    }

    @Override
    public UpdateControl<RingRiftCluster> reconcile(RingRiftCluster stored, Context<RingRiftCluster> context) {
        Optional<StatefulSet> foreign = injector.workload(stored);
        RingRiftCluster cluster = ForeignWorkload.sized(stored, foreign);
        try {
            List<String> problems = problems(cluster);
            UpdateControl<RingRiftCluster> done = UpdateControl.noUpdate();
            if (problems.isEmpty()) {
                reconcileValid(cluster, foreign, context).ifPresent(done::rescheduleAfter);
            } else {
                write(cluster, StatusReport.refused(cluster, problems, clock.instant()), context);
            }
            return done;
        } catch (StaleException e) {
            return UpdateControl.<RingRiftCluster>noUpdate().rescheduleAfter(LOOK_AGAIN);
        }
    }

    @Override
    public ErrorStatusUpdateControl<RingRiftCluster> updateErrorStatus(
            RingRiftCluster cluster, Context<RingRiftCluster> context, Exception error) {
        try {
            write(cluster, StatusReport.failed(cluster, error.getMessage(), clock.instant()), context);
        } catch (StaleException | RuntimeException e) {
            // The error itself is logged and tried again; that it cannot be reported either adds nothing.
            error.addSuppressed(e);
        }
        return ErrorStatusUpdateControl.defaultErrorProcessing();
    }

    private static List<String> problems(RingRiftCluster cluster) {
        if (cluster.getSpec() == null) {
            return List.of("spec cannot be read by this operator: it was stored under another version of the CRD");
        }
        return SpecValidator.problems(cluster);
    }

    /** Returns when to look again though nothing has happened. */
    private Optional<Duration> reconcileValid(
            RingRiftCluster cluster, Optional<StatefulSet> foreign, Context<RingRiftCluster> context)
            throws StaleException {
        Optional<ForeignWorkload.State> workload = ForeignWorkload.state(cluster, foreign);
        if (injector.keep(cluster, workload)) {
            return Optional.of(LOOK_AGAIN);
        }
        ResourceID id = ResourceID.fromResource(cluster);
        String image = observer.agentImage(cluster, context);
        ClusterModel model = ClusterModel.of(cluster, image);
        Supplier<Map<String, Secret>> reading = objects.secrets(model);
        Optional<Map<String, AgentReply>> replies = agents.replies(id);
        ClusterObservation seen = ClusterObserver.observe(model, replies.orElse(Map.of()), context);
        Optional<Transition> drained =
                leaderDrainer.drain(id, seen, model.spec().ports().http());

        Instant now = clock.instant();
        Decision decided = RolloutPlanner.decide(
                cluster, model, seen, replies.isPresent(), observer.highestGeneration(model, seen, context), now);
        Decision decision = PodRolls.described(decided, observer.roll(model, seen, decided, context));
        RolloutStatus rollout =
                RolloutRecord.write(decision, cluster.knownStatus().rollout(), now);
        RingRiftClusterStatus decidedStatus = StatusReport.decided(cluster, decision, rollout, seen, image, now);
        RingRiftCluster recorded = StatusReport.tellsOnly(decidedStatus, cluster.getStatus())
                ? cluster
                : ForeignWorkload.sized(store(cluster, decidedStatus, context), foreign);
        Map<String, Secret> secretsStored = reading.get();
        ClusterSecrets secrets = ClusterSecrets.decide(
                model, secretsStored, GossipAnnotation.occasion(cluster, model, seen), knownCertificates, now, random);
        Assignment assignment = decision.assignment();
        RuntimeDocuments documents = RolloutPlanner.documents(model, assignment);
        // Agents hear of it as soon as it is recorded: whoever takes over from here writes the same into the ConfigMap.
        // Only a credential that agents do not have yet has to be where they find it first.
        boolean known = secrets.changes().isEmpty();
        if (known) {
            tell(id, model, seen, documents, secrets);
        }
        announce(cluster, recorded);
        Stream.concat(drained.stream(), Transitions.of(decision).stream())
                .forEach(transition -> events.publish(recorded, transition));
        Optional<String> refusedWorkload = objects.apply(
                model,
                DesiredObjects.of(
                        model,
                        assignment.decidingStage(),
                        documents,
                        secrets,
                        podMonitors.supported(model.namespace())),
                secretsStored,
                context);
        Optional<String> refusal = refusedWorkload.or(() -> injector.reconcile(model, cluster, workload));
        secrets.changes().forEach(change -> events.publish(recorded, new Transition(false, "SecretChanged", change)));
        if (!known) {
            tell(id, model, seen, documents, secrets);
        }
        // Before every agent was asked once nobody can say how the cluster is; what was recorded stands until then.
        if (replies.isPresent()) {
            // Most agents have answered to the push meanwhile.
            ClusterObservation told = observed(model, id, context);
            PodPatch.Plan patches = PodPatch.plan(told, assignment, Instant.parse(rollout.since()), clock.instant());
            patches.now().forEach(patch -> podPatcher.patch(model.namespace(), patch));
            List<String> warnings = Stream.concat(
                            secrets.problems().stream(), RolloutAnnotation.problem(cluster).stream())
                    .toList();
            PodRoller.Outcome rolled = podRoller.roll(
                    id, observer.roll(model, seen, decision, context), news -> events.publish(recorded, news));
            Facts facts = new Facts(
                    recorded, seen, decision, rollout, image, refusal, warnings, rolled.progress(), workload, now);
            RingRiftClusterStatus report =
                    StatusReport.withNewLeader(StatusReport.of(facts), observed(model, id, context));
            RingRiftCluster reported = write(recorded, report, context);
            if (decision.directiveDone()) {
                RolloutAnnotation.remove(client, reported);
            }
            // Whoever has stopped voting may go now.
            Optional<Duration> smaller =
                    recorded.memberNames().equals(model.members()) ? Optional.empty() : Optional.of(LOOK_AGAIN);
            return PodRolls.earliest(
                    decision.recheck(),
                    smaller,
                    patches.recheck(),
                    rolled.recheck(),
                    SidecarInjector.recheck(workload));
        }
        return PodRolls.earliest(decision.recheck(), SidecarInjector.recheck(workload));
    }

    private ClusterObservation observed(ClusterModel model, ResourceID id, Context<RingRiftCluster> context) {
        return ClusterObserver.observe(model, agents.replies(id).orElse(Map.of()), context);
    }

    /** Has every agent that runs another configuration told at once; the ConfigMap reaches those that cannot be. */
    private void tell(
            ResourceID id,
            ClusterModel model,
            ClusterObservation seen,
            RuntimeDocuments documents,
            ClusterSecrets secrets) {
        agents.follow(
                id,
                ClusterObserver.endpoints(model, seen, secrets),
                secrets.authorityCertificate(),
                agentDocuments(model, documents, secrets));
    }

    private static Map<String, AgentDocument> agentDocuments(
            ClusterModel model, RuntimeDocuments documents, ClusterSecrets secrets) {
        return model.members().stream().collect(Collectors.toMap(member -> member, member -> {
            RuntimeConfig config = documents.of(member);
            return new AgentDocument(secrets.token(), config.generation(), config.keys());
        }));
    }

    /** Stores the status and tells of what has changed. */
    private RingRiftCluster write(
            RingRiftCluster cluster, RingRiftClusterStatus status, Context<RingRiftCluster> context)
            throws StaleException {
        RingRiftCluster written = store(cluster, status, context);
        announce(cluster, written);
        return written;
    }

    /** Writes nothing where nothing has changed. */
    private RingRiftCluster store(
            RingRiftCluster cluster, RingRiftClusterStatus status, Context<RingRiftCluster> context)
            throws StaleException {
        if (status.equals(cluster.getStatus())) {
            return cluster;
        }
        RingRiftCluster written = statusWriter.write(cluster, status);
        context.eventSourceRetriever()
                .getControllerEventSource()
                .handleRecentResourceUpdate(ResourceID.fromResource(cluster), written, cluster);
        return written;
    }

    private void announce(RingRiftCluster before, RingRiftCluster written) {
        Transitions.between(before.knownStatus(), written.knownStatus())
                .forEach(transition -> events.publish(written, transition));
    }
}
