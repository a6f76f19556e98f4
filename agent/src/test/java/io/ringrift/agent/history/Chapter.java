package io.ringrift.agent.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Some seconds of a history, with keys, locks and work of their own, so that a long one is checked while it goes on. Thread-safe. */
final class Chapter {
    static final Duration LOCK_TIME = Duration.ofSeconds(2);
    static final Duration WORK_TIME = Duration.ofSeconds(2);

    final int number;
    private final AtomicInteger underWay = new AtomicInteger();
    private final List<Operation<Register.Input, Register.Output>> registers = new ArrayList<>();
    private final List<Operation<LockModel.Input, LockModel.Output>> locks = new ArrayList<>();
    private final List<Operation<WorkModel.Input, WorkModel.Output>> work = new ArrayList<>();
    private final List<Operation<String, Boolean>> lostClaims = new ArrayList<>();
    private final Set<String> items = new LinkedHashSet<>();

    Chapter(int number) {
        this.number = number;
    }

    void enter() {
        underWay.incrementAndGet();
    }

    void leave() {
        underWay.decrementAndGet();
    }

    boolean isQuiet() {
        return underWay.get() == 0;
    }

    synchronized void register(Operation<Register.Input, Register.Output> operation) {
        registers.add(operation);
    }

    synchronized void lock(Operation<LockModel.Input, LockModel.Output> operation) {
        locks.add(operation);
    }

    synchronized void work(Operation<WorkModel.Input, WorkModel.Output> operation) {
        work.add(operation);
        if (operation.input() instanceof WorkModel.Input.Add(String id)) {
            items.add(id);
        }
    }

    /** A claim of which nobody knows what it got. */
    synchronized void lostClaim(String claimant, long call) {
        lostClaims.add(Operation.unknown(claimant, claimant, call));
    }

    synchronized Set<String> items() {
        return Set.copyOf(items);
    }

    synchronized Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        registers.forEach(operation -> keys.add(operation.input().key()));
        return keys;
    }

    synchronized int size() {
        return registers.size() + locks.size() + work.size();
    }

    /** What in it cannot be explained. */
    synchronized List<String> violations() {
        List<Operation<WorkModel.Input, WorkModel.Output>> all = new ArrayList<>(work);
        for (String item : items) {
            for (Operation<String, Boolean> lost : lostClaims) {
                all.add(Operation.unknown(lost.client(), new WorkModel.Input.Claim(item, lost.client()), lost.call()));
            }
        }
        List<String> found = new ArrayList<>();
        tell(found, Linearizability.check(new Register(), registers));
        tell(found, Linearizability.check(new LockModel(LOCK_TIME), locks));
        tell(found, Linearizability.check(new WorkModel(WORK_TIME), all));
        return found;
    }

    private void tell(List<String> found, Optional<Linearizability.Violation> violation) {
        violation.ifPresent(wrong -> found.add("chapter " + number + ", " + wrong.partition() + ": " + wrong.story()));
    }
}
