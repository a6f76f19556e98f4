package io.ringrift.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to get a key wrong, one by one and many at once. */
class BadConfigurationTest {

    /** What is set, and the beginning of each sentence that must come of it. */
    private static Arguments bad(String assignments, String... sentences) {
        return arguments(assignments, List.of(sentences));
    }

    static Stream<Arguments> badConfigurations() {
        return Stream.of(
                bad("RINGRIFT_NODE_ID=Node_1", "RINGRIFT_NODE_ID=Node_1: is not a DNS label; allowed: a DNS label"),
                bad("RINGRIFT_NODE_ID=-a", "RINGRIFT_NODE_ID=-a: is not a DNS label"),
                bad("RINGRIFT_NODE_ID=" + "a".repeat(64), "RINGRIFT_NODE_ID=aaa"),
                bad(
                        "RINGRIFT_CLUSTER_NAME=my cluster",
                        "RINGRIFT_CLUSTER_NAME=my cluster: is not a cluster name; allowed: 1 to 128"),
                bad("RINGRIFT_CLUSTER_NAME=" + "a".repeat(129), "RINGRIFT_CLUSTER_NAME=aaa"),
                bad(
                        "RINGRIFT_CONFIG_GENERATION=-1",
                        "RINGRIFT_CONFIG_GENERATION=-1: is out of range; allowed: a whole number from 0"),
                bad("RINGRIFT_CONFIG_GENERATION=1.5", "RINGRIFT_CONFIG_GENERATION=1.5: is not a whole number"),
                bad(
                        "RINGRIFT_CONFIG_GENERATION=9999999999999999999",
                        "RINGRIFT_CONFIG_GENERATION=9999999999999999999: is out of range"),
                bad("RINGRIFT_PEERS=a=", "RINGRIFT_PEERS=a=: entry \"a=\" names no host; allowed: a comma list"),
                bad("RINGRIFT_PEERS==host", "RINGRIFT_PEERS==host: entry \"=host\" is not a DNS label"),
                bad("RINGRIFT_PEERS=a=host:0", "RINGRIFT_PEERS=a=host:0: entry \"a=host:0\" is out of range"),
                bad(
                        "RINGRIFT_PEERS=a=host:port",
                        "RINGRIFT_PEERS=a=host:port: entry \"a=host:port\" is not a whole number"),
                bad(
                        "RINGRIFT_PEERS=a=fd00::1",
                        "RINGRIFT_PEERS=a=fd00::1: entry \"a=fd00::1\" has several colons; an IPv6 address stands in brackets"),
                bad("RINGRIFT_PEERS=a=[fd00::1", "RINGRIFT_PEERS=a=[fd00::1: entry \"a=[fd00::1\" has no ]"),
                bad("RINGRIFT_PEERS=a=[fd00::1]8770", "RINGRIFT_PEERS=a=[fd00::1]8770: entry"),
                bad(
                        "RINGRIFT_PEERS=a=[fd00::xyz]",
                        "RINGRIFT_PEERS=a=[fd00::xyz]: entry \"a=[fd00::xyz]\" is not an IPv6 address"),
                bad(
                        "RINGRIFT_PEERS=a=10.0.0.256",
                        "RINGRIFT_PEERS=a=10.0.0.256: entry \"a=10.0.0.256\" is not an IPv4 address"),
                bad("RINGRIFT_PEERS=http://a:8770/", "RINGRIFT_PEERS=http://a:8770/: entry"),
                bad("RINGRIFT_PEERS=a=x,a=y", "RINGRIFT_PEERS=a=x,a=y: node a stands in it twice"),
                bad("RINGRIFT_PEERS=dns:1,dns:1", "RINGRIFT_PEERS=dns:1,dns:1: dns:1 stands in it twice"),
                bad(
                        "RINGRIFT_PEERS=a=x,b=X:8770",
                        "RINGRIFT_PEERS=a=x,b=X:8770: a and b have the same address, x port 8770"),
                bad("RINGRIFT_PEERS=,", "RINGRIFT_PEERS=,: lists nothing"),
                bad("RINGRIFT_PEERS=" + many(1025), "RINGRIFT_PEERS=n0=h0"),
                bad(
                        "RINGRIFT_PEERS=A=x,b=y!",
                        "RINGRIFT_PEERS=A=x,b=y!: entry \"A=x\" is not a DNS label, entry \"b=y!\" is not a host name"),
                bad(
                        "RINGRIFT_BIND_ADDR=0.0.0.0:8770",
                        "RINGRIFT_BIND_ADDR=0.0.0.0:8770: is not a host name; allowed: a host name or address without port"),
                bad("RINGRIFT_ADVERTISE_HOST=0.0.0.0", "RINGRIFT_ADVERTISE_HOST=0.0.0.0: stands for all addresses"),
                bad("RINGRIFT_ADVERTISE_HOST=[::]", "RINGRIFT_ADVERTISE_HOST=[::]: stands for all addresses"),
                bad(
                        "RINGRIFT_ADVERTISE_HOST=fe80::1%eth0",
                        "RINGRIFT_ADVERTISE_HOST=fe80::1%eth0: is not an IPv6 address"),
                bad(
                        "RINGRIFT_P2P_PORT=0",
                        "RINGRIFT_P2P_PORT=0: is out of range; allowed: a whole number from 1 to 65535"),
                bad("RINGRIFT_P2P_PORT=65536", "RINGRIFT_P2P_PORT=65536: is out of range"),
                bad("RINGRIFT_P2P_PORT=http", "RINGRIFT_P2P_PORT=http: is not a whole number"),
                bad(
                        "RINGRIFT_P2P_PORT=tcp://10.0.0.1:8770",
                        "RINGRIFT_P2P_PORT=tcp://10.0.0.1:8770: is what Kubernetes sets for a Service"),
                bad(
                        "RINGRIFT_SWIM_PORT=8770",
                        "RINGRIFT_SWIM_PORT=8770: is also RINGRIFT_P2P_PORT; allowed: three different ports"),
                bad("RINGRIFT_P2P_PORT=7947", "RINGRIFT_SWIM_PORT=7947 (default): is also RINGRIFT_P2P_PORT"),
                bad("RINGRIFT_RAFT_BIND_PORT=7947", "RINGRIFT_RAFT_BIND_PORT=7947: is also RINGRIFT_SWIM_PORT"),
                bad(
                        "RINGRIFT_SWIM_PORT=1 RINGRIFT_SWIM_BIND_PORT=2",
                        "RINGRIFT_SWIM_BIND_PORT=2: differs from RINGRIFT_SWIM_PORT=1, which means the same; allowed: one of the two"),
                bad(
                        "RINGRIFT_RAFT_PORT=1 RINGRIFT_RAFT_BIND_PORT=2",
                        "RINGRIFT_RAFT_BIND_PORT=2: differs from RINGRIFT_RAFT_PORT=1"),
                bad(
                        "RAFT_VOTERS=host-7 RINGRIFT_RAFT_VOTERS=b",
                        "RINGRIFT_RAFT_VOTERS=b: differs from RAFT_VOTERS=host-7"),
                bad("RINGRIFT_SWIM_BIND_PORT=x", "RINGRIFT_SWIM_BIND_PORT=x: is not a whole number"),
                bad(
                        "RINGRIFT_SWIM_ENABLED=maybe",
                        "RINGRIFT_SWIM_ENABLED=maybe: is neither true nor false; allowed: true, false, 1, 0"),
                bad(
                        "RINGRIFT_MEMBERSHIP_MODE=gossip",
                        "RINGRIFT_MEMBERSHIP_MODE=gossip: is not known; allowed: http, swim, hybrid"),
                bad(
                        "RINGRIFT_MEMBERSHIP_MODE=swim RINGRIFT_SWIM_ENABLED=false",
                        "RINGRIFT_SWIM_ENABLED=false: switches off what RINGRIFT_MEMBERSHIP_MODE=swim needs"),
                bad(
                        "RINGRIFT_MEMBERSHIP_MODE=hybrid RINGRIFT_SWIM_ENABLED=off",
                        "RINGRIFT_SWIM_ENABLED=off: switches off what RINGRIFT_MEMBERSHIP_MODE=hybrid needs"),
                bad(
                        "RINGRIFT_SWIM_PROFILE=slow",
                        "RINGRIFT_SWIM_PROFILE=slow: is not known; allowed: default, fast, low-bandwidth"),
                bad(
                        "RINGRIFT_SWIM_FAILURE_TIMEOUT=0",
                        "RINGRIFT_SWIM_FAILURE_TIMEOUT=0: is out of range; allowed: more than 0 and at most 10 minutes"),
                bad("RINGRIFT_SWIM_FAILURE_TIMEOUT=601", "RINGRIFT_SWIM_FAILURE_TIMEOUT=601: is out of range"),
                bad("RINGRIFT_SWIM_FAILURE_TIMEOUT=5h", "RINGRIFT_SWIM_FAILURE_TIMEOUT=5h: is not a time"),
                bad("RINGRIFT_SWIM_FAILURE_TIMEOUT=-5", "RINGRIFT_SWIM_FAILURE_TIMEOUT=-5: is not a time"),
                bad(
                        "RINGRIFT_SWIM_FAILURE_TIMEOUT=2",
                        "RINGRIFT_SWIM_SUSPICION_TIMEOUT=3.0 (default): is not less than RINGRIFT_SWIM_FAILURE_TIMEOUT=2; allowed: less than"),
                bad(
                        "RINGRIFT_SWIM_SUSPICION_TIMEOUT=5",
                        "RINGRIFT_SWIM_SUSPICION_TIMEOUT=5: is not less than RINGRIFT_SWIM_FAILURE_TIMEOUT=5.0 (default)"),
                bad(
                        "RINGRIFT_SWIM_PROFILE=fast RINGRIFT_SWIM_SUSPICION_TIMEOUT=3s",
                        "RINGRIFT_SWIM_SUSPICION_TIMEOUT=3s: is not less than RINGRIFT_SWIM_FAILURE_TIMEOUT=3.0 (default)"),
                bad("RINGRIFT_SWIM_PING_INTERVAL=NaN", "RINGRIFT_SWIM_PING_INTERVAL=NaN: is not a time"),
                bad(
                        "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE=0",
                        "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE=0: is out of range; allowed: a whole number from 1 to 10"),
                bad(
                        "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE=11",
                        "RINGRIFT_SWIM_PING_REQUEST_GROUP_SIZE=11: is out of range"),
                bad(
                        "RINGRIFT_SWIM_MAX_TRANSMISSIONS=101",
                        "RINGRIFT_SWIM_MAX_TRANSMISSIONS=101: is out of range; allowed: a whole number from 1 to 100"),
                bad("RINGRIFT_RAFT_ENABLED=2", "RINGRIFT_RAFT_ENABLED=2: is neither true nor false"),
                bad(
                        "RINGRIFT_CONSENSUS_MODE=paxos",
                        "RINGRIFT_CONSENSUS_MODE=paxos: is not known; allowed: bully, raft, hybrid"),
                bad(
                        "RINGRIFT_CONSENSUS_MODE=raft",
                        "RAFT_VOTERS: is not set, and RINGRIFT_CONSENSUS_MODE=raft needs it; allowed: a comma list of node ids"),
                bad(
                        "RINGRIFT_CONSENSUS_MODE=hybrid",
                        "RAFT_VOTERS: is not set, and RINGRIFT_CONSENSUS_MODE=hybrid needs it"),
                bad("RINGRIFT_RAFT_ENABLED=true", "RAFT_VOTERS: is not set, and RINGRIFT_RAFT_ENABLED=true needs it"),
                bad(
                        "RINGRIFT_CONSENSUS_MODE=raft RINGRIFT_RAFT_ENABLED=no RAFT_VOTERS=host-7",
                        "RINGRIFT_RAFT_ENABLED=no: switches off what RINGRIFT_CONSENSUS_MODE=raft needs"),
                bad(
                        "RAFT_VOTERS=x,y",
                        "RAFT_VOTERS=x,y: x, y: neither a node of RINGRIFT_PEERS nor this node (host-7)"),
                bad(
                        "RINGRIFT_PEERS=b=hb RINGRIFT_RAFT_VOTERS=host-7,b,c",
                        "RINGRIFT_RAFT_VOTERS=host-7,b,c: c: neither a node of RINGRIFT_PEERS nor this node (host-7)"),
                bad("RAFT_VOTERS=host-7,host-7", "RAFT_VOTERS=host-7,host-7: host-7 stands in it twice"),
                bad("RAFT_VOTERS=Host_7", "RAFT_VOTERS=Host_7: entry \"Host_7\" is not a DNS label"),
                bad(
                        "RINGRIFT_RAFT_PROFILE=fast",
                        "RINGRIFT_RAFT_PROFILE=fast: is not known; allowed: default, steady, throttled"),
                bad(
                        "RINGRIFT_HTTP_POLL_INTERVAL=45",
                        "RINGRIFT_HTTP_POLL_INTERVAL=45: is not less than RINGRIFT_HTTP_SUSPECT_AFTER=45 (default)"),
                bad(
                        "RINGRIFT_HTTP_SUSPECT_AFTER=80",
                        "RINGRIFT_HTTP_SUSPECT_AFTER=80: is not less than RINGRIFT_HTTP_FAILED_AFTER=75 (default)"),
                bad("RINGRIFT_HTTP_FAILED_AFTER=15m", "RINGRIFT_HTTP_FAILED_AFTER=15m: is out of range"),
                bad("RINGRIFT_BULLY_PRIORITY=high", "RINGRIFT_BULLY_PRIORITY=high: is not a whole number"),
                bad("RINGRIFT_BULLY_QUORUM=2", "RINGRIFT_BULLY_QUORUM=2: is not known; allowed: majority, none"),
                bad("RINGRIFT_DATA_DIR=a\0b", "RINGRIFT_DATA_DIR=a\\u0000b: is not a path"),
                bad(
                        "RINGRIFT_CLUSTER_AUTH_TOKEN=fifteen-letters",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN: is too short; allowed: 16 to 4096 visible ASCII characters"),
                bad(
                        "RINGRIFT_CLUSTER_AUTH_TOKEN=long-enough-but-\u00fcmlaut",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN: has characters that no HTTP header can carry"),
                bad(
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/nowhere",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/nowhere: the file does not exist; allowed: the path of a readable file"),
                bad(
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/short-token",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/short-token: the credential in the file is too short"),
                bad(
                        "RINGRIFT_CLUSTER_AUTH_TOKEN=0123456789abcdef RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/token",
                        "RINGRIFT_CLUSTER_AUTH_TOKEN: differs from what is in the file of RINGRIFT_CLUSTER_AUTH_TOKEN_FILE"),
                bad(
                        "RINGRIFT_GOSSIP_KEYS_FILE=/nowhere",
                        "RINGRIFT_GOSSIP_KEYS_FILE=/nowhere: the file does not exist"),
                bad(
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/bad-keys",
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/bad-keys: line 2 of the file is not a key; allowed: 1 to 16 lines, each the base64 of 32 bytes"),
                bad(
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/no-keys",
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/no-keys: the file holds 0 keys"),
                bad(
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/same-keys",
                        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/same-keys: line 2 of the file is the key of an earlier line"),
                bad(
                        "RINGRIFT_TLS_DIR=/etc/half-tls",
                        "RINGRIFT_TLS_DIR=/etc/half-tls: tls.key does not exist; allowed: a directory with tls.crt, tls.key and ca.crt",
                        "RINGRIFT_TLS_DIR=/etc/half-tls: ca.crt is not PEM of the right kind"),
                bad("RINGRIFT_LOG_FORMAT=xml", "RINGRIFT_LOG_FORMAT=xml: is not known; allowed: text, json"),
                bad(
                        "RINGRIFT_LOG_LEVEL=VERBOSE",
                        "RINGRIFT_LOG_LEVEL=VERBOSE: is not known; allowed: TRACE, DEBUG, INFO, WARN, ERROR"));
    }

    @ParameterizedTest
    @MethodSource("badConfigurations")
    void oneMistakeIsToldWithItsKeyItsValueAndWhatIsAllowed(String assignments, List<String> sentences) {
        assertSentences(sentences, Inputs.problems(split(assignments)));
    }

    /** Pairs of mistakes that concern different keys: both are told, neither hides the other. */
    static Stream<Arguments> pairs() {
        List<Arguments> all = badConfigurations().toList();
        return IntStream.range(0, all.size())
                .boxed()
                .flatMap(i -> Stream.of(5, 17, 41)
                        .map(step -> combined(all.get(i), all.get((i + step) % all.size())))
                        .flatMap(Optional::stream));
    }

    private static Optional<Arguments> combined(Arguments first, Arguments second) {
        String both = first.get()[0] + " " + second.get()[0];
        List<String> topics =
                Arrays.stream(split(both)).map(BadConfigurationTest::topic).toList();
        boolean apart = topics.stream().distinct().count() == topics.size()
                || Arrays.stream(split((String) first.get()[0]))
                        .map(BadConfigurationTest::topic)
                        .noneMatch(topic -> Arrays.stream(split((String) second.get()[0]))
                                .map(BadConfigurationTest::topic)
                                .anyMatch(topic::equals));
        List<String> sentences = Stream.of(first, second)
                .flatMap(arguments -> ((List<?>) arguments.get()[1]).stream())
                .map(String.class::cast)
                .toList();
        return apart ? Optional.of(arguments(both, sentences)) : Optional.empty();
    }

    /** Keys of one topic are checked against each other, so two mistakes in it may be one. */
    private static String topic(String assignment) {
        String name = assignment.substring(0, assignment.indexOf('='));
        if (name.contains("PORT")) {
            return "ports";
        }
        if (name.contains("VOTERS")
                || name.contains("PEERS")
                || name.contains("NODE_ID")
                || name.contains("CONSENSUS")
                || name.contains("RAFT_ENABLED")) {
            return "nodes";
        }
        if (name.contains("HTTP_")) {
            return "http";
        }
        return name.contains("SWIM_") && !name.contains("GROUP") && !name.contains("MAX") ? "swim" : name;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoMistakesAreToldAtOnce(String assignments, List<String> sentences) {
        assertSentences(sentences, Inputs.problems(split(assignments)));
    }

    @Test
    void aMistakeInEveryKeyAtOnceNamesEveryKey() {
        List<String> keys =
                Keys.names().filter(name -> !name.equals("RINGRIFT_CONFIG_DIR")).toList();
        Map<String, String> environment = new HashMap<>();
        keys.forEach(key -> environment.put(key, "\0 bad \u00fc"));
        ConfigStart start =
                ConfigState.start(Inputs.input(environment, new DirectoryRead.Failed("does not exist"), Map.of()));
        assertThat(start).isInstanceOf(ConfigStart.Invalid.class);
        List<Problem> problems = ((ConfigStart.Invalid) start).problems();
        assertThat(problems.stream().map(Problem::key).collect(Collectors.toSet()))
                .containsAll(keys)
                .contains("RINGRIFT_CONFIG_DIR");
    }

    @Test
    void aHostNameThatIsNoLabelAsksForANodeId() {
        ConfigStart start = ConfigState.start(new ConfigInput(
                Map.of(), new DirectoryRead.None(), Optional.of("my_machine.example"), Inputs.HOME, path -> null));
        assertThat(((ConfigStart.Invalid) start).text()).isEqualTo(("""
                        ringrift-agent cannot start: 1 problem in its configuration
                          RINGRIFT_NODE_ID: is not set, and the host name "my_machine.example" does not begin with a DNS label; allowed: %s
                        """).formatted(Values.NODE_ID_ALLOWED));
    }

    @Test
    void aMachineWithoutANameAsksForANodeId() {
        ConfigStart start = ConfigState.start(
                new ConfigInput(Map.of(), new DirectoryRead.None(), Optional.empty(), Inputs.HOME, path -> null));
        assertThat(((ConfigStart.Invalid) start).text()).contains("does not know its host name");
    }

    @Test
    void aFileOfTheDirectoryThatCannotBeReadIsToldByItsKey() {
        DirectoryRead directory = new DirectoryRead.Files(Map.of(
                "RINGRIFT_PEERS", new FileRead.Failed("is not UTF-8 text"), "RINGRIFT_LOG_LEVEL", Inputs.text("LOUD")));
        ConfigStart start = ConfigState.start(Inputs.input(Map.of(), directory, Map.of()));
        assertThat(((ConfigStart.Invalid) start).problems())
                .extracting(Problem::sentence)
                .containsExactlyInAnyOrder(
                        "RINGRIFT_PEERS: the file is not UTF-8 text; allowed: a readable file of UTF-8 text",
                        "RINGRIFT_LOG_LEVEL=LOUD: is not known; allowed: TRACE, DEBUG, INFO, WARN, ERROR");
    }

    @Test
    void aDirectoryThatIsNotThereIsToldBesideTheRest() {
        ConfigStart start = ConfigState.start(Inputs.input(
                Inputs.keys("RINGRIFT_CONFIG_DIR=/etc/nowhere", "RINGRIFT_P2P_PORT=0"),
                new DirectoryRead.Failed("does not exist"),
                Map.of()));
        assertThat(((ConfigStart.Invalid) start).problems())
                .extracting(Problem::sentence)
                .containsExactlyInAnyOrder(
                        "RINGRIFT_CONFIG_DIR=/etc/nowhere: the directory does not exist; allowed: the path of a readable directory",
                        "RINGRIFT_P2P_PORT=0: is out of range; allowed: a whole number from 1 to 65535");
    }

    @Test
    void aCredentialWrittenWhereItsFileShouldBeNamedIsNotPrinted() {
        assertThat(Inputs.problems("RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=" + Inputs.TOKEN))
                .singleElement()
                .extracting(Problem::sentence)
                .isEqualTo(
                        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE: the file does not exist; allowed: the path of a readable file");
    }

    @Test
    void aLongOrHiddenTextStaysOneShortVisibleLine() {
        assertThat(Inputs.problems("RINGRIFT_LOG_LEVEL=IN\nFO\u202e\u2028" + "x".repeat(100_000)))
                .singleElement()
                .extracting(Problem::sentence)
                .asString()
                .startsWith("RINGRIFT_LOG_LEVEL=IN\\u000aFO\\u202e\\u2028xxx")
                .contains("... (100007 characters)")
                .hasSizeLessThan(400)
                .hasLineCount(1);
    }

    private static String[] split(String assignments) {
        return assignments.split(" (?=R[A-Z_0-9]+=)");
    }

    private static String many(int peers) {
        return IntStream.range(0, peers)
                .mapToObj(i -> "n%d=h%d".formatted(i, i))
                .collect(Collectors.joining(","));
    }

    private static void assertSentences(List<String> beginnings, List<Problem> problems) {
        assertThat(problems).hasSameSizeAs(beginnings);
        for (String beginning : beginnings) {
            assertThat(problems).extracting(Problem::sentence).anyMatch(sentence -> sentence.startsWith(beginning));
        }
        assertThat(problems).allSatisfy(problem -> assertThat(problem.allowed()).isNotBlank());
    }
}
