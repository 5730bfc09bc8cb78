package dev.thaw.jmh.kernels;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The plain kernels against somebody else's answer: they are what all builds are held to. */
final class KernelsTest {
    @Test
    void shouldMultiplyExactly() {
        Dot dot = new Dot();
        dot.run();
        long exact = 0;
        for (int i = 0; i < dot.a.length; i++) {
            exact += (long) dot.a[i] * (long) dot.b[i];
        }
        assertThat((double) dot.sum).isEqualTo(exact);
        assertThat(exact).isNotZero();
    }

    @Test
    void shouldMultiplyMatricesExactly() {
        Matmul matmul = new Matmul();
        matmul.run();
        for (int i = 0; i < Matmul.N; i++) {
            for (int j = 0; j < Matmul.N; j++) {
                long exact = 0;
                for (int k = 0; k < Matmul.N; k++) {
                    exact += (long) matmul.a[i * Matmul.N + k] * (long) matmul.b[k * Matmul.N + j];
                }
                assertThat((double) matmul.c[i * Matmul.N + j]).isEqualTo(exact);
            }
        }
    }

    @Test
    void shouldHashAsTheJdkDoes() throws NoSuchAlgorithmException {
        Sha256 sha256 = new Sha256();
        sha256.run();
        Numbers numbers = new Numbers(5);
        for (int lane = 0; lane < Sha256.LANES; lane++) {
            byte[] message = new byte[4096];
            for (int i = 0; i < message.length; i++) {
                message[i] = (byte) numbers.next();
            }
            int[] digest = new int[Sha256.WORDS];
            ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(message))
                    .asIntBuffer()
                    .get(digest);
            for (int word = 0; word < Sha256.WORDS; word++) {
                assertThat(sha256.digests[word * Sha256.LANES + lane]).isEqualTo(digest[word]);
            }
        }
    }

    @Test
    void shouldCountHowLongPixelsStay() {
        Mandelbrot mandelbrot = new Mandelbrot();
        mandelbrot.run();
        int left = 0;
        for (int y = 0; y < Mandelbrot.HEIGHT; y++) {
            for (int x = 0; x < Mandelbrot.WIDTH; x++) {
                int count = leavingEarly(Mandelbrot.left(x), Mandelbrot.top(y));
                assertThat(mandelbrot.counts[y * Mandelbrot.WIDTH + x]).isEqualTo(count);
                left += count < Mandelbrot.ITERATIONS ? 1 : 0;
            }
        }
        assertThat(left).isBetween(1_000, Mandelbrot.WIDTH * Mandelbrot.HEIGHT - 1_000);
    }

    /** The usual way: a pixel that has left is not looked at again. */
    private static int leavingEarly(float cx, float cy) {
        float zx = 0;
        float zy = 0;
        int count = 0;
        while (count < Mandelbrot.ITERATIONS && zx * zx + zy * zy <= 4.0f) {
            float next = (zx * zx - zy * zy) + cx;
            zy = 2.0f * (zx * zy) + cy;
            zx = next;
            count++;
        }
        return count;
    }

    @Test
    void shouldTakeTheMeanOfNeighbours() {
        Blur blur = new Blur();
        blur.run();
        for (int y = 1; y < Blur.HEIGHT - 1; y++) {
            for (int x = 1; x < Blur.WIDTH - 1; x++) {
                int sum = 0;
                for (int i = 0; i < 9; i++) {
                    sum += blur.from[(y - 1 + i / 3) * Blur.WIDTH + x - 1 + i % 3] & 0xff;
                }
                assertThat(blur.to[y * Blur.WIDTH + x] & 0xff).isEqualTo(Math.round(sum / 9.0f));
            }
        }
    }

    @Test
    void shouldFindTheTokensThatAParserFinds() {
        JsonTokens json = new JsonTokens();
        json.run();
        Map<JsonToken, Integer> ours = new HashMap<>();
        List<String> tokens = json.tokens();
        for (String token : tokens) {
            ours.merge(kind(token), 1, Integer::sum);
        }
        Map<JsonToken, Integer> theirs = new HashMap<>();
        List<String> texts = new ArrayList<>();
        try (JsonParser parser = JsonMapper.shared().createParser(new String(json.text, US_ASCII))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean text = token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING;
                if (text) {
                    texts.add(parser.getString());
                }
                theirs.merge(text ? JsonToken.VALUE_STRING : token, 1, Integer::sum);
            }
        }
        ours.remove(JsonToken.NOT_AVAILABLE); // commas and colons
        assertThat(ours).isEqualTo(theirs);
        assertThat(tokens.stream().filter(each -> each.startsWith("\"")).map(KernelsTest::unquoted))
                .containsExactlyElementsOf(texts);
    }

    private static JsonToken kind(String token) {
        return switch (token.charAt(0)) {
            case '"' -> JsonToken.VALUE_STRING;
            case '{' -> JsonToken.START_OBJECT;
            case '}' -> JsonToken.END_OBJECT;
            case '[' -> JsonToken.START_ARRAY;
            case ']' -> JsonToken.END_ARRAY;
            case ',', ':' -> JsonToken.NOT_AVAILABLE;
            case 't' -> JsonToken.VALUE_TRUE;
            case 'f' -> JsonToken.VALUE_FALSE;
            case 'n' -> JsonToken.VALUE_NULL;
            default -> token.contains(".") ? JsonToken.VALUE_NUMBER_FLOAT : JsonToken.VALUE_NUMBER_INT;
        };
    }

    private static String unquoted(String token) {
        return token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    @Test
    void shouldCompressSoThatItCanBeExpanded() {
        Lz lz = new Lz();
        lz.run();
        assertThat(lz.expand()).isEqualTo(Arrays.copyOf(lz.text, Lz.SIZE));
        assertThat(lz.outputBytes()).isLessThan(Lz.SIZE * 2 / 3);
    }

    @Test
    void shouldCopy() {
        Copy copy = new Copy();
        copy.run();
        assertThat(copy.to).isEqualTo(copy.from).doesNotContain(0);
    }
}
