package io.ringrift.agent.state;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** What users put into the replicated state: what a backup holds and a restore replaces. */
final class Tables {
    private final Budget budget = new Budget();
    final KeyValues keys = new KeyValues(budget);
    final WorkQueue work = new WorkQueue(budget);
    final JobTable jobs = new JobTable(budget);
    final Locks locks = new Locks(budget);

    static Tables read(Decoder in) throws IOException {
        Tables tables = new Tables();
        tables.keys.read(in);
        tables.work.read(in);
        tables.jobs.read(in);
        tables.locks.read(in);
        return tables;
    }

    void write(Encoder out) throws IOException {
        keys.write(out);
        work.write(out);
        jobs.write(out);
        locks.write(out);
    }

    /** Versions, numbers and tokens go on where these ended. */
    void continueFrom(Tables before) {
        keys.continueFrom(before.keys);
        work.continueFrom(before.work);
        locks.continueFrom(before.locks);
    }

    void advance(long now) {
        locks.advance(now);
        work.advance(now);
        jobs.advance(now);
    }

    OptionalLong nextDeadline() {
        return LongStream.concat(work.nextDeadline().stream(), locks.nextDeadline().stream())
                .min();
    }

    long bytes() {
        return budget.used();
    }
}
