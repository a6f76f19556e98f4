package io.ringrift.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A replicated state as its leader sees it: every request is an entry of its own, at the time that the test says. */
final class Replica {
    static final byte[] NOTHING = json("null");

    final ReplicatedState state = new ReplicatedState();
    long epoch = 1;
    long now = 1_000_000;

    Replica() {
        state.apply(ReplicatedState.begin(epoch, "n1"));
    }

    static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void pass(long seconds) {
        now += seconds * 1000;
        ask(new Command.Tick());
    }

    Answer ask(Command command) {
        return ask(StateRequest.of(command));
    }

    Answer ask(String key, Command command) {
        return ask(new StateRequest(Optional.of(new StateRequest.Once.Key(key, false)), OptionalLong.empty(), command));
    }

    Answer ask(StateRequest request) {
        Applied applied = state.apply(ReplicatedState.batch(epoch, now, List.of(request.encode())));
        assertThat(applied.accepted()).isTrue();
        try {
            return Answer.decode(applied.results().getFirst());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    WorkItem add(String id, int priority) {
        return add(new Command.NewWork(Optional.of(id), "train", json("{}"), priority, 3, 3_600_000));
    }

    WorkItem add(Command.NewWork work) {
        return ((Answer.Added) ask(new Command.AddWork(List.of(work)))).items().getFirst();
    }

    List<String> claim(String node, int max) {
        return ((Answer.Claimed) ask(new Command.ClaimWork(node, Set.of(), max)))
                .items().stream().map(WorkItem::id).toList();
    }

    WorkItem work(String id) {
        return ((Answer.Work) ask(new Command.GetWork(id))).item();
    }

    byte[] snapshot() {
        return snapshot(state);
    }

    static byte[] snapshot(ReplicatedState state) {
        var out = new ByteArrayOutputStream();
        try {
            state.writeSnapshot(out::write);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static ReplicatedState restored(byte[] snapshot) throws IOException {
        ReplicatedState state = new ReplicatedState();
        state.readSnapshot(new ByteArrayInputStream(snapshot)::read);
        return state;
    }

    static Answer.Code code(Answer answer) {
        return ((Answer.Refusal) answer).code();
    }
}
