package dev.thaw.scheduler.auth;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client signs by.
 *
 * @param token session token, or null
 */
public record Credentials(
        String accessKeyId, String secret, @Nullable String token) {
    /** The variables that AWS' own clients read; null where there are none. */
    public static @Nullable Credentials of(Map<String, String> environment) {
        String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
        return id.isEmpty() || secret.isEmpty() ? null : new Credentials(id, secret, token.isEmpty() ? null : token);
    }

    /** A key of a server's file: the named one, or else its first. Throws {@link KeyFileException} with one line. */
    public static Credentials of(Path keyFile, @Nullable String accessKeyId) {
        Map<String, AccessKey> keys = KeyFile.read(keyFile).keys();
        AccessKey key = accessKeyId == null ? keys.values().iterator().next() : keys.get(accessKeyId);
        if (key == null) {
            throw new KeyFileException(
                    keyFile + ": has no key " + accessKeyId + ", must be one of " + String.join(", ", keys.keySet()));
        }
        return new Credentials(key.id(), key.secret(), key.token());
    }

    /** Without secret and token. */
    @Override
    public String toString() {
        return accessKeyId;
    }
}
