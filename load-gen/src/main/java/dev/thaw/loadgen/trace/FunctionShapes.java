package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import org.apache.commons.statistics.distribution.LogNormalDistribution;

/** What functions are like, of which a synthetic trace is made: each answer belongs to a share of all functions. */
sealed interface FunctionShapes {
    /** Of a function's invocations, where none is longer than {@code maxSec}. */
    double medianSec(double share, double maxSec);

    double memoryMib(double share);

    /** How often it is invoked, in proportion to others; {@code rank} from 1 on. */
    double weight(int rank, double share);

    /** CV of the distances of its invocations; 0 for a timer. */
    double iatCv(double share);

    /*
     * Fits by Serverless in the Wild (ATC'20), see anchors.md 1.1 and 1.3. Durations spread between functions, hardly
     * inside one: the fit is taken for the functions' medians, truncated.
     */
    final class Fits implements FunctionShapes {
        private static final LogNormalDistribution DURATION_SEC = LogNormalDistribution.of(-0.38, 2.36);
        private static final double MIN_DURATION_SEC = 0.001;
        private static final double BURR_C = 11.652;
        private static final double BURR_K = 0.221;
        private static final double BURR_SCALE_MIB = 107.083;
        /** Rates: the rank's power. 1.5 gives the first fifth of the functions nine tenths of the invocations. */
        private static final double RATE_SKEW = 1.5;

        private static final double TIMER_SHARE = 0.3;

        /** The fit, given that it lies inside what is allowed. */
        @Override
        public double medianSec(double share, double maxSec) {
            double low = DURATION_SEC.cumulativeProbability(MIN_DURATION_SEC);
            double high = DURATION_SEC.cumulativeProbability(maxSec);
            return DURATION_SEC.inverseCumulativeProbability(low + share * (high - low));
        }

        /** Inverse of the Burr (type XII) distribution function 1 - (1 + (x / scale)^c)^-k. */
        @Override
        public double memoryMib(double share) {
            return BURR_SCALE_MIB * Math.pow(Math.pow(1 - share, -1 / BURR_K) - 1, 1 / BURR_C);
        }

        @Override
        public double weight(int rank, double share) {
            return Math.pow(rank, -RATE_SKEW);
        }

        @Override
        public double iatCv(double share) {
            return share < TIMER_SHARE ? 0 : 1;
        }
    }

    /** ServerlessBench's distribution functions of Azure 2019: {@code execTimeCDF.csv} and its siblings. */
    final class Published implements FunctionShapes {
        private static final double MIN_DURATION_SEC = 0.001;
        private static final double TIMER_CV = 0.05;
        /** A few functions' CVs are in the hundreds: days of silence, which a short trace cannot have. */
        private static final double MAX_CV = 20;

        private final EmpiricalCdf durationsMs;
        private final EmpiricalCdf memoriesMib;
        private final EmpiricalCdf invocations;
        private final EmpiricalCdf cvs;

        Published(Path folder) {
            durationsMs = EmpiricalCdf.read(folder.resolve("execTimeCDF.csv"));
            memoriesMib = EmpiricalCdf.read(folder.resolve("memCDF.csv"));
            invocations = EmpiricalCdf.read(folder.resolve("invokesCDF.csv"));
            cvs = EmpiricalCdf.read(folder.resolve("CVs.csv"));
        }

        @Override
        public double medianSec(double share, double maxSec) {
            double value = durationsMs.valueAt(share * durationsMs.shareAt(maxSec * 1e3)) / 1e3;
            return Math.max(MIN_DURATION_SEC, value);
        }

        @Override
        public double memoryMib(double share) {
            return memoriesMib.valueAt(share);
        }

        @Override
        public double weight(int rank, double share) {
            return Math.max(1, invocations.valueAt(share));
        }

        @Override
        public double iatCv(double share) {
            double cv = cvs.valueAt(share);
            return cv < TIMER_CV ? 0 : Math.min(cv, MAX_CV);
        }
    }
}
