package dev.thaw.jmh.kernels;

/** How long each pixel stays within the circle of radius 2, in floats, without leaving early: one fixed order. */
final class Mandelbrot implements Kernel {
    static final int WIDTH = 128;
    static final int HEIGHT = 64;
    static final int ITERATIONS = 64;

    final int[] counts = new int[WIDTH * HEIGHT];

    @Override
    public String name() {
        return "mandelbrot";
    }

    @Override
    public long units() {
        return (long) WIDTH * HEIGHT * ITERATIONS;
    }

    static float left(int x) {
        return x * (2.5f / WIDTH) - 2.0f;
    }

    static float top(int y) {
        return y * (2.0f / HEIGHT) - 1.0f;
    }

    @Override
    public void run() {
        for (int y = 0; y < HEIGHT; y++) {
            float cy = top(y);
            for (int x = 0; x < WIDTH; x++) {
                counts[y * WIDTH + x] = pixel(left(x), cy);
            }
        }
    }

    private static int pixel(float cx, float cy) {
        float zx = 0;
        float zy = 0;
        int count = 0;
        for (int i = 0; i < ITERATIONS; i++) {
            float xx = zx * zx;
            float yy = zy * zy;
            count += xx + yy <= 4.0f ? 1 : 0;
            zy = 2.0f * (zx * zy) + cy;
            zx = (xx - yy) + cx;
        }
        return count;
    }

    @Override
    public long checksum() {
        return Numbers.hash(counts, counts.length);
    }
}
