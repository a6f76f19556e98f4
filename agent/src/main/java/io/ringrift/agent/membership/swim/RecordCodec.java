package io.ringrift.agent.membership.swim;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.membership.Member.Modes;
import java.util.Optional;
import java.util.OptionalLong;

/** Member records and addresses on the wire. */
final class RecordCodec {
    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    private RecordCodec() {}

    static void write(WireWriter out, MemberRecord member) {
        out.u64(member.instance());
        out.varint(member.incarnation());
        out.u8(member.nodeId().length());
        for (int i = 0; i < member.nodeId().length(); i++) {
            out.u8(member.nodeId().charAt(i));
        }
        write(out, member.endpoint());
        out.u16(member.httpPort());
        out.u16(member.raftPort());
        out.u8(member.wireVersion());
        out.u8(member.modes().map(RecordCodec::modeBits).orElse(0));
        OptionalLong generation = member.modes().map(Modes::configGeneration).orElse(OptionalLong.empty());
        out.varint(generation.isPresent() ? generation.getAsLong() + 1 : 0);
    }

    /** The record at the reader's position; empty, with the reader marked bad, if there is none. */
    static Optional<MemberRecord> read(WireReader in) {
        long instance = in.u64();
        long incarnation = in.varint(MemberRecord.MAX_INCARNATION);
        String nodeId = in.text(in.u8());
        Optional<Endpoint> endpoint = readEndpoint(in);
        int httpPort = in.u16();
        int raftPort = in.u16();
        int wireVersion = in.u8();
        int bits = in.u8();
        long generation = in.varint(Long.MAX_VALUE >> 1);
        if (in.bad()
                || endpoint.isEmpty()
                || !Endpoint.isPort(httpPort)
                || !Endpoint.isPort(raftPort)
                || wireVersion == 0
                || !MemberRecord.isInstance(nodeId, instance)) {
            in.fail();
            return Optional.empty();
        }
        OptionalLong configGeneration = generation == 0 ? OptionalLong.empty() : OptionalLong.of(generation - 1);
        return Optional.of(new MemberRecord(
                nodeId,
                instance,
                incarnation,
                endpoint.get(),
                httpPort,
                raftPort,
                modes(bits, configGeneration),
                wireVersion));
    }

    static void write(WireWriter out, Endpoint endpoint) {
        if (endpoint.isIpv4()) {
            out.u8(IPV4);
            out.u32((int) endpoint.low());
        } else {
            out.u8(IPV6);
            out.u64(endpoint.high());
            out.u64(endpoint.low());
        }
        out.u16(endpoint.port());
    }

    static Optional<Endpoint> readEndpoint(WireReader in) {
        int length = in.u8();
        long high = length == IPV6 ? in.u64() : 0;
        long low = length == IPV6 ? in.u64() : in.u32();
        int port = in.u16();
        if (in.bad() || length != IPV4 && length != IPV6 || !Endpoint.isPort(port)) {
            in.fail();
            return Optional.empty();
        }
        return Optional.of(length == IPV4 ? Endpoint.ofIpv4((int) low, port) : new Endpoint(high, low, port));
    }

    private static int modeBits(Modes modes) {
        int membership = switch (modes.membership()) {
            case HTTP -> 1;
            case SWIM -> 2;
            case HYBRID -> 3;
        };
        int consensus = switch (modes.consensus()) {
            case BULLY -> 1;
            case RAFT -> 2;
            case HYBRID -> 3;
        };
        return membership << 4 | consensus;
    }

    /** Bits that a later version gave a meaning read as "unknown", not as an error. */
    private static Optional<Modes> modes(int bits, OptionalLong generation) {
        Optional<MembershipMode> membership = switch (bits >>> 4) {
            case 1 -> Optional.of(MembershipMode.HTTP);
            case 2 -> Optional.of(MembershipMode.SWIM);
            case 3 -> Optional.of(MembershipMode.HYBRID);
            default -> Optional.empty();
        };
        Optional<ConsensusMode> consensus = switch (bits & 0xF) {
            case 1 -> Optional.of(ConsensusMode.BULLY);
            case 2 -> Optional.of(ConsensusMode.RAFT);
            case 3 -> Optional.of(ConsensusMode.HYBRID);
            default -> Optional.empty();
        };
        return membership.flatMap(m -> consensus.map(c -> new Modes(m, c, generation)));
    }
}
