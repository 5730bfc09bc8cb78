package dev.thaw.results;

/**
 * Text form of {@link ServerRecord}: {@code v1} and {@link #FIELDS} decimal numbers, separated by commas. Allocates
 * nothing either way.
 *
 * <p>Threading: stateless.
 */
final class ServerRecordCodec {
    private static final int PHASES = Phase.ALL.length;
    /** Phases, then the fields of {@link ServerRecord} in their order. */
    static final int FIELDS = PHASES + 16 + BootStage.ALL.length;
    /** Those that every server sends; earlier ones did not have the last two. */
    private static final int OLDEST_FIELDS = FIELDS - 2;
    /** {@code v1}, and for each field a comma and the longest decimal long. */
    static final int MAX_LENGTH = 2 + FIELDS * 21;

    private static final String VERSION = "v1";

    private ServerRecordCodec() {}

    static int encode(ServerRecord record, byte[] target) {
        target[0] = 'v';
        target[1] = '1';
        int end = 2;
        for (int field = 0; field < FIELDS; field++) {
            target[end] = ',';
            end = AsciiLine.putLong(target, end + 1, get(record, field));
        }
        return end;
    }

    /** False where the text is not a record; the record then holds no meaning. */
    static boolean decode(ServerRecord record, CharSequence text) {
        int length = text.length();
        if (length < VERSION.length() || text.charAt(0) != 'v' || text.charAt(1) != '1') {
            return false;
        }
        int at = VERSION.length();
        record.unbilledInitMs = 0;
        record.provisioned = false;
        for (int field = 0; field < FIELDS && (field < OLDEST_FIELDS || at < length); field++) {
            int end = endOfField(text, at + 1, length);
            if (at >= length || text.charAt(at) != ',' || !isLong(text, at + 1, end)) {
                return false;
            }
            if (!set(record, field, parseLong(text, at + 1, end))) {
                return false;
            }
            at = end;
        }
        return at == length;
    }

    private static long get(ServerRecord record, int field) {
        return switch (field - PHASES) {
            case 0 -> record.coldTrigger ? 1 : 0;
            case 1 -> record.coldVictim ? 1 : 0;
            case 2 -> record.suppressedInit ? 1 : 0;
            case 3 -> record.throttledNs;
            case 4 -> record.cpuNs;
            case 5 -> record.peakMemoryBytes;
            case 6 -> record.outOfMemory ? 1 : 0;
            case 7 -> record.billedMs;
            case 8 -> record.memoryMib;
            case 9 -> record.environmentId;
            case 10 -> record.hostId;
            case 11 -> record.emulated ? 1 : 0;
            case 12 -> record.extensionOverhangNs;
            case 13 -> record.faults;
            case 14, 15, 16 -> record.stagesNs[field - PHASES - 14];
            case 17 -> record.unbilledInitMs;
            case 18 -> record.provisioned ? 1 : 0;
            default -> record.phasesNs[field];
        };
    }

    private static boolean set(ServerRecord record, int field, long value) {
        switch (field - PHASES) {
            case 0 -> record.coldTrigger = value == 1;
            case 1 -> record.coldVictim = value == 1;
            case 2 -> record.suppressedInit = value == 1;
            case 3 -> record.throttledNs = value;
            case 4 -> record.cpuNs = value;
            case 5 -> record.peakMemoryBytes = value;
            case 6 -> record.outOfMemory = value == 1;
            case 7 -> record.billedMs = value;
            case 8 -> record.memoryMib = (int) value;
            case 9 -> record.environmentId = value;
            case 10 -> record.hostId = (int) value;
            case 11 -> record.emulated = value == 1;
            case 12 -> record.extensionOverhangNs = value;
            case 13 -> record.faults = (int) value;
            case 14, 15, 16 -> record.stagesNs[field - PHASES - 14] = value;
            case 17 -> record.unbilledInitMs = value;
            case 18 -> record.provisioned = value == 1;
            default -> record.phasesNs[field] = value;
        }
        return inBounds(field, value);
    }

    private static boolean inBounds(int field, long value) {
        return switch (field - PHASES) {
            case 0, 1, 2, 6, 11, 18 -> value == 0 || value == 1;
            case 3, 4, 5, 9, 12 -> value >= -1;
            case 8, 10 -> value >= -1 && value <= Integer.MAX_VALUE;
            case 13 -> value >= 0 && value <= InjectedFault.ALL_BITS;
            default -> value >= 0;
        };
    }

    private static int endOfField(CharSequence text, int start, int length) {
        int end = start;
        while (end < length && text.charAt(end) != ',') {
            end++;
        }
        return end;
    }

    /** Up to 18 digits, so that no field can overflow. */
    private static boolean isLong(CharSequence text, int start, int end) {
        int first = start < end && text.charAt(start) == '-' ? start + 1 : start;
        if (first >= end || end - first > 18) {
            return false;
        }
        for (int i = first; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static long parseLong(CharSequence text, int start, int end) {
        boolean negative = text.charAt(start) == '-';
        long value = 0;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return negative ? -value : value;
    }
}
