package io.ringrift.agent.state;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The replicated state: deterministic, pure; owned by the log's applying thread. */
public final class ReplicatedState {
    private static final byte BEGIN = 1;
    private static final byte BATCH = 2;

    private long epoch;
    private Optional<String> holder = Optional.empty();

    public static byte[] begin(long epoch, String holder) {
        byte[] name = holder.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(9 + name.length)
                .put(BEGIN)
                .putLong(epoch)
                .put(name)
                .array();
    }

    public static byte[] batch(long epoch, long nowMillis, List<byte[]> commands) {
        int size = commands.stream().mapToInt(command -> 4 + command.length).sum();
        ByteBuffer out =
                ByteBuffer.allocate(17 + size).put(BATCH).putLong(epoch).putLong(nowMillis);
        commands.forEach(command -> out.putInt(command.length).put(command));
        return out.array();
    }

    public Applied apply(byte[] entry) {
        ByteBuffer in = ByteBuffer.wrap(entry);
        byte kind = in.get();
        long under = in.getLong();
        if (kind == BEGIN) {
            byte[] name = new byte[in.remaining()];
            in.get(name);
            boolean accepted = under > epoch;
            if (accepted) {
                epoch = under;
                holder = Optional.of(new String(name, StandardCharsets.UTF_8));
            }
            return new Applied(accepted, epoch, holder, List.of());
        }
        in.getLong();
        List<byte[]> results = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] command = new byte[in.getInt()];
            in.get(command);
            results.add(command);
        }
        boolean accepted = under == epoch;
        return new Applied(accepted, epoch, holder, accepted ? results : List.of());
    }

    public void writeSnapshot(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(epoch);
        data.writeUTF(holder.orElse(""));
    }

    public void readSnapshot(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        epoch = data.readLong();
        holder = Optional.of(data.readUTF()).filter(name -> !name.isEmpty());
    }

    public long epoch() {
        return epoch;
    }

    public Optional<String> holder() {
        return holder;
    }
}
