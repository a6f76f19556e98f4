package io.ringrift.agent.state;

import io.ringrift.agent.state.Answer.Code;
import io.ringrift.agent.state.StateRequest.Once;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What all voters agree on: who leads under which epoch, keys, work, jobs and locks. The same entries in the same order make the
 * same state on every node: time and chance come with the entries. Owned by the thread that applies the log.
 */
public final class ReplicatedState {
    private static final int BEGIN = 1;
    private static final int BATCH = 2;
    /** What is to be applied in another way, or holds new commands, is an entry of a higher kind. */
    static final int NEWEST_ENTRY = BATCH;

    private static final int SNAPSHOT_VERSION = 1;

    private Tables tables = new Tables();
    private RememberedAnswers clients = new RememberedAnswers();
    private AttemptAnswers agents = new AttemptAnswers();
    private Set<String> down = Set.of();
    private long epoch;
    private Optional<String> holder = Optional.empty();
    private long now;
    private Restoring restoring = Restoring.NONE;

    /** Pieces of a backup that came so far. */
    private record Restoring(long id, List<byte[]> pieces) {
        static final Restoring NONE = new Restoring(0, List.of());

        int bytes() {
            return pieces.stream().mapToInt(piece -> piece.length).sum();
        }
    }

    /** An entry that makes {@code holder} the leader under {@code epoch}; refused where the epoch is not higher than the one before. */
    public static byte[] begin(long epoch, String holder) {
        return Encoder.bytes(out -> out.tag(BEGIN).number(epoch).text(holder));
    }

    /**
     * An entry with requests that the holder of {@code epoch} proposes; refused as a whole where another one leads by then.
     *
     * @param nowMillis by the leader's clock, in milliseconds since 1970; a time that is earlier than an entry's before it is taken for that
     * @param requests encoded {@link StateRequest}s
     */
    public static byte[] batch(long epoch, long nowMillis, List<byte[]> requests) {
        return Encoder.bytes(out ->
                out.tag(BATCH).number(epoch).number(Math.max(0, nowMillis)).many(requests, Encoder::bytes));
    }

    /** Applies an entry of the log. What is damaged changes nothing, here and everywhere. @throws NewerEntryException nothing has changed */
    public Applied apply(byte[] entry) {
        try {
            Decoder in = new Decoder(entry);
            int kind = in.tag();
            return switch (kind) {
                case BEGIN -> begin(in);
                case BATCH -> batch(in);
                case 0 -> applied(false, List.of());
                default -> throw new NewerEntryException(kind);
            };
        } catch (IOException unreadable) {
            return applied(false, List.of());
        }
    }

    /**
     * Answers from what was applied so far, and from the time of the last entry.
     *
     * @param fence the epoch that came with the request: refused where a leader of a higher one was seen
     */
    public Answer read(Command.Read command, OptionalLong fence) {
        try {
            fence.ifPresent(this::fence);
            return execute(command);
        } catch (Refused refused) {
            return refused.answer();
        }
    }

    public void writeSnapshot(Sink sink) throws IOException {
        Encoder out = new Encoder(sink);
        out.tag(SNAPSHOT_VERSION).number(epoch).optional(holder).number(now).texts(down);
        clients.write(out);
        agents.write(out);
        out.number(restoring.id()).many(restoring.pieces(), Encoder::bytes);
        tables.write(out);
        out.finish();
    }

    /** What users put in, in the form of a snapshot. */
    void writeBackup(Sink sink) throws IOException {
        ReplicatedState backup = new ReplicatedState();
        backup.now = now;
        backup.tables = tables;
        backup.writeSnapshot(sink);
    }

    /** Takes the place of everything. Where it fails nothing has changed. @throws IOException no snapshot, or a damaged one */
    public void readSnapshot(Source source) throws IOException {
        ReplicatedState read = new ReplicatedState();
        read.take(new Decoder(source));
        tables = read.tables;
        clients = read.clients;
        agents = read.agents;
        down = read.down;
        epoch = read.epoch;
        holder = read.holder;
        now = read.now;
        restoring = read.restoring;
    }

    /** The highest epoch under which somebody began to lead; 0: nobody ever did. */
    public long epoch() {
        return epoch;
    }

    /** Who leads under {@link #epoch()}. */
    public Optional<String> holder() {
        return holder;
    }

    /** The time of the last entry, in milliseconds since 1970. */
    public long nowMillis() {
        return now;
    }

