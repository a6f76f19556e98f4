package io.ringrift.agent.state;

import io.ringrift.agent.state.Answer.Code;
import io.ringrift.agent.state.Answer.JobState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers as results of commands, and as they are remembered for retries. */
final class AnswerCodec {
    private static final List<Code> CODES = List.of(Code.values());

    private AnswerCodec() {}

    static byte[] encode(Answer answer) {
        return Encoder.bytes(out -> write(out, answer));
    }

    private static void write(Encoder out, Answer answer) throws IOException {
        switch (answer) {
            case Answer.Value(var value) -> value.write(out.tag(1));
            case Answer.Version(var key, var version) -> out.tag(2).text(key).number(version);
            case Answer.Values(var values, var more) ->
                out.tag(3).many(values, (to, value) -> value.write(to)).tag(more ? 1 : 0);
            case Answer.Added(var items) -> out.tag(4).many(items, (to, item) -> item.write(to));
            case Answer.Claimed(var items) -> out.tag(5).many(items, (to, item) -> item.write(to));
            case Answer.Work(var item) -> item.write(out.tag(6));
            case Answer.WorkPage(var items, var more) ->
                out.tag(7).many(items, (to, item) -> item.write(to)).tag(more ? 1 : 0);
            case Answer.WorkCounts(var counts) -> out.tag(8).many(counts, Encoder::number);
            case JobState state -> write(out.tag(9), state);
            case Answer.Jobs(var jobs, var more) ->
                out.tag(10).many(jobs, AnswerCodec::write).tag(more ? 1 : 0);
            case Answer.Held(var lock, var expires) -> {
                lock.write(out.tag(11));
                out.number(expires);
            }
            case Answer.Done() -> out.tag(12);
            case Answer.Refusal(var code, var message, var details) ->
                out.tag(13)
                        .tag(code.ordinal())
                        .text(message)
                        .many(
                                new TreeMap<>(details).entrySet(),
                                (to, entry) -> to.text(entry.getKey()).text(entry.getValue()));
        }
    }

    static Answer decode(byte[] bytes) throws IOException {
        Decoder in = new Decoder(bytes);
        Answer answer = read(in);
        in.end();
        return answer;
    }

    private static Answer read(Decoder in) throws IOException {
        int tag = in.tag();
        return switch (tag) {
            case 1 -> new Answer.Value(KeyValue.read(in));
            case 2 -> new Answer.Version(in.text(), in.number());
            case 3 -> new Answer.Values(in.many(KeyValue::read), in.flag());
            case 4 -> new Answer.Added(in.many(WorkItem::read));
            case 5 -> new Answer.Claimed(in.many(WorkItem::read));
            case 6 -> new Answer.Work(WorkItem.read(in));
            case 7 -> new Answer.WorkPage(in.many(WorkItem::read), in.flag());
            case 8 -> new Answer.WorkCounts(in.many(Decoder::number));
            case 9 -> state(in);
            case 10 -> new Answer.Jobs(in.many(AnswerCodec::state), in.flag());
            case 11 -> new Answer.Held(Lock.read(in), in.number());
            case 12 -> new Answer.Done();
            case 13 -> new Answer.Refusal(code(in), in.text(), details(in));
            default -> throw Decoder.malformed("answer " + tag);
        };
    }

    private static void write(Encoder out, JobState state) throws IOException {
        state.job().write(out);
        out.tag(state.orphaned() ? 1 : 0);
    }

    private static JobState state(Decoder in) throws IOException {
        return new JobState(Job.read(in), in.flag());
    }

    private static Code code(Decoder in) throws IOException {
        int number = in.tag();
        if (number >= CODES.size()) {
            throw Decoder.malformed("code " + number);
        }
        return CODES.get(number);
    }

    private static Map<String, String> details(Decoder in) throws IOException {
        Map<String, String> details = new TreeMap<>();
        in.many(each -> details.put(each.text(), each.text()));
        return details;
    }
}
