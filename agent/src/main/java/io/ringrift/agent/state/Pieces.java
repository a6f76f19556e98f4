package io.ringrift.agent.state;

import java.util.List;

/** Bytes that came in pieces, read as one. */
final class Pieces {
    private final List<byte[]> pieces;
    private int piece;
    private int at;

    private Pieces(List<byte[]> pieces) {
        this.pieces = pieces;
    }

    static Source source(List<byte[]> pieces) {
        return new Pieces(List.copyOf(pieces))::read;
    }

    private int read(byte[] to, int from, int length) {
        while (piece < pieces.size() && at == pieces.get(piece).length) {
            piece++;
            at = 0;
        }
        if (piece == pieces.size()) {
            return -1;
        }
        int count = Math.min(length, pieces.get(piece).length - at);
        System.arraycopy(pieces.get(piece), at, to, from, count);
        at += count;
        return count;
    }
}
