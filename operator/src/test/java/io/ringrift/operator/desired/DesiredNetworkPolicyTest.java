package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DesiredNetworkPolicyTest {

    @Property(tries = 200)
    void opensEveryPortButOursToEverybodyWhereverOursAre(
            @ForAll @IntRange(min = 1, max = 65_535) int http,
            @ForAll @IntRange(min = 1, max = 65_535) int swim,
            @ForAll @IntRange(min = 1, max = 65_535) int raft) {
        Assume.that(http != swim && swim != raft && http != raft);
        NetworkPolicyIngressRule open = rules(http, swim, raft).getFirst();

        assertThat(open.getFrom()).isEmpty();
        assertThat(closed(open, "TCP")).isEqualTo(bits(http, raft));
        assertThat(closed(open, "UDP")).isEqualTo(bits(swim));
        assertThat(closed(open, "SCTP")).isEqualTo(bits());
    }

    @Example
    void leavesNoEmptyRangeAtTheEdges() {
        for (NetworkPolicyIngressRule rule : rules(1, 65_535, 2)) {
            assertThat(rule.getPorts())
                    .allSatisfy(port -> assertThat(port.getEndPort() == null
                                    || port.getEndPort() >= port.getPort().getIntVal())
                            .isTrue());
        }
        assertThat(closed(rules(1, 65_535, 2).getFirst(), "TCP")).isEqualTo(bits(1, 2));
    }

    @Example
    void gossipAndRaftAreForMembersAndHttpForPodsOfAnyNamespace() {
        List<NetworkPolicyIngressRule> rules = rules(8770, 7947, 4321);
        NetworkPolicyIngressRule http = rules.get(1);
        NetworkPolicyIngressRule members = rules.get(2);

        assertThat(ports(http)).containsExactly("TCP 8770");
        assertThat(http.getFrom()).singleElement().satisfies(from -> {
            assertThat(from.getNamespaceSelector()).isNotNull();
            assertThat(from.getPodSelector()).isNull();
        });
        assertThat(ports(members)).containsExactly("UDP 7947", "TCP 4321");
        assertThat(members.getFrom()).singleElement().satisfies(from -> {
            assertThat(from.getPodSelector().getMatchLabels()).containsEntry("ringrift.io/cluster", "demo");
            assertThat(from.getNamespaceSelector()).as("the same namespace").isNull();
        });
    }

    private static List<NetworkPolicyIngressRule> rules(int http, int swim, int raft) {
        var model = model("{stage: 0, ports: {http: " + http + ", swim: " + swim + ", raft: " + raft + "}}");
        return DesiredNetworkPolicy.of(model).getSpec().getIngress();
    }

    private static List<String> ports(NetworkPolicyIngressRule rule) {
        return rule.getPorts().stream()
                .map(port -> port.getProtocol() + " " + port.getPort().getIntVal())
                .toList();
    }

    /** The ports from 1 to 65535 that no range of that protocol contains. */
    private static BitSet closed(NetworkPolicyIngressRule rule, String protocol) {
        var closed = new BitSet();
        closed.set(1, 65_536);
        for (NetworkPolicyPort port : rule.getPorts()) {
            if (port.getProtocol().equals(protocol)) {
                closed.clear(port.getPort().getIntVal(), port.getEndPort() + 1);
            }
        }
        return closed;
    }

    private static BitSet bits(int... ports) {
        var bits = new BitSet();
        for (int port : ports) {
            bits.set(port);
        }
        return bits;
    }
}