    /** When something ends by itself: a {@link Command.Tick} is due then. In milliseconds since 1970. */
    public OptionalLong nextDeadlineMillis() {
        return tables.nextDeadline();
    }

    /** The nodes that were last said to be FAILED or LEFT. */
    public Set<String> nodesDown() {
        return down;
    }

    /** Nodes that hold work, or to which jobs were given that have not ended. */
    Set<String> holders() {
        Set<String> holders = tables.jobs.nodes();
        holders.addAll(tables.work.claimants());
        return holders;
    }

    /** Whether one of these nodes holds work. */
    boolean isWorkHeldBy(Set<String> nodes) {
        return tables.work.claimants().stream().anyMatch(nodes::contains);
    }

    /** Whether a claim of these types would get anything; none: of any type. */
    public boolean hasPendingWork(Set<String> types) {
        return tables.work.hasPending(types);
    }

    /** Whether nobody holds the lock. */
    public boolean isFree(String lock) {
        return tables.locks.isFree(lock);
    }

    /** How much there is of what: for metrics. */
    public Map<String, Long> sizes() {
        return Map.of(
                "keys", (long) tables.keys.size(),
                "work", (long) tables.work.size(),
                "jobs", (long) tables.jobs.size(),
                "locks", (long) tables.locks.size(),
                "bytes", tables.bytes());
    }

    private Applied begin(Decoder in) throws IOException {
        long next = in.number();
        String by = in.text();
        in.end();
        if (next <= epoch) {
            return applied(false, List.of());
        }
        epoch = next;
        holder = Optional.of(by);
        return applied(true, List.of());
    }

    private Applied batch(Decoder in) throws IOException {
        long under = in.number();
        long time = in.number();
        List<byte[]> requests = in.many(Decoder::bytes);
        in.end();
        if (under != epoch) {
            return applied(false, List.of());
        }
        now = Math.max(now, time);
        tables.advance(now);
        clients.advance(now);
        agents.advance(now);
        List<byte[]> results = new ArrayList<>(requests.size());
        for (byte[] request : requests) {
            results.add(answer(request));
        }
        return applied(true, results);
    }

    private Applied applied(boolean accepted, List<byte[]> results) {
        return new Applied(accepted, epoch, holder, results);
    }

    private byte[] answer(byte[] encoded) {
        try {
            return answer(StateRequest.decode(encoded));
        } catch (Refused refused) {
            return refused.answer().encode();
        } catch (IOException unreadable) {
            return Answer.Refusal.of(
                            Code.INVALID_REQUEST, "The leader cannot read this request: " + unreadable.getMessage())
                    .encode();
        }
    }

    private byte[] answer(StateRequest request) {
        return switch (request.once().orElse(null)) {
            case null -> fenced(request).encode();
            case Once.Key key -> once(key, request);
            case Once.Attempt attempt -> once(attempt, request);
        };
    }

    private byte[] once(Once.Key key, StateRequest request) {
        byte[] content = request.content();
        Optional<byte[]> before = clients.find(key.key(), content);
        if (before.isPresent()) {
            return before.get();
        }
        if (clients.isFull()) {
            throw new Refused(
                    Code.LIMIT_EXCEEDED,
                    "More requests came with an Idempotency-Key in the last 10 minutes than can be remembered; send"
                            + " this one without, or later.");
        }
        Answer answer = fenced(request);
        byte[] encoded = answer.encode();
        if (!key.waits() || isFinal(answer)) {
            clients.put(key.key(), content, encoded, now);
        }
        return encoded;
    }

    private byte[] once(Once.Attempt attempt, StateRequest request) {
        Optional<byte[]> before = agents.find(attempt, now);
        if (before.isPresent()) {
            return before.get();
        }
        // Whatever it is: an attempt that comes late would else be granted what its client was refused, and nobody
        // would know that he has it.
        byte[] answer = fenced(request).encode();
        agents.put(attempt, answer);
        return answer;
    }

    /** @throws Refused STALE_EPOCH */
    private Answer fenced(StateRequest request) {
        request.epoch().ifPresent(this::fence);
        return tried(request.command());
    }

    private Answer tried(Command command) {
        try {
            return execute(command);
        } catch (Refused refused) {
            return refused.answer();
        }
    }

    /** Who waits for work or a lock asks again under the same key, until there is something to remember. */
    private static boolean isFinal(Answer answer) {
        return switch (answer) {
            case Answer.Claimed(var items) -> !items.isEmpty();
            case Answer.Refusal refusal -> refusal.code() != Code.LOCKED && refusal.code() != Code.LIMIT_EXCEEDED;
            default -> true;
        };
    }

