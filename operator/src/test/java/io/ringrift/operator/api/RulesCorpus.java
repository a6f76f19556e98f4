package io.ringrift.operator.api;

import java.util.stream.Stream;

/**
 * Specs that are right and specs that are wrong. The API server and the operator's own validation are both held against
 * them, so that they cannot drift apart. Members are called {@code demo-0}, {@code demo-1} and so on.
 */
public final class RulesCorpus {
    private static final String LONG_NAME = "n".repeat(48);

    private RulesCorpus() {}

    /** A spec that is taken. */
    public record Good(String title, String name, String spec) {
        Good(String title, String spec) {
            this(title, "demo", spec);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** A spec that is refused with that sentence. */
    public record Bad(String title, String name, String spec, String sentence) {
        Bad(String title, String spec, String sentence) {
            this(title, "demo", spec, sentence);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** A change that is taken; a JSON merge patch of the spec. */
    public record GoodEdit(String title, String spec, String patch) {
        @Override
        public String toString() {
            return title;
        }
    }

    /** A change that is refused with that sentence. */
    public record BadEdit(String title, String spec, String patch, String sentence) {
        @Override
        public String toString() {
            return title;
        }
    }

    /** Specs that are taken. */
    public static Stream<Good> good() {
        return Stream.of(
                new Good("only the stage", "{stage: 0}"),
                new Good("the highest stage", "{stage: 4}"),
                new Good("one replica in the highest stage", "{stage: 4, replicas: 1}"),
                new Good("two replicas, default voters", "{stage: 3, replicas: 2}"),
                new Good("as many voters as replicas", "{stage: 0, replicas: 5, consensus: {voters: 5}}"),
                new Good("named voters", "{stage: 3, replicas: 5, consensus: {voterNames: [demo-0, demo-2, demo-4]}}"),
                new Good(
                        "named and counted voters",
                        "{stage: 3, replicas: 5, consensus: {voters: 3, voterNames: [demo-1, demo-2, demo-3]}}"),
                new Good(
                        "voters with two digits",
                        "{stage: 3, replicas: 12, consensus: {voterNames: [demo-0, demo-9, demo-11]}}"),
                new Good("Raft by its mode", "{stage: 0, consensus: {mode: raft}}"),
                new Good("Raft in shadow", "{stage: 0, consensus: {shadow: true}}"),
                new Good("the emergency lever", "{stage: 2, membership: {mode: http}}"),
                new Good("a profile", "{stage: 0, membership: {profile: fast}}"),
                new Good(
                        "a suspicion that fits its profile",
                        "{stage: 0, membership: {profile: low-bandwidth, swim: {suspicionTimeout: 7s}}}"),
                new Good(
                        "all of SWIM",
                        "{stage: 1, membership: {swim: {failureTimeout: 5.5s, suspicionTimeout: 3000ms, pingInterval: 1s, pingRequestGroupSize: 10, maxTransmissions: 100}}}"),
                new Good(
                        "all of HTTP polling",
                        "{stage: 0, membership: {http: {pollInterval: 500ms, suspectAfter: 2s, failedAfter: 10m}}}"),
                new Good(
                        "no soak",
                        "{stage: 1, rollout: {soak: 0s, verify: 0s, steps: [\"1\", \"10%\", \"7\", \"100%\"], progressDeadline: 1h30m}}"),
                new Good("a volume", "{stage: 0, storage: {size: 1Gi}}"),
                new Good("a volume of a class", "{stage: 0, storage: {size: 1.5Gi, storageClassName: fast}}"),
                new Good("other ports", "{stage: 0, ports: {http: 80, swim: 81, raft: 82}}"),
                new Good(
                        "a template",
                        "{stage: 0, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: app, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}}"),
                new Good("a workload of somebody else", "{stage: 0, workloadRef: {kind: StatefulSet, name: trainer}}"),
                new Good(
                        "voters of a workload whose number of pods the resource does not know",
                        "{stage: 0, workloadRef: {name: trainer}, consensus: {voters: 5}}"),
                new Good(
                        "the agent's image, resources and level",
                        "{stage: 0, agent: {image: \"r.example.com/agent:1\", resources: {requests: {cpu: 50m}}, logLevel: DEBUG}}"),
                new Good("the longest name", LONG_NAME, "{stage: 0}"),
                new Good("a thousand members", "{stage: 2, replicas: 1000}"),
                new Good(
                        "everything else said out loud",
                        "{stage: 0, membership: {shadow: true, mode: http}, consensus: {profile: throttled, recoveryGeneration: 3}, security: {tls: false, gossipEncryption: false, networkPolicy: false}}"));
    }

    /** Specs that are refused. */
    public static Stream<Bad> bad() {
        String time = "must be a time greater than 0 and at most 10m, such as 500ms, 5s or 2m";
        String suspicion = "swim.suspicionTimeout must be less than swim.failureTimeout";
        String polling = "http.pollInterval must be less than http.suspectAfter, and that less than http.failedAfter";
        String ports = "must be three different ports";
        String steps = "steps must be numbers of pods such as \"1\" or percentages from \"1%\" to \"100%\"";
        return Stream.of(
                new Bad("no stage", "{replicas: 3}", "spec.stage: Required value"),
                new Bad("a stage too high", "{stage: 5}", "spec.stage in body should be less than or equal to 4"),
                new Bad("a negative stage", "{stage: -1}", "spec.stage in body should be greater than or equal to 0"),
                new Bad("a stage in words", "{stage: \"two\"}", "spec.stage in body must be of type integer"),
                new Bad(
                        "no replicas",
                        "{stage: 0, replicas: 0}",
                        "spec.replicas in body should be greater than or equal to 1"),
                new Bad(
                        "too many replicas",
                        "{stage: 0, replicas: 1001}",
                        "spec.replicas in body should be less than or equal to 1000"),
                new Bad(
                        "an even number of voters",
                        "{stage: 0, replicas: 5, consensus: {voters: 2}}",
                        "voters must be an odd number"),
                new Bad(
                        "more voters than replicas",
                        "{stage: 0, replicas: 3, consensus: {voters: 5}}",
                        "voters must be at most replicas"),
                new Bad(
                        "more voters than the default replicas",
                        "{stage: 0, consensus: {voters: 5}}",
                        "voters must be at most replicas"),
                new Bad(
                        "no voters in stage 3",
                        "{stage: 3, consensus: {voters: 0}}",
                        "stages 3 and 4 and the consensus modes raft and hybrid need voters"),
                new Bad(
                        "no voters in stage 4",
                        "{stage: 4, consensus: {voterNames: []}}",
                        "stages 3 and 4 and the consensus modes raft and hybrid need voters"),
                new Bad(
                        "no voters for the mode raft",
                        "{stage: 0, consensus: {mode: raft, voters: 0}}",
                        "stages 3 and 4 and the consensus modes raft and hybrid need voters"),
                new Bad(
                        "no voters for the mode hybrid",
                        "{stage: 0, consensus: {mode: hybrid, voterNames: []}}",
                        "stages 3 and 4 and the consensus modes raft and hybrid need voters"),
                new Bad(
                        "an even number of voter names",
                        "{stage: 0, consensus: {voterNames: [demo-0, demo-1]}}",
                        "voterNames must name an odd number of members"),
                new Bad(
                        "a voter named twice",
                        "{stage: 0, consensus: {voterNames: [demo-0, demo-1, demo-0]}}",
                        "Duplicate value: \"demo"),
                new Bad(
                        "a voter beyond the replicas",
                        "{stage: 0, consensus: {voterNames: [demo-0, demo-1, demo-3]}}",
                        "consensus.voterNames must be members"),
                new Bad(
                        "a stranger as voter",
                        "{stage: 0, consensus: {voterNames: [other-0]}}",
                        "consensus.voterNames must be members"),
                new Bad(
                        "a voter with a leading zero",
                        "{stage: 0, consensus: {voterNames: [demo-01]}}",
                        "consensus.voterNames must be members"),
                new Bad(
                        "a voter without ordinal",
                        "{stage: 0, consensus: {voterNames: [demo-]}}",
                        "consensus.voterNames must be members"),
                new Bad(
                        "names and number that differ",
                        "{stage: 0, replicas: 5, consensus: {voters: 3, voterNames: [demo-0]}}",
                        "voters must be the number of voterNames"),
                new Bad(
                        "an unknown membership mode",
                        "{stage: 0, membership: {mode: gossip}}",
                        "supported values: \"http\", \"hybrid\", \"swim\""),
                new Bad(
                        "an unknown consensus mode",
                        "{stage: 0, consensus: {mode: paxos}}",
                        "supported values: \"bully\", \"hybrid\", \"raft\""),
                new Bad(
                        "an unknown SWIM profile",
                        "{stage: 0, membership: {profile: slow}}",
                        "supported values: \"default\", \"fast\", \"low-bandwidth\""),
                new Bad(
                        "an unknown Raft profile",
                        "{stage: 0, consensus: {profile: slow}}",
                        "supported values: \"default\", \"steady\", \"throttled\""),
                new Bad(
                        "an unknown log level",
                        "{stage: 0, agent: {logLevel: verbose}}",
                        "supported values: \"DEBUG\", \"ERROR\", \"INFO\", \"TRACE\", \"WARN\""),
                new Bad(
                        "suspicion as long as failure",
                        "{stage: 0, membership: {swim: {failureTimeout: 5s, suspicionTimeout: 5s}}}",
                        suspicion),
                new Bad(
                        "a failure below the default suspicion",
                        "{stage: 0, membership: {swim: {failureTimeout: 2s}}}",
                        suspicion),
                new Bad(
                        "a suspicion above the profile's failure",
                        "{stage: 0, membership: {profile: fast, swim: {suspicionTimeout: 4s}}}",
                        suspicion),
                new Bad(
                        "a failure below the slow profile's suspicion",
                        "{stage: 0, membership: {profile: low-bandwidth, swim: {failureTimeout: 4s}}}",
                        suspicion),
                new Bad("a poll as long as suspicion", "{stage: 0, membership: {http: {pollInterval: 45s}}}", polling),
                new Bad(
                        "suspicion above the default failure",
                        "{stage: 0, membership: {http: {suspectAfter: 80s}}}",
                        polling),
                new Bad(
                        "failure below the default suspicion",
                        "{stage: 0, membership: {http: {failedAfter: 30s}}}",
                        polling),
                new Bad("a time without unit", "{stage: 0, membership: {swim: {pingInterval: \"1\"}}}", time),
                new Bad("a time in words", "{stage: 0, membership: {swim: {failureTimeout: soon}}}", time),
                new Bad("a time of zero", "{stage: 0, membership: {swim: {pingInterval: 0s}}}", time),
                new Bad("a negative time", "{stage: 0, membership: {http: {pollInterval: -5s}}}", time),
                new Bad("a time that is too long", "{stage: 0, membership: {http: {failedAfter: 11m}}}", time),
                new Bad("a time in hours", "{stage: 0, membership: {http: {failedAfter: 1h}}}", time),
                new Bad(
                        "a group of none",
                        "{stage: 0, membership: {swim: {pingRequestGroupSize: 0}}}",
                        "should be greater than or equal to 1"),
                new Bad(
                        "a group too large",
                        "{stage: 0, membership: {swim: {pingRequestGroupSize: 11}}}",
                        "should be less than or equal to 10"),
                new Bad(
                        "no transmissions",
                        "{stage: 0, membership: {swim: {maxTransmissions: 0}}}",
                        "should be greater than or equal to 1"),
                new Bad(
                        "too many transmissions",
                        "{stage: 0, membership: {swim: {maxTransmissions: 101}}}",
                        "should be less than or equal to 100"),
                new Bad("two equal ports", "{stage: 0, ports: {http: 9000, swim: 9000}}", ports),
                new Bad("a port equal to another's default", "{stage: 0, ports: {swim: 8770}}", ports),
                new Bad("port 0", "{stage: 0, ports: {http: 0}}", "should be greater than or equal to 1"),
                new Bad("a port too high", "{stage: 0, ports: {raft: 65536}}", "should be less than or equal to 65535"),
                new Bad(
                        "template and workloadRef",
                        "{stage: 0, template: {spec: {containers: [{name: a, image: b}]}}, workloadRef: {name: trainer}}",
                        "set template or workloadRef, not both"),
                new Bad(
                        "storage and workloadRef",
                        "{stage: 0, storage: {size: 1Gi}, workloadRef: {name: trainer}}",
                        "set storage or workloadRef, not both"),
                new Bad(
                        "a workload without stable names",
                        "{stage: 0, workloadRef: {kind: Deployment, name: trainer}}",
                        "kind must be StatefulSet"),
                new Bad(
                        "a workload without name",
                        "{stage: 0, workloadRef: {kind: StatefulSet}}",
                        "spec.workloadRef.name: Required value"),
                new Bad(
                        "a volume without size",
                        "{stage: 0, storage: {storageClassName: fast}}",
                        "spec.storage.size: Required value"),
                new Bad(
                        "a size that is none",
                        "{stage: 0, storage: {size: big}}",
                        "size must be a quantity greater than 0"),
                new Bad(
                        "a size of zero",
                        "{stage: 0, storage: {size: \"0\"}}",
                        "size must be a quantity greater than 0"),
                new Bad(
                        "resources that are none",
                        "{stage: 0, agent: {resources: {limits: {memory: \"\"}}}}",
                        "spec.agent.resources.limits.memory in body should match"),
                new Bad(
                        "a workload's resources that are none",
                        "{stage: 0, template: {spec: {containers: [{name: main, image: app, resources: {requests: {cpu: lots}}}]}}}",
                        "resources.requests.cpu in body should match"),
                new Bad(
                        "a soak in words",
                        "{stage: 0, rollout: {soak: overnight}}",
                        "soak must be a time of at most 720h"),
                new Bad("a soak of years", "{stage: 0, rollout: {soak: 9000h}}", "soak must be a time of at most 720h"),
                new Bad(
                        "a verify beyond its deadline",
                        "{stage: 0, rollout: {verify: 10m}}",
                        "verify must be less than progressDeadline"),
                new Bad(
                        "a deadline of zero",
                        "{stage: 0, rollout: {progressDeadline: 0s}}",
                        "progressDeadline must be a time greater than 0"),
                new Bad("a step of none", "{stage: 0, rollout: {steps: [\"0\"]}}", steps),
                new Bad("a step of more than all", "{stage: 0, rollout: {steps: [\"101%\"]}}", steps),
                new Bad("a step in words", "{stage: 0, rollout: {steps: [half]}}", steps),
                new Bad("no steps", "{stage: 0, rollout: {steps: []}}", "should have at least 1 items"),
                new Bad(
                        "a recovery before the first",
                        "{stage: 0, consensus: {recoveryGeneration: -1}}",
                        "should be greater than or equal to 0"),
                new Bad(
                        "a name too long",
                        LONG_NAME + "n",
                        "{stage: 0}",
                        "metadata.name: Too long: may not be more than 48 bytes"),
                new Bad("a name with a dot", "de.mo", "{stage: 0}", "metadata.name must begin with a letter"),
                new Bad(
                        "a name that begins with a digit",
                        "1demo",
                        "{stage: 0}",
                        "metadata.name must begin with a letter"));
    }

    /** Changes that are taken. */
    public static Stream<GoodEdit> goodEdits() {
        return Stream.of(
                new GoodEdit("up", "{stage: 0}", "{stage: 2}"),
                new GoodEdit("down", "{stage: 4}", "{stage: 0}"),
                new GoodEdit("more members", "{stage: 0}", "{replicas: 7}"),
                new GoodEdit(
                        "other voters", "{stage: 3, replicas: 5, consensus: {voters: 3}}", "{consensus: {voters: 5}}"),
                new GoodEdit("the template", "{stage: 0}", "{template: {spec: {containers: [{name: a, image: b}]}}}"),
                new GoodEdit("a recovery", "{stage: 3}", "{consensus: {recoveryGeneration: 1}}"),
                new GoodEdit("no network policy", "{stage: 0}", "{security: {networkPolicy: false}}"));
    }

    /** Changes that are refused. */
    public static Stream<BadEdit> badEdits() {
        String storage = "storage can neither be added nor changed nor removed";
        String workload = "workloadRef can neither be added nor changed nor removed";
        return Stream.of(
                new BadEdit("storage added", "{stage: 0}", "{storage: {size: 1Gi}}", storage),
                new BadEdit("storage removed", "{stage: 0, storage: {size: 1Gi}}", "{storage: null}", storage),
                new BadEdit("storage enlarged", "{stage: 0, storage: {size: 1Gi}}", "{storage: {size: 2Gi}}", storage),
                new BadEdit(
                        "storage of another class",
                        "{stage: 0, storage: {size: 1Gi}}",
                        "{storage: {storageClassName: fast}}",
                        storage),
                new BadEdit("workloadRef added", "{stage: 0}", "{workloadRef: {name: trainer}}", workload),
                new BadEdit(
                        "workloadRef removed",
                        "{stage: 0, workloadRef: {name: trainer}}",
                        "{workloadRef: null}",
                        workload),
                new BadEdit(
                        "another workload",
                        "{stage: 0, workloadRef: {name: trainer}}",
                        "{workloadRef: {name: server}}",
                        workload),
                new BadEdit("another port", "{stage: 0}", "{ports: {http: 8771}}", "ports cannot be changed"),
                new BadEdit("TLS off", "{stage: 0}", "{security: {tls: false}}", "tls cannot be changed"),
                new BadEdit(
                        "gossip no longer sealed",
                        "{stage: 0}",
                        "{security: {gossipEncryption: false}}",
                        "gossipEncryption cannot be changed"),
                new BadEdit(
                        "a recovery taken back",
                        "{stage: 3, consensus: {recoveryGeneration: 2}}",
                        "{consensus: {recoveryGeneration: 1}}",
                        "recoveryGeneration can only be raised"),
                new BadEdit(
                        "fewer members than voters",
                        "{stage: 3, replicas: 5, consensus: {voters: 5}}",
                        "{replicas: 3}",
                        "voters must be at most replicas"),
                new BadEdit(
                        "a named voter scaled away",
                        "{stage: 3, replicas: 5, consensus: {voterNames: [demo-4]}}",
                        "{replicas: 4}",
                        "consensus.voterNames must be members"));
    }
}
