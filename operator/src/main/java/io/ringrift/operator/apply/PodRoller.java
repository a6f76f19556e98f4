package io.ringrift.operator.apply;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ringrift.operator.observe.AgentSync;
import io.ringrift.operator.observe.RaftStanding;
import io.ringrift.operator.roll.RollPlanner;
import io.ringrift.operator.roll.RollPod;
import io.ringrift.operator.roll.RollProgress;
import io.ringrift.operator.roll.RollStep;
import io.ringrift.operator.roll.RollView;
import io.ringrift.operator.roll.Standings;
import io.ringrift.operator.status.Transition;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Does what {@link RollPlanner} decides: evicts by the Eviction API, which keeps disruption budgets, and has leaders hand over. May
 * be called from any thread, for one cluster by one at a time.
 */
public final class PodRoller {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final RequestConfig once;
    private final AgentSync agents;
    private final InstantSource clock;

    /** Leaders' pods that were to hand over. */
    private final AskedPods asked = new AskedPods();

    /** @param client with the right to create evictions of pods */
    public PodRoller(KubernetesClient client, AgentSync agents, InstantSource clock) {
        this.client = client;
        this.agents = agents;
        this.clock = clock;
        // A budget that forbids an eviction is no trouble of the API server's: the next look comes soon enough.
        this.once = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    /**
     * What became of one look at a cluster.
     *
     * @param recheck when to look again though nothing has happened; empty: when something has
     */
    public record Outcome(RollProgress progress, Optional<Duration> recheck) {}

    /**
     * Takes one step where one is due.
     *
     * @param news is told what was done
     */
    public Outcome roll(ResourceID cluster, RollView view, Consumer<Transition> news) {
        RollView known = view.handOverAsked(view.leaderPod().flatMap(leader -> asked.when(leader.uid())));
        return act(cluster, known, RollPlanner.next(known, clock.instant()), news);
    }

    private Outcome act(ResourceID cluster, RollView view, RollStep step, Consumer<Transition> news) {
        RollProgress progress = view.progress();
        return switch (step) {
            case RollStep.Done done -> new Outcome(progress, Optional.empty());
            case RollStep.Wait wait -> new Outcome(progress.doing(wait.reason()), wait.recheck());
            case RollStep.AskVoters ask -> {
                RollView answered = view.with(standings(cluster, view));
                yield act(cluster, answered, RollPlanner.next(answered, clock.instant()), news);
            }
            case RollStep.HandOver handOver -> {
                asked.remember(handOver.leader().uid(), clock.instant());
                news.accept(handOver(cluster, handOver));
                yield new Outcome(
                        progress.doing(handOver.leader().name() + " is to hand over leadership"),
                        Optional.of(Duration.ofSeconds(1)));
            }
            case RollStep.Evict evict -> evict(cluster.getNamespace().orElseThrow(), evict.pod(), progress, news);
        };
    }

    private Outcome evict(String namespace, RollPod pod, RollProgress progress, Consumer<Transition> news) {
        var eviction = new EvictionBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(pod.name())
                .endMetadata()
                .withDeleteOptions(new DeleteOptionsBuilder()
                        .withNewPreconditions()
                        .withUid(pod.uid())
                        .endPreconditions()
                        .build())
                .build();
        String path = "/api/v1/namespaces/" + namespace + "/pods/" + pod.name() + "/eviction";
        try {
            client.adapt(NamespacedKubernetesClient.class)
                    .withRequestConfig(once)
                    .call(oneTry -> oneTry.raw(path, "POST", eviction));
            news.accept(new Transition(
                    false,
                    "PodEvicted",
                    "Evicted " + pod.name() + ": it was made from an older template (" + progress.updated() + " of "
                            + progress.total() + " pods run the new one)."));
            return new Outcome(progress.doing(pod.name() + " was evicted"), Optional.empty());
        } catch (KubernetesClientException e) {
            String words =
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
            return switch (e.getCode()) {
                // Gone, or another pod by now.
                case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT ->
                    new Outcome(progress, Optional.of(TRY_AGAIN));
                case TOO_MANY_REQUESTS ->
                    new Outcome(
                            progress.doing("the disruption budget keeps " + pod.name() + ": " + words),
                            Optional.of(TRY_AGAIN));
                // We may not, or two budgets select the pod.
                case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_INTERNAL_ERROR ->
                    new Outcome(
                            progress.doing("the API server does not evict " + pod.name() + ": " + words),
                            Optional.of(TRY_AGAIN));
                default -> throw e;
            };
        }
    }

    private Transition handOver(ResourceID cluster, RollStep.HandOver step) {
        String leader = step.leader().name();
        try {
            await(agents.handOver(cluster, leader, step.successor()));
            return new Transition(
                    false,
                    "LeadershipHandOver",
                    "Asked " + leader + " to hand leadership over to " + step.successor()
                            + ", because its pod is to be replaced.");
        } catch (ExecutionException | TimeoutException e) {
            return new Transition(
                    true,
                    "LeadershipHandOverFailed",
                    leader + " did not hand leadership over to " + step.successor() + ": " + phrase(e)
                            + ". It hands over when its pod is told to end.");
        }
    }

    /** The leader first: who has applied what it had committed by then has caught up. */
    private Standings standings(ResourceID cluster, RollView view) {
        Optional<RaftStanding> leader = view.leader().flatMap(name -> standing(agents.raft(cluster, name)));
        OptionalLong committed = leader.filter(RaftStanding::leads)
                .map(RaftStanding::commitIndex)
                .orElse(OptionalLong.empty());
        Map<String, CompletionStage<RaftStanding>> asking = new HashMap<>();
        view.electors().forEach(voter -> asking.put(voter, agents.raft(cluster, voter)));
        Map<String, Long> applied = new HashMap<>();
        asking.forEach((voter, answer) -> standing(answer)
                .filter(RaftStanding::votes)
                .ifPresent(known -> known.appliedIndex().ifPresent(index -> applied.put(voter, index))));
        return new Standings(
                committed, applied, leader.map(RaftStanding::voters).orElse(Set.of()));
    }

    /** Who does not answer counts as one that is behind. */
    private static Optional<RaftStanding> standing(CompletionStage<RaftStanding> answer) {
        try {
            return Optional.of(await(answer));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private static <T> T await(CompletionStage<T> answer) throws ExecutionException, TimeoutException {
        try {
            return answer.toCompletableFuture().get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an agent was asked", e);
        }
    }

    private static String phrase(Exception failure) {
        return failure instanceof TimeoutException || failure.getCause() == null
                ? "it did not answer in time"
                : String.valueOf(failure.getCause().getMessage());
    }
}
