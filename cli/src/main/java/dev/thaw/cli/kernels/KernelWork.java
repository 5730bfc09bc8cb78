package dev.thaw.cli.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kernels that {@code thaw arch} knows, and what their work is counted in. */
enum KernelWork {
    DOT("multiply-adds"),
    SHA256("bytes"),
    MANDELBROT("iterations"),
    BLUR("pixels"),
    MATMUL("multiply-adds"),
    JSON("bytes"),
    LZ("bytes"),
    COPY("bytes");

    final String unit;

    KernelWork(String unit) {
        this.unit = unit;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(KernelWork::key).toList();
    }

    /** Fails with a line that names what is not known, and what is. */
    static KernelWork of(String key) {
        return Arrays.stream(values())
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("arch: --kernels: unknown kernel '" + key
                        + "', known are " + keys().stream().collect(Collectors.joining(", "))));
    }
}
