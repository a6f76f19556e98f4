package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.Address;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerTroublesTest {
    private static final Address PEER = new Address("peer", 8770);

    private final KeptLog log = new KeptLog();
    private final PeerTroubles troubles = new PeerTroubles(log);

    @Test
    void aRefusalIsSaidOnceUntilItEndsOrIsAnother() {
        for (int i = 0; i < 3; i++) {
            troubles.note(PEER, Optional.of(new PeerRefusal(401, "Not the credential.")));
        }
        troubles.note(PEER, Optional.of(new PeerRefusal(400, "Another cluster.")));
        troubles.note(PEER, Optional.empty());
        troubles.note(PEER, Optional.empty());
        assertThat(log.lines())
                .containsExactly(
                        "WARNING [Peers] peer:8770 does not take this agent's messages: HTTP status 401, Not the credential.",
                        "WARNING [Peers] peer:8770 does not take this agent's messages: HTTP status 400, Another cluster.",
                        "INFO [Peers] peer:8770 is all right again");
    }

    @Test
    void aNameWithoutAddressIsSaid() {
        troubles.note(PEER, Optional.of(new UnknownHostException("peer")));
        troubles.looked("headless", false);
        troubles.looked("headless", false);
        troubles.looked("headless", true);
        assertThat(log.lines())
                .containsExactly(
                        "WARNING [Peers] peer:8770 cannot be resolved to an address",
                        "WARNING [Peers] headless cannot be resolved to an address",
                        "INFO [Peers] headless is all right again");
    }

    @Test
    void silenceIsMembershipsBusinessAndAPeerThatStopsIsNoTrouble() {
        troubles.note(PEER, Optional.of(new PeerRefusal(503, "This agent is stopping.")));
        troubles.note(PEER, Optional.of(new ConnectException("Connection refused")));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void whatAStrangerSaysIsCut() {
        troubles.note(PEER, Optional.of(new PeerRefusal(400, "x".repeat(100_000))));
        assertThat(log.lines())
                .singleElement()
                .satisfies(line -> assertThat(line).hasSizeLessThan(400));
    }
}
