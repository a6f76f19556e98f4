package io.ringrift.operator.api;

/**
 * The rules that the API server itself checks, in its expression language (CEL), and what it answers. Every message is a
 * constant and every string and list they see has a maximum: the API server refuses rules that it estimates as too dear.
 */
final class Rules {
    static final String AGENT_TIME = "self.matches('" + Durations.AGENT_PATTERN
            + "') && duration(self) > duration('0s') && duration(self) <= duration('10m')";
    static final String AGENT_TIME_MESSAGE = "must be a time greater than 0 and at most 10m, such as 500ms, 5s or 2m";

    static final String SOAK =
            "self.matches('" + Durations.ROLLOUT_PATTERN + "') && duration(self) <= duration('720h')";
    static final String SOAK_MESSAGE = "soak must be a time of at most 720h, such as 0s, 30m or 24h";

    static final String VERIFY =
            "self.matches('" + Durations.ROLLOUT_PATTERN + "') && duration(self) <= duration('24h')";
    static final String VERIFY_MESSAGE = "verify must be a time of at most 24h, such as 0s, 30s or 5m";

    static final String PROGRESS_DEADLINE = "self.matches('" + Durations.ROLLOUT_PATTERN
            + "') && duration(self) > duration('0s') && duration(self) <= duration('24h')";
    static final String PROGRESS_DEADLINE_MESSAGE =
            "progressDeadline must be a time greater than 0 and at most 24h, such as 10m";

    static final String STEPS = "self.all(step, step.matches('^([1-9][0-9]{0,3}|[1-9][0-9]?%|100%)$'))";
    static final String STEPS_MESSAGE =
            "steps must be numbers of pods such as \"1\" or percentages from \"1%\" to \"100%\"";

    static final String UNCHANGED = "self == oldSelf";

    static final String SWIM_TIMES =
            "duration(has(self.swim) && has(self.swim.suspicionTimeout) ? self.swim.suspicionTimeout"
                    + " : self.profile == 'fast' ? '2s' : self.profile == 'low-bandwidth' ? '5s' : '3s')"
                    + " < duration(has(self.swim) && has(self.swim.failureTimeout) ? self.swim.failureTimeout"
                    + " : self.profile == 'fast' ? '3s' : self.profile == 'low-bandwidth' ? '10s' : '5s')";
    static final String SWIM_TIMES_MESSAGE =
            "swim.suspicionTimeout must be less than swim.failureTimeout; where one is not set the profile's holds"
                    + " (suspicion and failure: default 3s and 5s, fast 2s and 3s, low-bandwidth 5s and 10s)";

    static final String HTTP_TIMES = "duration(self.http.pollInterval) < duration(self.http.suspectAfter)"
            + " && duration(self.http.suspectAfter) < duration(self.http.failedAfter)";
    static final String HTTP_TIMES_MESSAGE =
            "http.pollInterval must be less than http.suspectAfter, and that less than http.failedAfter;"
                    + " unset they are 15s, 45s and 75s";

    static final String VERIFY_BEFORE_DEADLINE = "duration(self.verify) < duration(self.progressDeadline)";
    static final String VERIFY_BEFORE_DEADLINE_MESSAGE =
            "verify must be less than progressDeadline; unset they are 30s and 10m";

    static final String PORTS_DIFFER = "self.http != self.swim && self.http != self.raft && self.swim != self.raft";
    static final String PORTS_DIFFER_MESSAGE =
            "http, swim and raft must be three different ports; unset they are 8770, 7947 and 4321";

    static final String VOTERS_AT_MOST_REPLICAS =
            "has(self.workloadRef) || !has(self.consensus.voters) || self.consensus.voters <= self.replicas";
    static final String VOTERS_AT_MOST_REPLICAS_MESSAGE =
            "consensus.voters must be at most replicas: only members can vote";

    static final String VOTER_NAMES_COUNT =
            "!has(self.voters) || !has(self.voterNames) || self.voters == self.voterNames.size()";
    static final String VOTER_NAMES_COUNT_MESSAGE =
            "voters must be the number of voterNames where both are set; leave one of them out";

    static final String RAFT_NEEDS_VOTERS = "!(self.stage >= 3 || (has(self.consensus.mode)"
            + " && self.consensus.mode != 'bully'))"
            + " || ((!has(self.consensus.voters) || self.consensus.voters > 0)"
            + " && (!has(self.consensus.voterNames) || self.consensus.voterNames.size() > 0))";
    static final String RAFT_NEEDS_VOTERS_MESSAGE =
            "stages 3 and 4 and the consensus modes raft and hybrid need voters: leave consensus.voters out for the"
                    + " default, or set an odd number";

    static final String TEMPLATE_OR_REFERENCE = "!(has(self.template) && has(self.workloadRef))";
    static final String TEMPLATE_OR_REFERENCE_MESSAGE = "set template or workloadRef, not both";

    static final String REFERENCE_WITHOUT_STORAGE = "!(has(self.storage) && has(self.workloadRef))";
    static final String REFERENCE_WITHOUT_STORAGE_MESSAGE =
            "set storage or workloadRef, not both: the claims of a StatefulSet that exists cannot be changed";

    static final String STORAGE_UNCHANGED =
            "has(self.storage) == has(oldSelf.storage)" + " && (!has(self.storage) || self.storage == oldSelf.storage)";
    static final String STORAGE_UNCHANGED_MESSAGE =
            "storage can neither be added nor changed nor removed: make another cluster";

    static final String WORKLOAD_UNCHANGED = "has(self.workloadRef) == has(oldSelf.workloadRef)"
            + " && (!has(self.workloadRef) || self.workloadRef == oldSelf.workloadRef)";
    static final String WORKLOAD_UNCHANGED_MESSAGE =
            "workloadRef can neither be added nor changed nor removed: make another cluster";

    static final String PORTS_UNCHANGED = "self == oldSelf";
    static final String PORTS_UNCHANGED_MESSAGE =
            "ports cannot be changed: agents on other ports would not find each other; make another cluster";

    static final String NAME = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')";
    static final String NAME_MESSAGE =
            "metadata.name must begin with a letter and consist of lower-case letters, digits and hyphens: it becomes"
                    + " part of pod and service names";

    static final String VOTERS_ARE_MEMBERS = "!has(self.spec.consensus.voterNames)"
            + " || has(self.spec.workloadRef)"
            + " || self.spec.consensus.voterNames.all(voter, voter.startsWith(self.metadata.name + '-')"
            + " && voter.substring(self.metadata.name.size() + 1).matches('^(0|[1-9][0-9]{0,3})$')"
            + " && int(voter.substring(self.metadata.name.size() + 1)) < self.spec.replicas)";
    static final String VOTERS_ARE_MEMBERS_MESSAGE =
            "consensus.voterNames must be members: the resource's name, a hyphen and an ordinal below replicas"
                    + " (demo-0, demo-1 ...)";

    private Rules() {}
}
