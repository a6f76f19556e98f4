package io.ringrift.agent.security;

import io.ringrift.agent.membership.swim.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM around every packet: the header stays readable, everything is authenticated, the cluster's whole name with it.
 *
 * <p>A datagram is header (24, flag set), key id (4), counter (8), sealed body, tag (16). The nonce is the lower half of the
 * sender's instance, which is random per boot, and the counter, which begins at a random number and never repeats within
 * a boot. A counter of one sender is taken once.
 */
public final class SealedEnvelope implements Envelope {
    private static final int KEY_ID = 4;
    private static final int COUNTER = 8;
    private static final int TAG = 16;
    private static final int BODY_AT = Wire.HEADER + KEY_ID + COUNTER;
    /** Senders remembered; only holders of a key can add one. */
    private static final int MAX_SENDERS = 65_536;

    private final byte[] clusterName;
    private final Cipher cipher;
    private final Map<Long, ReplayWindow> senders = new LinkedHashMap<>(16, 0.75f, true);
    private GossipKeyring keyring;
    private long counter;

    /**
     * @param firstCounter random and secret to nobody, drawn anew at every boot; only its lower 62 bits count, so that it never overflows
     */
    public SealedEnvelope(String clusterName, GossipKeyring keyring, long firstCounter) {
        this.clusterName = clusterName.getBytes(StandardCharsets.UTF_8);
        this.keyring = keyring;
        this.counter = firstCounter & Long.MAX_VALUE >> 1;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES in Galois/Counter Mode", impossible);
        }
    }

    /** Takes another keyring at once: the next packet is sealed with its first key, and its keys alone open. */
    public void use(GossipKeyring changed) {
        keyring = changed;
    }

    @Override
    public byte[] close(byte[] packet) {
        byte[] datagram = new byte[packet.length + KEY_ID + COUNTER + TAG];
        System.arraycopy(packet, 0, datagram, 0, Wire.HEADER);
        datagram[Wire.FLAGS_AT] |= Wire.SEALED;
        GossipKeyring.Entry key = keyring.sealing();
        ByteBuffer.wrap(datagram, Wire.HEADER, KEY_ID + COUNTER)
                .putInt(key.id())
                .putLong(++counter);
        try {
            start(Cipher.ENCRYPT_MODE, key, datagram);
            cipher.doFinal(packet, Wire.HEADER, packet.length - Wire.HEADER, datagram, BODY_AT);
            return datagram;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a packet of " + packet.length + " bytes cannot be sealed", impossible);
        }
    }

    @Override
    public Opened open(byte[] datagram) {
        if (datagram.length < Wire.HEADER || datagram.length > Wire.MAX_DATAGRAM) {
            return new Opened.Refused(Reason.MALFORMED);
        }
        if ((datagram[Wire.FLAGS_AT] & Wire.SEALED) == 0) {
            return new Opened.Refused(Reason.NOT_SEALED);
        }
        if (datagram.length < BODY_AT + TAG) {
            return new Opened.Refused(Reason.MALFORMED);
        }
        Optional<GossipKeyring.Entry> key =
                keyring.byId(ByteBuffer.wrap(datagram).getInt(Wire.HEADER));
        return key.isEmpty() ? new Opened.Refused(Reason.UNKNOWN_KEY) : unseal(datagram, key.get());
    }

    private Opened unseal(byte[] datagram, GossipKeyring.Entry key) {
        byte[] packet = new byte[datagram.length - KEY_ID - COUNTER - TAG];
        try {
            start(Cipher.DECRYPT_MODE, key, datagram);
            cipher.doFinal(datagram, BODY_AT, datagram.length - BODY_AT, packet, Wire.HEADER);
        } catch (AEADBadTagException forged) {
            return new Opened.Refused(Reason.NOT_AUTHENTIC);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a datagram of " + datagram.length + " bytes cannot be opened", impossible);
        }
        System.arraycopy(datagram, 0, packet, 0, Wire.HEADER);
        packet[Wire.FLAGS_AT] &= (byte) ~Wire.SEALED;
        ByteBuffer fields = ByteBuffer.wrap(datagram);
        boolean first = window(fields.getLong(Wire.SOURCE_AT)).take(fields.getLong(Wire.HEADER + KEY_ID));
        return first ? new Opened.Packet(packet) : new Opened.Refused(Reason.REPLAYED);
    }

    private void start(int mode, GossipKeyring.Entry key, byte[] datagram) throws GeneralSecurityException {
        byte[] nonce = new byte[12];
        System.arraycopy(datagram, Wire.SOURCE_AT + 4, nonce, 0, 4);
        System.arraycopy(datagram, Wire.HEADER + KEY_ID, nonce, 4, COUNTER);
        cipher.init(mode, key.key(), new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(datagram, 0, BODY_AT);
        cipher.updateAAD(clusterName);
    }

    private ReplayWindow window(long sender) {
        ReplayWindow window = senders.get(sender);
        if (window == null) {
            if (senders.size() >= MAX_SENDERS) {
                senders.remove(senders.keySet().iterator().next());
            }
            window = new ReplayWindow();
            senders.put(sender, window);
        }
        return window;
    }
}
