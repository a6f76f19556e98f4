package io.ringrift.agent.coordinator;

import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.FailureDetector;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells SWIM where to look for members: at every peer that was heard over HTTP, under the host and the SWIM port that it named. A
 * peer that SWIM does not cover is polled over HTTP, so whoever is configured becomes known in every mode.
 */
final class SwimSeeds {
    private final String self;
    private final Directory directory;
    private final FailureDetector http;
    private final FailureDetector swim;
    private Sources sources = new Sources(-1, -1);
    private Effect.Seeds told = new Effect.Seeds(Set.of(), false);

    private record Sources(long http, long swim) {}

    SwimSeeds(String self, Directory directory, FailureDetector http, FailureDetector swim) {
        this.self = self;
        this.directory = directory;
        this.http = http;
        this.swim = swim;
    }

    /** What to tell, if it is another thing than was told last. */
    Optional<Effect.Seeds> news(MembershipRouter membership) {
        Sources current = new Sources(http.version(), swim.version());
        if (current.equals(sources)) {
            return Optional.empty();
        }
        sources = current;
        Effect.Seeds seeds = new Effect.Seeds(addresses(), membership.swimIsExpected());
        if (seeds.equals(told)) {
            return Optional.empty();
        }
        told = seeds;
        return Optional.of(seeds);
    }

    private Set<Address> addresses() {
        return directory.nodeIds().stream()
                .filter(nodeId -> !nodeId.equals(self))
                .flatMap(nodeId -> directory.sighting(nodeId).stream())
                .map(seen -> new Address(seen.address().host(), seen.ports().swim()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
