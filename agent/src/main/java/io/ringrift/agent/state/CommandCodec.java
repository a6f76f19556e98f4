package io.ringrift.agent.state;

import io.ringrift.agent.state.Command.NewWork;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Commands on the log. The numbers are part of every log that exists: they are never given to another command. */
final class CommandCodec {
    private static final int MAX_PAGE = 10_000;

    private CommandCodec() {}

    static void write(Encoder out, Command command) throws IOException {
        switch (command) {
            case Command.PutKey(var key, var value, var version) ->
                out.tag(1).text(key).bytes(value).optional(version);
            case Command.DeleteKey(var key) -> out.tag(2).text(key);
            case Command.GetKey(var key) -> out.tag(3).text(key);
            case Command.ListKeys(var prefix, var after, var limit) ->
                out.tag(4).text(prefix).optional(after).number(limit);
            case Command.AddWork(var items) -> out.tag(10).many(items, CommandCodec::write);
            case Command.ClaimWork(var node, var types, var max) ->
                out.tag(11).text(node).texts(types).number(max);
            case Command.StartWork(var id, var node) -> out.tag(12).text(id).text(node);
            case Command.CompleteWork(var id, var node, var result) ->
                out.tag(13).text(id).text(node).bytes(result);
            case Command.FailWork(var id, var node, var error) ->
                out.tag(14).text(id).text(node).bytes(error);
            case Command.GetWork(var id) -> out.tag(15).text(id);
            case Command.ListWork(var status, var node, var after, var limit) ->
                out.tag(16)
                        .tag(status.map(one -> one.ordinal() + 1).orElse(0))
                        .optional(node)
                        .optional(after)
                        .number(limit);
            case Command.CountWork() -> out.tag(17);
            case Command.AssignJob(var id, var node, var details) ->
                out.tag(20).text(id).text(node).bytes(details);
            case Command.StartJob(var id, var node) -> out.tag(21).text(id).optional(node);
            case Command.EndJob(var id, var node, var success, var outcome) ->
                out.tag(22).text(id).optional(node).tag(success ? 1 : 0).bytes(outcome);
            case Command.ListJobs(var node, var after, var limit) ->
                out.tag(23).optional(node).optional(after).number(limit);
            case Command.AcquireLock(var name, var owner, var ttl) ->
                out.tag(30).text(name).text(owner).number(ttl);
            case Command.RenewLock(var name, var owner, var token) ->
                out.tag(31).text(name).text(owner).number(token);
            case Command.ReleaseLock(var name, var owner, var token) ->
                out.tag(32).text(name).text(owner).number(token);
            case Command.GetLock(var name) -> out.tag(33).text(name);
            case Command.Tick() -> out.tag(40);
            case Command.NodesDown(var nodes) -> out.tag(41).texts(nodes);
            case Command.Restore(var id, var piece, var last, var content) ->
                out.tag(42).number(id).number(piece).tag(last ? 1 : 0).bytes(content);
        }
    }

    static Command read(Decoder in) throws IOException {
        int tag = in.tag();
        return switch (tag) {
            case 1 -> new Command.PutKey(in.text(), in.bytes(), in.optionalNumber());
            case 2 -> new Command.DeleteKey(in.text());
            case 3 -> new Command.GetKey(in.text());
            case 4 -> new Command.ListKeys(in.text(), in.optionalText(), in.number(MAX_PAGE));
            case 10 -> new Command.AddWork(in.many(CommandCodec::newWork));
            case 11 -> new Command.ClaimWork(in.text(), set(in), in.number(MAX_PAGE));
            case 12 -> new Command.StartWork(in.text(), in.text());
            case 13 -> new Command.CompleteWork(in.text(), in.text(), in.bytes());
            case 14 -> new Command.FailWork(in.text(), in.text(), in.bytes());
            case 15 -> new Command.GetWork(in.text());
            case 16 -> new Command.ListWork(status(in), in.optionalText(), in.optionalText(), in.number(MAX_PAGE));
            case 17 -> new Command.CountWork();
            case 20 -> new Command.AssignJob(in.text(), in.text(), in.bytes());
            case 21 -> new Command.StartJob(in.text(), in.optionalText());
            case 22 -> new Command.EndJob(in.text(), in.optionalText(), in.flag(), in.bytes());
            case 23 -> new Command.ListJobs(in.optionalText(), in.optionalText(), in.number(MAX_PAGE));
            case 30 -> new Command.AcquireLock(in.text(), in.text(), in.number());
            case 31 -> new Command.RenewLock(in.text(), in.text(), in.number());
            case 32 -> new Command.ReleaseLock(in.text(), in.text(), in.number());
            case 33 -> new Command.GetLock(in.text());
            case 40 -> new Command.Tick();
            case 41 -> new Command.NodesDown(set(in));
            case 42 -> new Command.Restore(in.number(), in.number(Integer.MAX_VALUE), in.flag(), in.bytes());
            default -> throw Decoder.malformed("command " + tag);
        };
    }

    private static void write(Encoder out, NewWork work) throws IOException {
        out.optional(work.id()).text(work.type()).bytes(work.config());
        out.number(work.priority()).number(work.maxAttempts()).number(work.timeoutMillis());
    }

    private static NewWork newWork(Decoder in) throws IOException {
        return new NewWork(
                in.optionalText(),
                in.text(),
                in.bytes(),
                in.number(Integer.MAX_VALUE),
                in.number(Integer.MAX_VALUE),
                in.number());
    }

    private static Optional<WorkItem.Status> status(Decoder in) throws IOException {
        int number = in.tag();
        WorkItem.Status[] all = WorkItem.Status.values();
        if (number > all.length) {
            throw Decoder.malformed("status " + number);
        }
        return number == 0 ? Optional.empty() : Optional.of(all[number - 1]);
    }

    /** Sorted: what is done in its order is the same on every node. */
    private static Set<String> set(Decoder in) throws IOException {
        return new TreeSet<>(in.texts());
    }
}
