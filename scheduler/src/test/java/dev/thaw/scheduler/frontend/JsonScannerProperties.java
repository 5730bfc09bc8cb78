package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The scanner and Jackson's parser take and refuse the same bytes. */
final class JsonScannerProperties {
    private static final String TOKENS = "{}[]\",:\\ue01-+.tfn \n\u00e9\u20ac";
    private static final List<String> SEEDS = List.of(
            "{}",
            "[]",
            "null",
            "-12.5e+3",
            "0",
            "\"\\u00e9 \\n \u00e9 \u20ac \ud83d\ude00\"",
            "{\"a\":[1,2,{\"b\":null}],\"c\":\"d\"}",
            " [ true , false , null , 1E2 ] ",
            "{\"key\":\"value\",\"\u00e9\":1.0}");

    @Property(tries = 4_000)
    void shouldAgreeOnRandomTokens(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(TOKENS.charAt(random.nextInt(TOKENS.length())));
        }
        check(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 4_000)
    void shouldAgreeOnMutatedDocuments(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
        check(Arrays.copyOf(bytes, cut));
    }

    @Property(tries = 500)
    void shouldTakeGeneratedDocumentsInAnyPieces(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        generate(random, text, 0);
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(jacksonProblem(bytes)).as(text.toString()).isNull();
        JsonScanner scanner = new JsonScanner();
        scanner.reset();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(3));
            assertThat(scanner.scan(Unpooled.wrappedBuffer(bytes, at, length))).isTrue();
            at += length;
        }
        assertThat(scanner.isWhole()).as(text.toString()).isTrue();
    }

    @Example
    void shouldAgreeOnSpecialCases() {
        for (String text : SEEDS) {
            check(text.getBytes(StandardCharsets.UTF_8));
        }
        for (String text : List.of(
                "",
                " ",
                "01",
                "-",
                "1.",
                "1e",
                "1e+",
                ".5",
                "+1",
                "1 2",
                "{}{}",
                "[1,]",
                "{\"a\":1,}",
                "{,}",
                "[,1]",
                "truefalse",
                "true1",
                "1true",
                "\"a\"\"b\"",
                "[1\"a\"]",
                "{\"a\" 1}",
                "{a:1}",
                "'a'",
                "NaN",
                "\"\u0001\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"abc",
                "[",
                "{\"a\"",
                "{\"a\":",
                "\uFEFF{}",
                "\uFEFF",
                "/**/1",
                "1//",
                "nul",
                "nulll",
                "[null]x",
                "]",
                "}",
                "[}",
                "{]",
                "\t\r\n1\t\r\n",
                "\f1",
                "\"\u007f\"",
                "-0",
                "-01",
                "0e0",
                "1\u0000")) {
            check(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Example
    void shouldBoundDepthAsJacksonIsToldTo() {
        for (int depth : new int[] {1, 63, 64, 65, JsonScanner.MAX_DEPTH, JsonScanner.MAX_DEPTH + 1}) {
            String text = "[".repeat(depth) + "]".repeat(depth);
            assertThat(whole(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(depth <= JsonScanner.MAX_DEPTH);
            check(text.getBytes(StandardCharsets.UTF_8));
            check(("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Jackson guesses the encoding from the first four bytes; only UTF-8 is JSON here. */
    private static boolean isGuessedAsUtf8(byte[] bytes) {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0 || bytes[i] == (byte) 0xFE || bytes[i] == (byte) 0xFF) {
                return false;
            }
        }
        return true;
    }

    private static void check(byte[] bytes) {
        if (!isGuessedAsUtf8(bytes)) {
            return;
        }
        String problem = jacksonProblem(bytes);
        assertThat(whole(bytes))
                .as(
                        "%s as %s, Jackson says: %s",
                        new String(bytes, StandardCharsets.UTF_8), Arrays.toString(bytes), problem)
                .isEqualTo(problem == null);
    }

    private static boolean whole(byte[] bytes) {
        JsonScanner scanner = new JsonScanner();
        scanner.reset();
        return scanner.scan(Unpooled.wrappedBuffer(bytes)) && scanner.isWhole();
    }

    private static @Nullable String jacksonProblem(byte[] bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        return JsonFault.describe(buffer);
    }

    private static void generate(Random random, StringBuilder text, int depth) {
        switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> text.append(random.nextLong());
            case 1 -> text.append(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20.0));
            case 2 -> text.append(List.of("true", "false", "null").get(random.nextInt(3)));
            case 3 ->
                text.append("\"\\u00Ff\\\\")
                        .append((char) ('a' + random.nextInt(26)))
                        .append("\u20ac\"");
            case 4 -> list(random, text, depth, false);
            default -> list(random, text, depth, true);
        }
    }

    private static void list(Random random, StringBuilder text, int depth, boolean object) {
        text.append(object ? '{' : '[');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : " , ").append(object ? "\"k" + i + "\" : " : "");
            generate(random, text, depth + 1);
        }
        text.append(object ? '}' : ']');
    }
}
