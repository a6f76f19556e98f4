package io.ringrift.agent.config;

import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks what is in the files that keys name. Their content never stands in a problem. */
final class SecretFiles {
    private static final int GOSSIP_KEY_BYTES = 32;

    /** More than a rotation ever needs; {@code GossipKeyring} takes as many. */
    private static final int MOST_GOSSIP_KEYS = 16;

    private static final String TLS_ALLOWED = "a directory with tls.crt, tls.key and ca.crt, all PEM";

    private final Settings settings;
    private final Fixed fixed;
    private final NamedFiles files;
    private final Findings findings;

    SecretFiles(Settings settings, Fixed fixed, NamedFiles files, Findings findings) {
        this.settings = settings;
        this.fixed = fixed;
        this.files = files;
        this.findings = findings;
    }

    /** The credential, from its key or its file. In the layer that wins both may be set and must then agree. */
    Optional<Secret> authToken() {
        Optional<Secret> inKey = settings.get(Keys.AUTH_TOKEN);
        Optional<Secret> inFile = fixed.tokenFile().flatMap(this::tokenIn);
        if (inKey.isEmpty() || settings.outranks(Keys.AUTH_TOKEN_FILE, Keys.AUTH_TOKEN)) {
            return inFile;
        }
        if (inFile.isPresent() && !settings.outranks(Keys.AUTH_TOKEN, Keys.AUTH_TOKEN_FILE) && !inKey.equals(inFile)) {
            findings.add(new Problem(
                    Keys.AUTH_TOKEN.name(),
                    "",
                    "differs from what is in the file of " + Keys.AUTH_TOKEN_FILE.name(),
                    "one of the two, or the same credential in both"));
        }
        return inKey;
    }

    private Optional<Secret> tokenIn(Path file) {
        return text(Keys.AUTH_TOKEN_FILE, file, "the file").flatMap(text -> {
            try {
                return Optional.of(Keys.AUTH_TOKEN.type().parse(text.strip()));
            } catch (InvalidValue e) {
                wrong(
                        Keys.AUTH_TOKEN_FILE,
                        "the credential in the file " + e.getMessage(),
                        Keys.AUTH_TOKEN.type().allowed());
                return Optional.empty();
            }
        });
    }

    void checkGossipKeys() {
        fixed.gossipKeysFile()
                .ifPresent(file -> text(Keys.GOSSIP_KEYS_FILE, file, "the file")
                        .flatMap(SecretFiles::wrongWithGossipKeys)
                        .ifPresent(wrong -> wrong(
                                Keys.GOSSIP_KEYS_FILE,
                                wrong,
                                "1 to %d lines, each the base64 of %d bytes"
                                        .formatted(MOST_GOSSIP_KEYS, GOSSIP_KEY_BYTES))));
    }

    private static Optional<String> wrongWithGossipKeys(String text) {
        List<String> lines = text.lines().map(String::strip).toList();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isEmpty()) {
                continue;
            }
            if (!isGossipKey(lines.get(i))) {
                return Optional.of("line %d of the file is not a key".formatted(i + 1));
            }
            if (!keys.add(lines.get(i))) {
                return Optional.of("line %d of the file is the key of an earlier line".formatted(i + 1));
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_GOSSIP_KEYS) {
            return Optional.of("the file holds %d keys".formatted(keys.size()));
        }
        return Optional.empty();
    }

    private static boolean isGossipKey(String line) {
        try {
            return Base64.getDecoder().decode(line).length == GOSSIP_KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    void checkTls() {
        fixed.tlsDir().ifPresent(directory -> {
            for (String name : Fixed.TLS_FILES) {
                String block = name.endsWith(".key") ? "PRIVATE KEY-----" : "-----BEGIN CERTIFICATE-----";
                text(Keys.TLS_DIR, directory.resolve(name), name)
                        .filter(text -> !text.contains(block))
                        .ifPresent(text -> wrong(Keys.TLS_DIR, name + " is not PEM of the right kind", TLS_ALLOWED));
            }
        });
    }

    private Optional<String> text(Key<?> key, Path file, String subject) {
        return switch (files.read(file)) {
            case FileRead.Text text -> Optional.of(text.content().reveal());
            case FileRead.Failed failed -> {
                String allowed = key == Keys.TLS_DIR ? TLS_ALLOWED : key.type().allowed();
                wrong(key, subject + " " + failed.why(), allowed);
                yield Optional.empty();
            }
        };
    }

    private void wrong(Key<?> key, String wrong, String allowed) {
        findings.add(new Problem(settings.name(key), settings.printable(key).orElse(""), wrong, allowed));
    }
}