    private void fence(long token) {
        if (token < epoch) {
            throw new Refused(
                    Code.STALE_EPOCH,
                    "The epoch " + token + " is stale: " + holder.orElse("somebody") + " leads under " + epoch + ".",
                    Map.of("epoch", Long.toString(epoch), "leader", holder.orElse("")));
        }
    }

    private Answer execute(Command command) {
        return switch (command) {
            case Command.PutKey(var key, var value, var version) -> tables.keys.put(key, value, version);
            case Command.DeleteKey(var key) -> tables.keys.delete(key);
            case Command.GetKey(var key) -> tables.keys.get(key);
            case Command.ListKeys(var prefix, var after, var limit) -> tables.keys.list(prefix, after, limit);
            case Command.AddWork(var items) -> tables.work.add(items, now);
            case Command.ClaimWork(var node, var types, var max) -> tables.work.claim(node, types, max, now);
            case Command.StartWork(var id, var node) -> tables.work.start(id, node, now);
            case Command.CompleteWork(var id, var node, var result) -> tables.work.complete(id, node, result, now);
            case Command.FailWork(var id, var node, var error) -> tables.work.fail(id, node, error, now);
            case Command.GetWork(var id) -> tables.work.get(id);
            case Command.ListWork(var status, var node, var after, var limit) ->
                tables.work.list(status, node, after, limit);
            case Command.CountWork() -> tables.work.count();
            case Command.AssignJob(var id, var node, var details) ->
                JobTable.state(tables.jobs.assign(id, node, details, now), down);
            case Command.StartJob(var id, var node) -> JobTable.state(tables.jobs.start(id, node, now), down);
            case Command.EndJob(var id, var node, var success, var outcome) ->
                JobTable.state(tables.jobs.end(id, node, success, outcome, now), down);
            case Command.ListJobs(var node, var after, var limit) -> tables.jobs.list(node, after, limit, down);
            case Command.AcquireLock(var name, var owner, var ttl) -> tables.locks.acquire(name, owner, ttl, now);
            case Command.RenewLock(var name, var owner, var token) -> tables.locks.renew(name, owner, token, now);
            case Command.ReleaseLock(var name, var owner, var token) -> tables.locks.release(name, owner, token);
            case Command.GetLock(var name) -> tables.locks.get(name, now);
            case Command.Tick() -> new Answer.Done();
            case Command.NodesDown(var nodes) -> nodesDown(nodes);
            case Command.Restore restore -> restore(restore);
        };
    }

    private Answer nodesDown(Set<String> nodes) {
        down = new TreeSet<>(nodes);
        tables.work.release(down, now);
        return new Answer.Done();
    }

    private Answer restore(Command.Restore command) {
        List<byte[]> pieces = new ArrayList<>(command.piece() == 0 ? List.of() : restoring.pieces());
        boolean next = command.piece() == 0 || (restoring.id() == command.id() && pieces.size() == command.piece());
        if (!next || restoring.bytes() + command.content().length > Backup.MAX_BYTES) {
            restoring = Restoring.NONE;
            throw new Refused(
                    Code.INVALID_REQUEST,
                    "The pieces of the backup did not come in order, or are too many. Restore again.");
        }
        pieces.add(command.content());
        restoring = new Restoring(command.id(), List.copyOf(pieces));
        if (!command.last()) {
            return new Answer.Done();
        }
        restoring = Restoring.NONE;
        ReplicatedState backup = new ReplicatedState();
        try {
            backup.take(new Decoder(Backup.source(pieces)));
        } catch (IOException e) {
            throw new Refused(Code.INVALID_REQUEST, "This is no backup, or a damaged one: " + e.getMessage() + ".");
        }
        backup.tables.continueFrom(tables);
        tables = backup.tables;
        tables.advance(now);
        return new Answer.Done();
    }

    private void take(Decoder in) throws IOException {
        int version = in.tag();
        if (version != SNAPSHOT_VERSION) {
            throw Decoder.malformed("a snapshot of version " + version + ", and " + SNAPSHOT_VERSION + " is known");
        }
        epoch = in.number();
        holder = in.optionalText();
        now = in.number();
        down = new TreeSet<>(in.texts());
        clients.read(in);
        agents.read(in);
        restoring = new Restoring(in.number(), in.many(Decoder::bytes));
        tables = Tables.read(in);
        in.finish();
    }
}
