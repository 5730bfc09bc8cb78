package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.HotPath;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Says whether bytes are one well-formed JSON document, piece by piece as they arrive, without copying or allocating.
 * Agrees with Jackson's strict UTF-8 parser (a property test holds that): RFC 8259, a byte order mark may lead, nesting
 * up to {@link #MAX_DEPTH}; UTF-8 is checked for its structure, not for overlong forms. Jackson words the refusals. What
 * Jackson would guess to be UTF-16 or UTF-32 is refused.
 *
 * <p>Threading: none; one document at a time.
 */
final class JsonScanner implements ByteProcessor {
    /** Deepest nesting; the default of the parser that the service is known to use. */
    static final int MAX_DEPTH = 1_000;

    private static final int START = 0;
    private static final int MARK_2 = 1;
    private static final int MARK_3 = 2;
    private static final int VALUE = 3;
    private static final int VALUE_OR_END = 4;
    private static final int KEY = 5;
    private static final int KEY_OR_END = 6;
    private static final int COLON = 7;
    private static final int AFTER_VALUE = 8;
    private static final int DONE = 9;
    private static final int STRING = 10;
    private static final int ESCAPE = 11;
    private static final int HEX = 12;
    private static final int CONTINUATION = 13;
    private static final int LITERAL = 14;
    private static final int MINUS = 15;
    private static final int ZERO = 16;
    private static final int INTEGER = 17;
    private static final int POINT = 18;
    private static final int FRACTION = 19;
    private static final int EXPONENT = 20;
    private static final int EXPONENT_SIGN = 21;
    private static final int EXPONENT_DIGITS = 22;
    private static final int BROKEN = 23;

    /** One bit for each open container: set where it is an object. */
    private final long[] objects = new long[(MAX_DEPTH + 63) / 64];

    private int state = START;
    private int depth;
    private boolean inKey;
    /** Bytes still to come of a {@code \\u} escape or a UTF-8 sequence. */
    private int pending;

    private String literal = "";
    private int literalIndex;

    /** Forgets everything: the next byte begins a document. */
    @HotPath
    void reset() {
        state = START;
        depth = 0;
        inKey = false;
    }

    /** Scans the readable bytes, without moving the reader index. False once the document is broken. */
    @HotPath
    boolean scan(ByteBuf piece) {
        if (state != BROKEN) {
            piece.forEachByte(this);
        }
        return state != BROKEN;
    }

    /** Whether what has been scanned is one whole document. */
    @HotPath
    boolean isWhole() {
        return switch (state) {
            case DONE -> true;
            case ZERO, INTEGER, FRACTION, EXPONENT_DIGITS -> depth == 0;
            default -> false;
        };
    }

    @Override
    @HotPath
    public boolean process(byte value) {
        int next = next(state, value & 0xFF);
        state = next;
        return next != BROKEN;
    }

    @HotPath
    private int next(int current, int b) {
        return switch (current) {
            case STRING -> inString(b);
            case START -> b == 0xEF ? MARK_2 : value(b, START);
            case MARK_2 -> b == 0xBB ? MARK_3 : BROKEN;
            case MARK_3 -> b == 0xBF ? VALUE : BROKEN;
            case VALUE -> value(b, VALUE);
            case VALUE_OR_END -> b == ']' ? close(false) : value(b, VALUE_OR_END);
            case KEY -> key(b, KEY);
            case KEY_OR_END -> b == '}' ? close(true) : key(b, KEY_OR_END);
            case COLON -> b == ':' ? VALUE : isSpace(b) ? COLON : BROKEN;
            case AFTER_VALUE -> afterValue(b);
            case DONE -> isSpace(b) ? DONE : BROKEN;
            case ESCAPE -> escape(b);
            case HEX -> hex(b);
            case CONTINUATION -> continuation(b);
            case LITERAL -> literal(b);
            default -> number(current, b);
        };
    }

    @HotPath
    private int inString(int b) {
        if (b == '"') {
            return endString();
        }
        if (b == '\\') {
            return ESCAPE;
        }
        if (b < 0x20) {
            return BROKEN;
        }
        return b < 0x80 ? STRING : lead(b);
    }

    @HotPath
    private int endString() {
        if (inKey) {
            inKey = false;
            return COLON;
        }
        return endValue();
    }

    @HotPath
    private int endValue() {
        return depth == 0 ? DONE : AFTER_VALUE;
    }

    @HotPath
    private int value(int b, int same) {
        return switch (b) {
            case ' ', '\t', '\n', '\r' -> same;
            case '"' -> STRING;
            case '{' -> open(true);
            case '[' -> open(false);
            case 't' -> startLiteral("true");
            case 'f' -> startLiteral("false");
            case 'n' -> startLiteral("null");
            case '-' -> MINUS;
            case '0' -> ZERO;
            default -> isDigit(b) ? INTEGER : BROKEN;
        };
    }

    @HotPath
    private int key(int b, int same) {
        if (b == '"') {
            inKey = true;
            return STRING;
        }
        return isSpace(b) ? same : BROKEN;
    }

    @HotPath
    private int afterValue(int b) {
        return switch (b) {
            case ' ', '\t', '\n', '\r' -> AFTER_VALUE;
            case ',' -> isInObject() ? KEY : VALUE;
            case '}' -> isInObject() ? close(true) : BROKEN;
            case ']' -> isInObject() ? BROKEN : close(false);
            default -> BROKEN;
        };
    }

    @HotPath
    private int open(boolean object) {
        if (depth == MAX_DEPTH) {
            return BROKEN;
        }
        long bit = 1L << depth;
        if (object) {
            objects[depth >> 6] |= bit;
        } else {
            objects[depth >> 6] &= ~bit;
        }
        depth++;
        return object ? KEY_OR_END : VALUE_OR_END;
    }

    @HotPath
    private int close(boolean object) {
        if (isInObject() != object) {
            return BROKEN;
        }
        depth--;
        return endValue();
    }

    @HotPath
    private boolean isInObject() {
        int top = depth - 1;
        return (objects[top >> 6] & 1L << top) != 0;
    }

    @HotPath
    private int escape(int b) {
        return switch (b) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> STRING;
            case 'u' -> {
                pending = 4;
                yield HEX;
            }
            default -> BROKEN;
        };
    }

    @HotPath
    private int hex(int b) {
        boolean digit = isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
        if (!digit) {
            return BROKEN;
        }
        return --pending == 0 ? STRING : HEX;
    }

    @HotPath
    private int lead(int b) {
        if (b < 0xC0 || b > 0xF7) {
            return BROKEN;
        }
        pending = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        return CONTINUATION;
    }

    @HotPath
    private int continuation(int b) {
        if ((b & 0xC0) != 0x80) {
            return BROKEN;
        }
        return --pending == 0 ? STRING : CONTINUATION;
    }

    @HotPath
    private int startLiteral(String expected) {
        literal = expected;
        literalIndex = 1;
        return LITERAL;
    }

    @HotPath
    private int literal(int b) {
        if (literal.charAt(literalIndex) != b) {
            return BROKEN;
        }
        return ++literalIndex == literal.length() ? endValue() : LITERAL;
    }

    @HotPath
    private int number(int current, int b) {
        return switch (current) {
            case MINUS -> b == '0' ? ZERO : isDigit(b) ? INTEGER : BROKEN;
            case ZERO -> isDigit(b) ? BROKEN : afterInteger(b);
            case INTEGER -> isDigit(b) ? INTEGER : afterInteger(b);
            case POINT -> isDigit(b) ? FRACTION : BROKEN;
            case FRACTION -> isDigit(b) ? FRACTION : isExponent(b) ? EXPONENT : endNumber(b);
            case EXPONENT -> b == '+' || b == '-' ? EXPONENT_SIGN : isDigit(b) ? EXPONENT_DIGITS : BROKEN;
            case EXPONENT_SIGN -> isDigit(b) ? EXPONENT_DIGITS : BROKEN;
            case EXPONENT_DIGITS -> isDigit(b) ? EXPONENT_DIGITS : endNumber(b);
            default -> BROKEN;
        };
    }

    @HotPath
    private int afterInteger(int b) {
        return b == '.' ? POINT : isExponent(b) ? EXPONENT : endNumber(b);
    }

    /** A number ends only with what comes after it. */
    @HotPath
    private int endNumber(int b) {
        if (depth == 0) {
            return isSpace(b) ? DONE : BROKEN;
        }
        return afterValue(b);
    }

    @HotPath
    private static boolean isExponent(int b) {
        return b == 'e' || b == 'E';
    }

    @HotPath
    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    @HotPath
    private static boolean isSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
