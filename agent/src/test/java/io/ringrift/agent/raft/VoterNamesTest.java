package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.membership.Address;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VoterNamesTest {
    private static final PeerId PEER = new PeerId("worker-0", "00000001");
    private static final Address HERE = new Address("127.0.0.1", 4321);
    private static final Address THERE = new Address("127.0.0.2", 4321);

    private final VoterNames names = new VoterNames();
    private final List<String> told = new ArrayList<>();
    private NameResolver resolver;

    @BeforeEach
    void resolve() {
        resolver = names.newNameResolver(URI.create(VoterNames.of(PEER)), null);
        resolver.start(new NameResolver.Listener2() {
            @Override
            public void onResult(NameResolver.ResolutionResult result) {
                told.add(result.getAddressesOrError()
                        .getValue()
                        .getFirst()
                        .getAddresses()
                        .getFirst()
                        .toString());
            }

            @Override
            public void onError(Status error) {
                told.add(error.getDescription());
            }
        });
    }

    @Test
    void followsAPeerWhereverItGoes() {
        assertThat(told).containsExactly("nobody says to be worker-0.00000001");
        names.update(Map.of(PEER, HERE));
        names.update(Map.of(PEER, HERE));
        names.update(Map.of(PEER, THERE));
        assertThat(told.subList(1, told.size())).containsExactly("/127.0.0.1:4321", "/127.0.0.2:4321");
    }

    @Test
    void aPeerThatNobodySaysToBeAnyMoreIsNoErrorAgain() {
        names.update(Map.of(PEER, HERE));
        told.clear();

        names.update(Map.of());
        resolver.refresh();
        assertThat(told).isEmpty();

        names.update(Map.of(PEER, HERE));
        assertThat(told).containsOnly("/127.0.0.1:4321");
    }

    @Test
    void whoHasEndedIsToldNothing() {
        resolver.shutdown();
        told.clear();
        names.update(Map.of(PEER, HERE));
        assertThat(told).isEmpty();
    }
}
