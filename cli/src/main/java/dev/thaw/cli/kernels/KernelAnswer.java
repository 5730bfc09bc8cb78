package dev.thaw.cli.kernels;

import java.io.IOException;
import java.util.regex.Pattern;

/** What a build says of a kernel that it ran: {@code NAME CHECKSUM UNITS RUNS NS}. */
record KernelAnswer(String kernel, String checksum, long units, long runs, long ns) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]+ [0-9a-f]{16} \\d{1,18} \\d{1,18} \\d{1,18}");
    private static final double NS_PER_S = 1e9;

    static KernelAnswer parse(String kernel, String line) throws IOException {
        String[] words = line.split(" ", -1);
        if (!SHAPE.matcher(line).matches() || !words[0].equals(kernel)) {
            throw new IOException("answered '" + line + "' to " + kernel);
        }
        return new KernelAnswer(
                kernel, words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
    }

    double unitsPerSecond() {
        return units * (double) runs * NS_PER_S / Math.max(ns, 1);
    }
}
