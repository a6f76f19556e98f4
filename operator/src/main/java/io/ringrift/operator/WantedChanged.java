package io.ringrift.operator;

import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.ringrift.operator.api.RingRiftCluster;
import java.util.Objects;

/** What a user says is in the spec, whose changes are numbered, and in annotations, whose changes are not. Our own status is neither. */
public final class WantedChanged implements OnUpdateFilter<RingRiftCluster> {
    @Override
    public boolean accept(RingRiftCluster now, RingRiftCluster before) {
        var wanted = now.getMetadata();
        var known = before.getMetadata();
        return !Objects.equals(wanted.getGeneration(), known.getGeneration())
                || !Objects.equals(wanted.getDeletionTimestamp(), known.getDeletionTimestamp())
                || !Objects.equals(RolloutAnnotation.word(now), RolloutAnnotation.word(before))
                || !Objects.equals(GossipAnnotation.request(now), GossipAnnotation.request(before));
    }
}
