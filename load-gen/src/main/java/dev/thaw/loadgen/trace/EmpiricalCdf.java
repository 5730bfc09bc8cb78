package dev.thaw.loadgen.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A distribution function as published: a file of lines {@code value,share}, both never falling; straight between them. */
final class EmpiricalCdf {
    private final double[] values;
    private final double[] shares;

    private EmpiricalCdf(List<double[]> points) {
        values = points.stream().mapToDouble(point -> point[0]).toArray();
        shares = points.stream().mapToDouble(point -> point[1]).toArray();
    }

    static EmpiricalCdf read(Path file) {
        List<double[]> points = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(TraceInput.open(file, new TraceProgress()), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                double[] last = points.isEmpty() ? new double[] {0, 0} : points.getLast();
                points.add(point(file + ":" + number, line, last));
            }
        } catch (IOException e) {
            throw TraceInput.unreadable(file, e);
        }
        if (points.isEmpty() || points.getLast()[1] < 0.99) {
            throw new TraceException(
                    file + ": last share: '" + (points.isEmpty() ? "" : points.getLast()[1]) + "', must be 0.99..1");
        }
        return new EmpiricalCdf(points);
    }

    private static double[] point(String at, String line, double[] last) {
        String[] parts = line.split(",", -1);
        double value = parts.length == 2 ? CsvTable.parse(parts[0].strip()) : Double.NaN;
        double share = parts.length == 2 ? CsvTable.parse(parts[1].strip()) : Double.NaN;
        boolean inOrder = value >= last[0] && share >= last[1] && share <= 1.000001;
        if (!inOrder) {
            throw new TraceException(at + ": value,share: '" + line.substring(0, Math.min(80, line.length()))
                    + "', must be two numbers, neither below those before, the share at most 1");
        }
        return new double[] {value, Math.min(1, share)};
    }

    /** The value that so large a share is at most. */
    double valueAt(double share) {
        int found = Arrays.binarySearch(shares, share);
        int upper = found >= 0 ? found : -found - 1;
        if (upper == 0 || upper >= shares.length) {
            return values[Math.min(upper, shares.length - 1)];
        }
        double rise = shares[upper] - shares[upper - 1];
        double part = rise == 0 ? 0 : (share - shares[upper - 1]) / rise;
        return values[upper - 1] + part * (values[upper] - values[upper - 1]);
    }

    /** The share that is at most that value. */
    double shareAt(double value) {
        int upper = 0;
        while (upper < values.length && values[upper] <= value) {
            upper++;
        }
        if (upper == 0 || upper == values.length) {
            return upper == 0 ? 0 : 1;
        }
        double part = (value - values[upper - 1]) / (values[upper] - values[upper - 1]);
        return shares[upper - 1] + part * (shares[upper] - shares[upper - 1]);
    }
}
