package io.ringrift.agent.membership.swim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Updates on the wire: kind, length, content. The length lets an older agent step over what it does not know. */
final class UpdateCodec {
    /** The smallest update there is; less room than this ends the packing. */
    static final int SMALLEST = 11;

    private static final int LARGEST = 255;

    private UpdateCodec() {}

    /** The update as it stands on every packet that carries it: made once, copied often. */
    static byte[] encode(Update update) {
        WireWriter content = new WireWriter(LARGEST);
        int kind = switch (update) {
            case Update.Alive alive -> {
                RecordCodec.write(content, alive.member());
                yield Wire.ALIVE;
            }
            case Update.Suspect suspect -> {
                accusation(content, suspect);
                content.u8(suspect.accusers().size());
                suspect.accusers().forEach(content::u64);
                yield Wire.SUSPECT;
            }
            case Update.Failed failed -> {
                accusation(content, failed);
                content.u64(failed.declaredBy());
                yield Wire.FAILED;
            }
            case Update.Left left -> {
                accusation(content, left);
                yield Wire.LEFT;
            }
        };
        byte[] bytes = content.toBytes();
        WireWriter out = new WireWriter(LARGEST + 2);
        out.u8(kind);
        out.u8(bytes.length);
        out.bytes(bytes);
        return out.toBytes();
    }

    /** All updates up to the end of the input. */
    static List<Update> readAll(WireReader in) {
        List<Update> updates = new ArrayList<>();
        while (in.remaining() > 0) {
            int kind = in.u8();
            int outer = in.enter(in.u8());
            read(in, kind).ifPresent(updates::add);
            in.leave(outer);
        }
        return updates;
    }

    private static Optional<Update> read(WireReader in, int kind) {
        return switch (kind) {
            case Wire.ALIVE -> RecordCodec.read(in).map(Update.Alive::new);
            case Wire.SUSPECT -> Optional.of(readSuspect(in));
            case Wire.FAILED -> Optional.of(new Update.Failed(in.u64(), incarnation(in), in.u64()));
            case Wire.LEFT -> Optional.of(new Update.Left(in.u64(), incarnation(in)));
            default -> Optional.empty();
        };
    }

    private static Update readSuspect(WireReader in) {
        long instance = in.u64();
        long incarnation = incarnation(in);
        int count = in.u8();
        if (count > Suspicion.MAX_ACCUSERS) {
            in.fail();
        }
        List<Long> accusers = new ArrayList<>(Suspicion.MAX_ACCUSERS);
        for (int i = 0; i < count && !in.bad(); i++) {
            long accuser = in.u64();
            // Nobody accuses itself: a confused or hostile sender, and no evidence either way.
            if (accuser != instance && !accusers.contains(accuser)) {
                accusers.add(accuser);
            }
        }
        return new Update.Suspect(instance, incarnation, accusers);
    }

    private static long incarnation(WireReader in) {
        return in.varint(MemberRecord.MAX_INCARNATION);
    }

    private static void accusation(WireWriter out, Update update) {
        out.u64(update.instance());
        out.varint(update.incarnation());
    }
}
