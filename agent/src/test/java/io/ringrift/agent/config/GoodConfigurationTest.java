package io.ringrift.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.Bully;
import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.config.AgentConfig.LogFormat;
import io.ringrift.agent.config.AgentConfig.Logging;
import io.ringrift.agent.config.AgentConfig.Network;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.AgentConfig.Raft;
import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.config.AgentConfig.Security;
import io.ringrift.agent.config.AgentConfig.Swim;
import io.ringrift.agent.config.AgentConfig.SwimProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoodConfigurationTest {

    @Test
    void nothingSetGivesTheDefaultsOfTheSpecification() {
        assertThat(Inputs.config())
                .isEqualTo(new AgentConfig(
                        OptionalLong.empty(),
                        "host-7",
                        "ringrift",
                        List.of(),
                        new Network("0.0.0.0", Optional.empty(), 8770, 7947, 4321),
                        MembershipMode.HTTP,
                        new Swim(
                                false,
                                SwimProfile.DEFAULT,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(1),
                                3,
                                10),
                        new HttpPolling(Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofSeconds(75)),
                        ConsensusMode.BULLY,
                        new Bully(0, BullyQuorum.MAJORITY),
                        new Raft(false, List.of(), RaftProfile.DEFAULT, 0),
                        Path.of("/work-dir/ringrift-data/host-7"),
                        new Security(Optional.empty(), Optional.empty(), Optional.empty()),
                        new Logging(LogFormat.TEXT, System.Logger.Level.INFO)));
    }

    @Test
    void everyKeySetIsTaken() {
        assertThat(Inputs.config(
                        "RINGRIFT_CONFIG_GENERATION=12",
                        "RINGRIFT_NODE_ID=demo-0",
                        "RINGRIFT_CLUSTER_NAME=team-a/demo",
                        "RINGRIFT_PEERS=demo-0=10.0.0.1, demo-1=demo-1.demo-peers.team-a.svc, demo-2=[fd00::2]:9000,demo-peers:8771",
                        "RINGRIFT_BIND_ADDR=::",
                        "RINGRIFT_ADVERTISE_HOST=10.0.0.9",
                        "RINGRIFT_P2P_PORT=18770",
                        "RINGRIFT_SWIM_ENABLED=yes",
                        "RINGRIFT_MEMBERSHIP_MODE=swim",
                        "RINGRIFT_SWIM_PORT=17947",
                        "RINGRIFT_SWIM_PROFILE=low-bandwidth",
                        "RINGRIFT_SWIM_FAILURE_TIMEOUT=12s",
                        "RINGRIFT_SWIM_SUSPICION_TIMEOUT=6.5",
                        "RINGRIFT_SWIM_PING_INTERVAL=750ms",
                        "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE=4",
                        "RINGRIFT_SWIM_MAX_TRANSMISSIONS=20",
                        "RINGRIFT_RAFT_ENABLED=1",
                        "RINGRIFT_CONSENSUS_MODE=hybrid",
                        "RINGRIFT_RAFT_PORT=14321",
                        "RAFT_VOTERS=demo-0,demo-1,demo-2",
                        "RINGRIFT_RAFT_PROFILE=throttled",
                        "RINGRIFT_HTTP_POLL_INTERVAL=1",
                        "RINGRIFT_HTTP_SUSPECT_AFTER=3",
                        "RINGRIFT_HTTP_FAILED_AFTER=1m",
                        "RINGRIFT_BULLY_PRIORITY=-5",
                        "RINGRIFT_BULLY_QUORUM=none",
                        "RINGRIFT_DATA_DIR=/var/lib/ringrift",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/token",
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/keys",
                        "RINGRIFT_TLS_DIR=/etc/tls",
                        "RINGRIFT_LOG_FORMAT=json",
                        "RINGRIFT_LOG_LEVEL=warn"))
                .isEqualTo(new AgentConfig(
                        OptionalLong.of(12),
                        "demo-0",
                        "team-a/demo",
                        List.of(
                                new Peer.Named("demo-1", "demo-1.demo-peers.team-a.svc", OptionalInt.empty()),
                                new Peer.Named("demo-2", "fd00::2", OptionalInt.of(9000)),
                                new Peer.Discovered("demo-peers", OptionalInt.of(8771))),
                        new Network("::", Optional.of("10.0.0.9"), 18770, 17947, 14321),
                        MembershipMode.SWIM,
                        new Swim(
                                true,
                                SwimProfile.LOW_BANDWIDTH,
                                Duration.ofSeconds(12),
                                Duration.ofMillis(6500),
                                Duration.ofMillis(750),
                                4,
                                20),
                        new HttpPolling(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(1)),
                        ConsensusMode.HYBRID,
                        new Bully(-5, BullyQuorum.NONE),
                        new Raft(true, List.of("demo-0", "demo-1", "demo-2"), RaftProfile.THROTTLED, 0),
                        Path.of("/var/lib/ringrift"),
                        new Security(
                                Optional.of(new Secret(Inputs.TOKEN)),
                                Optional.of(Path.of("/etc/ringrift/keys")),
                                Optional.of(Path.of("/etc/tls"))),
                        new Logging(LogFormat.JSON, System.Logger.Level.WARNING)));
    }

    @ParameterizedTest
    @CsvSource({
        "2.5, 2500",
        "5s, 5000",
        "500ms, 500",
        "2m, 120000",
        "10m, 600000",
        "600, 600000",
        ".5, 500",
        "3., 3000",
        "5 s, 5000",
        "5S, 5000",
        "0.0001, 1",
        "0.000000001ms, 1",
        "0.5005, 501",
        "0.5004999, 500",
        "0, -1",
        "600000.000000001ms, -1",
        "10.000000001m, -1",
        "999999999m, -1",
        "600000ms, 600000",
        "1e0, -1"
    })
    void timesAreSecondsOrHaveAUnit(String text, long millis) {
        if (millis < 0) {
            assertThat(Inputs.problems("RINGRIFT_SWIM_PING_INTERVAL=" + text)).hasSize(1);
        } else {
            assertThat(Inputs.config("RINGRIFT_SWIM_PING_INTERVAL=" + text)
                            .swim()
                            .pingInterval())
                    .isEqualTo(Duration.ofMillis(millis));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "TRUE, true",
        "1, true",
        "Yes, true",
        "oN, true",
        "false, false",
        "0, false",
        "NO, false",
        "off, false"
    })
    void booleansAreWrittenInManyWays(String text, boolean value) {
        assertThat(Inputs.config("RINGRIFT_SWIM_ENABLED=" + text).swim().enabled())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "default, 5.0, 3.0, 1.0",
        "fast, 3.0, 2.0, 0.5",
        "low-bandwidth, 10.0, 5.0, 2.0",
        "Low-Bandwidth, 10.0, 5.0, 2.0"
    })
    void aProfileSetsThreeTimes(String profile, double failure, double suspicion, double ping) {
        Swim swim = Inputs.config("RINGRIFT_SWIM_PROFILE=" + profile).swim();
        assertThat(List.of(swim.failureTimeout(), swim.suspicionTimeout(), swim.pingInterval()))
                .containsExactly(seconds(failure), seconds(suspicion), seconds(ping));
    }

    @Test
    void aKeySetByHandWinsOverItsProfile() {
        Swim swim = Inputs.config("RINGRIFT_SWIM_PROFILE=fast", "RINGRIFT_SWIM_FAILURE_TIMEOUT=4")
                .swim();
        assertThat(swim.failureTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(swim.suspicionTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
        "http, , false",
        "http, true, true",
        "http, false, false",
        "swim, , true",
        "hybrid, , true",
        "hybrid, true, true"
    })
    void anUnsetSwimFlagFollowsTheModeAndASetOneBesideHttpIsShadow(String mode, String flag, boolean enabled) {
        AgentConfig config = Inputs.config(
                "RINGRIFT_MEMBERSHIP_MODE=" + mode, "RINGRIFT_SWIM_ENABLED=" + (flag == null ? "" : flag));
        assertThat(config.swim().enabled()).isEqualTo(enabled);
        assertThat(config.membershipMode().token()).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({"bully, , false", "bully, true, true", "bully, false, false", "raft, , true", "hybrid, true, true"})
    void anUnsetRaftFlagFollowsTheModeAndASetOneBesideBullyIsShadow(String mode, String flag, boolean enabled) {
        AgentConfig config = Inputs.config(
                "RINGRIFT_CONSENSUS_MODE=" + mode,
                "RINGRIFT_RAFT_ENABLED=" + (flag == null ? "" : flag),
                "RINGRIFT_PEERS=b=hb,c=hc",
                "RAFT_VOTERS=host-7,b,c");
        assertThat(config.raft().enabled()).isEqualTo(enabled);
        assertThat(config.consensusMode().token()).isEqualTo(mode);
    }

    @Test
    void anAliasIsAsGoodAsTheName() {
        AgentConfig config = Inputs.config(
                "RINGRIFT_SWIM_BIND_PORT=1001", "RINGRIFT_RAFT_BIND_PORT=1002", "RINGRIFT_RAFT_VOTERS=host-7");
        assertThat(config.network().swimPort()).isEqualTo(1001);
        assertThat(config.network().raftPort()).isEqualTo(1002);
        assertThat(config.raft().voters()).containsExactly("host-7");
    }

    @Test
    void aNameAndItsAliasMayAgree() {
        assertThat(Inputs.config("RINGRIFT_SWIM_PORT=1001", "RINGRIFT_SWIM_BIND_PORT=01001")
                        .network()
                        .swimPort())
                .isEqualTo(1001);
        assertThat(Inputs.config(
                                "RINGRIFT_CLUSTER_AUTH_TOKEN=" + Inputs.TOKEN,
                                "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/token")
                        .security()
                        .authToken())
                .contains(new Secret(Inputs.TOKEN));
    }

    @Test
    void anEmptyValueCountsAsNotSet() {
        assertThat(Inputs.config(
                        "RINGRIFT_P2P_PORT=", "RINGRIFT_PEERS= ", "RINGRIFT_NODE_ID=", "RINGRIFT_CLUSTER_AUTH_TOKEN="))
                .isEqualTo(Inputs.config());
    }

    @Test
    void theDirectoryWinsOverTheEnvironmentUnderEveryName() {
        ConfigStart start = ConfigState.start(Inputs.input(
                Inputs.keys(
                        "RINGRIFT_MEMBERSHIP_MODE=http",
                        "RINGRIFT_SWIM_BIND_PORT=1001",
                        "RINGRIFT_P2P_PORT=1003",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/token"),
                Inputs.directory(
                        "RINGRIFT_MEMBERSHIP_MODE=hybrid",
                        "RINGRIFT_SWIM_PORT=1002",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN=another-credential"),
                Inputs.files()));
        AgentConfig config = Inputs.started(start).state().config();
        assertThat(config.membershipMode()).isEqualTo(MembershipMode.HYBRID);
        assertThat(config.network().swimPort()).isEqualTo(1002);
        assertThat(config.network().httpPort()).isEqualTo(1003);
        assertThat(config.security().authToken()).contains(new Secret("another-credential"));
    }

    @Test
    void relativePathsAreUnderTheWorkingDirectory() {
        assertThat(Inputs.config("RINGRIFT_DATA_DIR=data/raft").dataDir()).isEqualTo(Path.of("/work-dir/data/raft"));
    }

    @Test
    void anotherProgramsVariablesAreNoConcern() {
        assertThat(Inputs.warnings("PATH=/bin", "RAFT_HOME=/opt/raft", "RINGRIFTX=1"))
                .isEmpty();
    }

    @Test
    void whatKubernetesSetsForServicesIsNoConcern() {
        assertThat(Inputs.warnings(
                        "RINGRIFT_DEMO_SERVICE_HOST=10.96.0.7",
                        "RINGRIFT_DEMO_SERVICE_PORT_HTTP=8770",
                        "RINGRIFT_DEMO_PORT=tcp://10.96.0.7:8770",
                        "RINGRIFT_DEMO_PORT_8770_TCP_ADDR=10.96.0.7"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "RINGRIFT_SWIMM_PORT, RINGRIFT_SWIM_PORT",
        "RINGRIFT_MEMBERSHIPMODE, RINGRIFT_MEMBERSHIP_MODE",
        "RINGRIFT_RAFT_VOTER, RINGRIFT_RAFT_VOTERS",
        "RAFT_VOTER, RAFT_VOTERS",
        "RINGRIFT_TLSDIR, RINGRIFT_TLS_DIR",
        "RINGRIFT_CLUSTER_AUTH_TOKENFILE, RINGRIFT_CLUSTER_AUTH_TOKEN_FILE"
    })
    void anUnknownKeyWarnsWithTheNearestKnownOneAndKeepsItsValueToItself(String unknown, String nearest) {
        assertThat(Inputs.warnings(unknown + "=s3cret-value"))
                .singleElement()
                .asString()
                .startsWith(unknown + ": ")
                .endsWith("nearest known one is " + nearest)
                .doesNotContain("s3cret-value");
    }

    @Test
    void aFloodOfUnknownKeysIsToldInBrief() {
        String[] keys = new String[500];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "RINGRIFT_UNKNOWN_" + i + "=1";
        }
        assertThat(Inputs.warnings(keys)).hasSize(21).last().asString().isEqualTo("480 more unknown keys, ignored");
    }

    @ParameterizedTest
    @CsvSource({"'host-7', 1 voter;", "'host-7,b', 2 voters;", "'host-7,b,c,d', 4 voters;"})
    void anEvenNumberOfVotersOrOneWarns(String voters, String what) {
        assertThat(Inputs.warnings("RINGRIFT_PEERS=b=hb,c=hc,d=hd", "RAFT_VOTERS=" + voters))
                .singleElement()
                .asString()
                .contains(what, "3 or 5");
    }

    @Test
    void threeVotersDoNotWarn() {
        assertThat(Inputs.warnings("RINGRIFT_PEERS=b=hb,c=hc", "RAFT_VOTERS=host-7,b,c"))
                .isEmpty();
    }

    @Test
    void aVoterThatMayStandBehindADnsNameWarns() {
        assertThat(Inputs.warnings("RINGRIFT_PEERS=demo-peers.ns.svc", "RAFT_VOTERS=host-7,b,c"))
                .singleElement()
                .asString()
                .startsWith("RAFT_VOTERS: b, c: ");
    }

    @Test
    void thisNodeMayBeListedUnderAnyAddress() {
        assertThat(Inputs.config("RINGRIFT_PEERS=host-7=somewhere-else,b=hb").peers())
                .containsExactly(new Peer.Named("b", "hb", OptionalInt.empty()));
    }

    @Test
    void aPingThatFitsNotWarns() {
        assertThat(Inputs.warnings("RINGRIFT_SWIM_PING_INTERVAL=4"))
                .singleElement()
                .asString()
                .startsWith("RINGRIFT_SWIM_PING_INTERVAL=4: ");
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
