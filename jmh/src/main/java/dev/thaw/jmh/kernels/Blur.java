package dev.thaw.jmh.kernels;

/** Box blur: each inner pixel becomes the mean of its 3 by 3 neighbours, rounded, in whole numbers. */
final class Blur implements Kernel {
    static final int WIDTH = 512;
    static final int HEIGHT = 128;

    final byte[] from = new byte[WIDTH * HEIGHT];
    final byte[] to = new byte[WIDTH * HEIGHT];
    final short[] columns = new short[WIDTH];

    Blur() {
        Numbers numbers = new Numbers(3);
        for (int i = 0; i < from.length; i++) {
            from[i] = (byte) numbers.next();
        }
    }

    @Override
    public String name() {
        return "blur";
    }

    @Override
    public long units() {
        return (long) (WIDTH - 2) * (HEIGHT - 2);
    }

    @Override
    public void run() {
        for (int y = 1; y < HEIGHT - 1; y++) {
            row(y * WIDTH);
        }
    }

    private void row(int row) {
        for (int x = 0; x < WIDTH; x++) {
            columns[x] =
                    (short) ((from[row - WIDTH + x] & 0xff) + (from[row + x] & 0xff) + (from[row + WIDTH + x] & 0xff));
        }
        for (int x = 1; x < WIDTH - 1; x++) {
            to[row + x] = mean(columns[x - 1] + columns[x] + columns[x + 1]);
        }
    }

    static byte mean(int sum) {
        return (byte) ((sum + 4) * 7282 >>> 16); // divided by 9, exactly for all up to 9 * 255 + 4
    }

    @Override
    public long checksum() {
        return Numbers.hash(to, to.length);
    }
}
