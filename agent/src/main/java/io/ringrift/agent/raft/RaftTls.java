package io.ringrift.agent.raft;

import io.ringrift.agent.raft.wire.Sockets;
import io.ringrift.agent.security.TlsWatch;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Mutual TLS between peers, with the certificate that is in use at the moment of each handshake: a renewed one counts for the next connection.
 * Names are not verified, as everywhere between agents: the authority is private to the cluster.
 */
final class RaftTls {
    private RaftTls() {}

    static Sockets of(TlsWatch watch) {
        return Sockets.tls(new Keys(watch), new Trust(watch));
    }

    private static final class Keys extends X509ExtendedKeyManager {
        private static final String ALIAS = "ringrift";
        private final TlsWatch watch;

        private Keys(TlsWatch watch) {
            this.watch = watch;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return fits(type);
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return fits(type);
        }

        /** The kind of key that a cipher wants is asked for by name; only ours can be had. */
        private String fits(String type) {
            String algorithm = watch.current().privateKey().getAlgorithm();
            return type.startsWith(algorithm) ? ALIAS : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return watch.current().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return watch.current().privateKey();
        }
    }

    private static final class Trust extends X509ExtendedTrustManager {
        private final TlsWatch watch;

        private Trust(TlsWatch watch) {
            this.watch = watch;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            watch.current().checkPeer(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return watch.current().authorities().toArray(X509Certificate[]::new);
        }
    }
}
