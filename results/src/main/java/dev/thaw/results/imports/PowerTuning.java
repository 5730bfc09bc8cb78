package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The output of AWS Lambda Power Tuning: its statistics by memory where they are in it, otherwise what its address of
 * the picture holds (sizes as 16-bit numbers, times and costs as 32-bit ones, little endian, base 64). A cell is a
 * memory size.
 */
final class PowerTuning implements Importer {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Kind DURATION = new Kind("duration", "ms", true, false);
    private static final Kind COST = new Kind("cost", "USD/million", true, false);
    private static final double MILLION = 1e6;

    @Override
    public String format() {
        return "power-tuning";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.startsWith("{") && head.contains("\"stateMachine\"") && head.contains("\"visualization\"");
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) {
        JsonNode root = MAPPER.readTree(text);
        ImportedBundle bundle = into.bundle("");
        JsonNode stats = root.path("stats");
        if (stats.size() > 0) {
            stats.forEach(each -> add(
                    bundle,
                    each.path("value").asInt(),
                    each.path("averageDuration").asDouble(),
                    each.path("averagePrice").asDouble()));
        } else {
            picture(root.path("stateMachine").path("visualization").asString(""), bundle);
        }
    }

    private static void picture(String address, ImportedBundle bundle) {
        String[] parts = address.substring(address.indexOf('#') + 1).split(";", -1);
        if (parts.length < 3) {
            throw new IllegalArgumentException("stateMachine.visualization: must hold sizes;times;costs after #");
        }
        ByteBuffer sizes = decoded(parts[0]);
        ByteBuffer times = decoded(parts[1]);
        ByteBuffer costs = decoded(parts[2]);
        while (sizes.remaining() >= Short.BYTES) {
            add(bundle, Short.toUnsignedInt(sizes.getShort()), times.getFloat(), costs.getFloat());
        }
    }

    private static ByteBuffer decoded(String base64) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void add(ImportedBundle bundle, int memoryMb, double durationMs, double usd) {
        String cell = memoryMb + " MB";
        bundle.add(cell, DURATION, ImportedBundle.NO_TIME, durationMs, 1);
        bundle.add(cell, COST, ImportedBundle.NO_TIME, usd * MILLION, 1);
    }
}
