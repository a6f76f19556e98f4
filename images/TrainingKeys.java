import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key that no other run has, with a certificate for loopback that vouches for itself. */
record TrainingKeys(KeyStore store) {
    private static final char[] PASSWORD = "training".toCharArray();
    private static final String ALIAS = "training";

    static TrainingKeys in(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-keystore", file.toString(), "-storetype", "PKCS12",
                        "-storepass", new String(PASSWORD), "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=training",
                        "-ext", "bc:c=ca:true", "-ext", "san=ip:127.0.0.1,dns:localhost", "-validity", "2")
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no key");
        }
        return new TrainingKeys(KeyStore.getInstance(file.toFile(), PASSWORD));
    }

    /** Writes the certificate, for clients that shall trust it. */
    void writeCertificate(Path file) throws Exception {
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(store.getCertificate(ALIAS).getEncoded())
                + "\n-----END CERTIFICATE-----\n");
    }

    /** For a server with this key. */
    SSLContext tls() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }
}
