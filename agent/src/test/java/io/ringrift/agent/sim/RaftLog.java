package io.ringrift.agent.sim;

import io.ringrift.agent.consensus.raft.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Raft log as a value: what matters of it to the cores is who may vote and who was assigned which epoch. */
record RaftLog(List<Entry> entries) {
    static final RaftLog EMPTY = new RaftLog(List.of());

    sealed interface Entry {
        long term();
    }

    /** The first entry of a leader's term. */
    record Noop(long term) implements Entry {}

    /** Assigns an epoch; does nothing where it is not higher than the one before. */
    record Begin(long term, long epoch, String holder) implements Entry {}

    record Change(long term, Group group) implements Entry {}

    /** @param outgoing the voters before, whose majority counts as well until the change is committed; empty when it is */
    record Group(List<PeerId> voters, List<PeerId> outgoing) {
        boolean isQuorum(Set<PeerId> peers) {
            return isMajority(voters, peers) && (outgoing.isEmpty() || isMajority(outgoing, peers));
        }

        List<PeerId> everybody() {
            List<PeerId> all = new ArrayList<>(voters);
            outgoing.stream().filter(peer -> !all.contains(peer)).forEach(all::add);
            return all;
        }

        private static boolean isMajority(List<PeerId> of, Set<PeerId> peers) {
            return of.stream().filter(peers::contains).count() > of.size() / 2;
        }
    }

    /** What the entries up to an index amount to. */
    record State(long epoch, Optional<String> holder) {}

    int size() {
        return entries.size();
    }

    long lastTerm() {
        return entries.isEmpty() ? 0 : entries.getLast().term();
    }

    RaftLog with(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new RaftLog(List.copyOf(more));
    }

    boolean isAsNewAs(RaftLog other) {
        return lastTerm() != other.lastTerm() ? lastTerm() > other.lastTerm() : size() >= other.size();
    }

    Optional<Group> group() {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i) instanceof Change change) {
                return Optional.of(change.group);
            }
        }
        return Optional.empty();
    }

    State applied(int commit) {
        State state = new State(0, Optional.empty());
        for (Entry entry : entries.subList(0, commit)) {
            if (entry instanceof Begin begin && begin.epoch > state.epoch) {
                state = new State(begin.epoch, Optional.of(begin.holder));
            }
        }
        return state;
    }
}
