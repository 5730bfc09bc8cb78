package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.cost.PriceList;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/**
 * The output of AWS Lambda Power Tuning: its statistics by memory where they are in it, otherwise what its address of
 * the picture holds (sizes as 16-bit numbers, times and costs as 32-bit ones, little endian, base 64). A cell is a
 * memory size.
 */
final class PowerTuning implements Importer {
    private static final Kind DURATION = new Kind("duration", "ms", true, false);
    private static final Kind COST = new Kind("cost", "USD/million", true, false);
    private static final double MILLION = 1e6;
    private static final double MOST = 1e9;

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
        JsonNode root = Place.json(file, text);
        ImportedBundle bundle = into.bundle("");
        JsonNode stats = root.path("stats");
        int index = 0;
        for (JsonNode each : stats) {
            Place place = new Place(file, 1, "stats[" + index++ + "]: ");
            int memoryMb = place.memoryMb("value", text(each, "value"));
            double durationMs = place.number("averageDuration", text(each, "averageDuration"), "ms", MOST);
            add(bundle, memoryMb, durationMs, place.number("averagePrice", text(each, "averagePrice"), "USD", MOST));
        }
        if (stats.isEmpty()) {
            String address = root.path("stateMachine").path("visualization").asString("");
            picture(new Place(file, 1, "stateMachine.visualization: "), address, bundle);
        }
    }

    private static String text(JsonNode from, String key) {
        return from.path(key).asString("");
    }

    private static void picture(Place place, String address, ImportedBundle bundle) {
        String[] parts = address.substring(address.indexOf('#') + 1).split(";", -1);
        if (parts.length < 3) {
            throw place.wrong("must hold sizes;times;costs after #");
        }
        ByteBuffer sizes = decoded(place, parts[0]);
        ByteBuffer times = decoded(place, parts[1]);
        ByteBuffer costs = decoded(place, parts[2]);
        int count = sizes.remaining() / Short.BYTES;
        if (times.remaining() != count * Float.BYTES || costs.remaining() != count * Float.BYTES) {
            throw place.wrong(count + " sizes, but " + times.remaining() / Float.BYTES + " times and "
                    + costs.remaining() / Float.BYTES + " costs");
        }
        for (int i = 0; i < count; i++) {
            add(bundle, Short.toUnsignedInt(sizes.getShort()), times.getFloat(), costs.getFloat());
        }
    }

    private static ByteBuffer decoded(Place place, String base64) {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IllegalArgumentException e) {
            throw place.wrong("'" + base64 + "' is not base 64", e);
        }
    }

    private static void add(ImportedBundle bundle, int memoryMb, double durationMs, double usd) {
        String cell = memoryMb + " MB";
        bundle.add(cell, DURATION, ImportedBundle.NO_TIME, durationMs, 1);
        // It tells what duration and memory cost, without the request.
        double cost = usd * MILLION + PriceList.USD_PER_MILLION_REQUESTS;
        bundle.add(cell, COST, ImportedBundle.NO_TIME, cost, 1);
    }
}
