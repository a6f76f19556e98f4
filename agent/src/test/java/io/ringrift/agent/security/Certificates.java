package io.ringrift.agent.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Makes authorities and certificates with the JDK's keytool, as PEM files. */
public final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path work;

    /** @param work an empty directory to work in */
    public Certificates(Path work) {
        this.work = work;
    }

    /** A new authority; later certificates name it as their issuer. */
    public Certificates authority(String name) {
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:c",
                "-validity",
                "30",
                "-keystore",
                store(name),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-file",
                pem(name),
                "-keystore",
                store(name),
                "-storepass",
                PASSWORD);
        return this;
    }

    /** Writes tls.crt, tls.key (PKCS #8) and ca.crt into {@code into}. @param startDate keytool's, for example {@code -10d} */
    public void issue(String authority, String name, String algorithm, Path into, String startDate, int days) {
        keytool(
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keystore",
                store(name),
                "-storepass",
                PASSWORD);
        keytool(
                "-certreq",
                "-alias",
                name,
                "-file",
                pem(name + "-request"),
                "-keystore",
                store(name),
                "-storepass",
                PASSWORD);
        keytool(
                "-gencert",
                "-rfc",
                "-alias",
                authority,
                "-infile",
                pem(name + "-request"),
                "-outfile",
                pem(name),
                "-startdate",
                startDate,
                "-validity",
                Integer.toString(days),
                "-keystore",
                store(authority),
                "-storepass",
                PASSWORD);
        try {
            Files.createDirectories(into);
            Files.writeString(into.resolve("tls.key"), pkcs8(key(name)));
            Files.copy(Path.of(pem(name)), into.resolve("tls.crt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    Path.of(pem(authority)), into.resolve("ca.crt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public void issue(String authority, String name, String algorithm, Path into) {
        issue(authority, name, algorithm, into, "-1d", 20);
    }

    PrivateKey key(String name) {
        try {
            KeyStore keys = KeyStore.getInstance(Path.of(store(name)).toFile(), PASSWORD.toCharArray());
            Key key = keys.getKey(name, PASSWORD.toCharArray());
            return (PrivateKey) key;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static String pkcs8(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** An RSA key's PKCS #1 form: the content of the octet string with which its PKCS #8 form ends. */
    static String pkcs1(PrivateKey key) {
        byte[] der = key.getEncoded();
        for (int i = 4; i < der.length - 4; i++) {
            int length = (der[i + 2] & 0xff) << 8 | der[i + 3] & 0xff;
            if (der[i] == 0x04 && der[i + 1] == (byte) 0x82 && i + 4 + length == der.length) {
                return pem("RSA PRIVATE KEY", Arrays.copyOfRange(der, i + 4, der.length));
            }
        }
        throw new IllegalStateException("not an RSA key of the usual size");
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    private String store(String name) {
        return work.resolve(name + ".p12").toString();
    }

    private String pem(String name) {
        return work.resolve(name + ".pem").toString();
    }

    private static void keytool(String... arguments) {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        try {
            // A process that lives for half a second is not worth compiling for.
            List<String> command = new ArrayList<>(List.of(keytool, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
