package dev.thaw.scheduler.auth;

import dev.thaw.results.CauseText;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the access keys of a server from a file, YAML or JSON: {@code Keys}, a list of {@code AccessKeyId},
 * {@code SecretAccessKey}, {@code Principal}, and optionally {@code SessionToken}, {@code Expiration} and
 * {@code Statement} with {@code Effect}, {@code Action} and {@code Resource}; optionally {@code MetricsToken}. Strict; no message holds a value that may
 * be a secret. Only its owner may be able to read it.
 */
public final class KeyFile {
    private static final Pattern KEY_ID = Pattern.compile("\\w{4,128}");
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:(iam|sts)::\\d{12}:\\S{1,512}");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?");
    private static final Set<String> KEY_MEMBERS =
            Set.of("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Principal", "Statement");
    private static final Set<String> STATEMENT_MEMBERS = Set.of("Sid", "Effect", "Action", "Resource");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}");

    private final Path file;

    /**
     * What is in it.
     *
     * @param keys by their ids, in their order
     * @param metricsToken lets its bearer read the metrics; null for none
     */
    record Content(Map<String, AccessKey> keys, @Nullable String metricsToken) {}

    private KeyFile(Path file) {
        this.file = file;
    }

    /** Throws {@link KeyFileException} with one line. */
    static Content read(Path file) {
        return new KeyFile(file).read();
    }

    private Content read() {
        checkMode();
        Object root;
        try (Reader reader = Files.newBufferedReader(file)) {
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromReader(reader);
        } catch (IOException e) {
            throw refusal("cannot be read: " + CauseText.of(e));
        } catch (YamlEngineException e) {
            throw refusal("is neither YAML nor JSON");
        }
        Map<?, ?> members = members("", root, Set.of("Keys", "MetricsToken"));
        Object token = members.get("MetricsToken");
        return new Content(keys(members.get("Keys")), token == null ? null : text("MetricsToken", token, TOKEN));
    }

    private Map<String, AccessKey> keys(@Nullable Object value) {
        Map<String, AccessKey> keys = new LinkedHashMap<>();
        List<?> entries = list("Keys", value);
        for (int i = 0; i < entries.size(); i++) {
            AccessKey key = key("Keys[" + i + "]", entries.get(i));
            if (keys.put(key.id(), key) != null) {
                throw refusal("Keys[" + i + "].AccessKeyId: must be given once");
            }
        }
        if (keys.isEmpty()) {
            throw refusal("Keys: must hold one key or more");
        }
        return keys;
    }

    private void checkMode() {
        Set<PosixFilePermission> mode;
        try {
            mode = Files.getPosixFilePermissions(file);
        } catch (NoSuchFileException e) {
            throw refusal("is not there");
        } catch (IOException | UnsupportedOperationException e) {
            throw refusal("its mode cannot be read: " + CauseText.of(e));
        }
        boolean others = mode.stream().anyMatch(right -> !right.name().startsWith("OWNER_"));
        if (others) {
            throw refusal("mode " + PosixFilePermissions.toString(mode)
                    + ", must be rw------- (chmod 600), it holds secrets");
        }
    }

    private AccessKey key(String at, @Nullable Object value) {
        Map<?, ?> members = members(at, value, KEY_MEMBERS);
        String id = text(at + ".AccessKeyId", members.get("AccessKeyId"), KEY_ID);
        String secret = text(at + ".SecretAccessKey", members.get("SecretAccessKey"), null);
        Object token = members.get("SessionToken");
        Object statements = members.get("Statement");
        return new AccessKey(
                id,
                secret,
                token == null ? null : text(at + ".SessionToken", token, null),
                expiration(at + ".Expiration", members.get("Expiration")),
                principal(at + ".Principal", members.get("Principal")),
                statements == null ? null : statements(at + ".Statement", statements));
    }

    private @Nullable Instant expiration(String at, @Nullable Object value) {
        try {
            return value == null ? null : Instant.parse(value.toString());
        } catch (DateTimeException e) {
            throw refusal(at + ": must be a time such as 2030-01-31T12:00:00Z");
        }
    }

    /** A plain name is a user of this account. */
    private String principal(String at, @Nullable Object value) {
        String text = text(at, value, null);
        if (ARN.matcher(text).matches() || SERVICE.matcher(text).matches()) {
            return text;
        }
        if (NAME.matcher(text).matches()) {
            return "arn:aws:iam::" + FunctionRegistry.ARN_PREFIX.split(":", -1)[4] + ":user/" + text;
        }
        throw refusal(at + ": must be a user's name, the ARN of a user or role, or a service such as s3.amazonaws.com");
    }

    private List<IdentityStatement> statements(String at, Object value) {
        List<IdentityStatement> statements = new ArrayList<>();
        List<?> entries = list(at, value);
        for (int i = 0; i < entries.size(); i++) {
            String place = at + "[" + i + "]";
            Map<?, ?> members = members(place, entries.get(i), STATEMENT_MEMBERS);
            String effect = text(place + ".Effect", members.get("Effect"), Pattern.compile("Allow|Deny"));
            statements.add(new IdentityStatement(
                    effect.equals("Allow"),
                    texts(place + ".Action", members.get("Action")),
                    texts(place + ".Resource", members.get("Resource"))));
        }
        return statements;
    }

    /** One text, or a list of them. */
    private List<String> texts(String at, @Nullable Object value) {
        if (value instanceof String one) {
            return List.of(one);
        }
        List<String> texts = new ArrayList<>();
        for (Object one : list(at, value)) {
            texts.add(text(at, one, null));
        }
        return texts;
    }

    private Map<?, ?> members(String at, @Nullable Object value, Set<String> known) {
        if (!(value instanceof Map<?, ?> members)) {
            throw refusal((at.isEmpty() ? "" : at + ": ") + "must be an object of " + String.join(", ", sorted(known)));
        }
        for (Object name : members.keySet()) {
            if (!known.contains(name)) {
                throw refusal((at.isEmpty() ? "" : at + ": ") + "has a member that is not one of "
                        + String.join(", ", sorted(known)));
            }
        }
        return members;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private List<?> list(String at, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw refusal(at + ": must be a list");
    }

    private String text(String at, @Nullable Object value, @Nullable Pattern pattern) {
        if (!(value instanceof String text) || text.isEmpty()) {
            throw refusal(at + ": must be a text");
        }
        if (pattern != null && !pattern.matcher(text).matches()) {
            throw refusal(at + ": must match " + pattern);
        }
        return text;
    }

    private KeyFileException refusal(String problem) {
        return new KeyFileException(file + ": " + problem);
    }
}
