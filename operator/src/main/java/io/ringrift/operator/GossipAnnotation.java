package io.ringrift.operator;

import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.desired.ClusterModel;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.pki.GossipRing;
import java.util.Optional;

/** The annotation by which a user has the gossip key replaced: once for each text that it holds, such as a date. Pure. */
final class GossipAnnotation {
    static final String NAME = "ringrift.io/rotate-gossip-key";

    private GossipAnnotation() {}

    static Optional<String> request(RingRiftCluster cluster) {
        return Optional.ofNullable(cluster.getMetadata().getAnnotations()).map(annotations -> annotations.get(NAME));
    }

    /** A pod that is there and answers has the keys that were handed out last, or has them in a moment. */
    static GossipRing.Occasion occasion(RingRiftCluster cluster, ClusterModel model, ClusterObservation seen) {
        return new GossipRing.Occasion(
                request(cluster), seen.reports().size() == model.members().size());
    }
}
