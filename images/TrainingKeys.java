import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key that no other run has, with a certificate for loopback addresses that vouches for itself. */
record TrainingKeys(KeyStore store) {
    private static final char[] PASSWORD = "training".toCharArray();
    private static final String ALIAS = "training";

    static TrainingKeys in(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-keystore", file.toString(), "-storetype", "PKCS12",
                        "-storepass", new String(PASSWORD), "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=training",
                        "-ext", "bc:c=ca:true", "-ext", "san=ip:127.0.0.1,ip:127.0.0.2,ip:127.0.0.3,dns:localhost", "-validity", "2")
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no key");
        }
        return new TrainingKeys(KeyStore.getInstance(file.toFile(), PASSWORD));
    }

    /** Writes tls.crt, tls.key and ca.crt, as a Secret is mounted. */
    void writeTo(Path directory) throws Exception {
        Files.createDirectories(directory);
        pem(directory.resolve("tls.crt"), "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
        pem(directory.resolve("ca.crt"), "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
        pem(directory.resolve("tls.key"), "PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded());
    }

    /** For a server with this key, and for clients that trust it. */
    SSLContext tls() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }

    private static void pem(Path file, String kind, byte[] bytes) throws IOException {
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + kind + "-----\n");
    }
}
