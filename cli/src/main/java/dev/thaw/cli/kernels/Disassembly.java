package dev.thaw.cli.kernels;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Counts the instructions of each kernel's functions in what {@code objdump -d --no-show-raw-insn} prints, by the widest
 * registers that they use. A function is a kernel's if its name begins with the kernel's and an underscore.
 *
 * <p>x86_64: {@code xmm}, {@code ymm}, {@code zmm} hold several values at a time; what works on one value in them is
 * {@code scalarFloat}. arm64: {@code v} is NEON (also as {@code q}), {@code z} SVE with its predicates; {@code s}, {@code
 * d} and {@code h} are {@code scalarFloat}. {@code fma} counts fused multiply-adds of several values among them, and
 * {@code all} everything. Copies of a register and its zeroing count there alone.
 */
final class Disassembly {
    private static final Pattern FUNCTION = Pattern.compile("^[0-9a-f]+ <([^>]+)>:$");
    private static final Pattern INSTRUCTION = Pattern.compile("^\\s*[0-9a-f]+:\\s+(\\S+)\\s*([^<#]*)");
    private static final Pattern X86_VECTOR = Pattern.compile("%([xyz]mm)\\d");
    private static final Pattern ARM_VECTOR = Pattern.compile("\\b(?:v\\d+\\.|q\\d+\\b)");
    private static final Pattern ARM_SCALABLE = Pattern.compile("\\bz\\d+\\b|\\bp\\d+[./]");
    private static final Pattern ARM_SCALAR = Pattern.compile("\\b[sdhb]\\d+\\b");
    private static final String SCALAR_FLOAT = "scalarFloat";

    private final Collection<String> kernels;
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
    private String kernel = "";

    private Disassembly(Collection<String> kernels) {
        this.kernels = kernels;
    }

    /** Counts by kernel of a program on disk. */
    static Map<String, Map<String, Integer>> read(String objdump, Path binary, Collection<String> kernels)
            throws IOException {
        Process process = new ProcessBuilder(objdump, "-d", "--no-show-raw-insn", binary.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader()) {
            Map<String, Map<String, Integer>> counts = count(out.lines(), kernels);
            int status = process.onExit().join().exitValue();
            if (status != 0) {
                throw new IOException(binary + ": " + objdump + " ended with status " + status);
            }
            return counts;
        }
    }

    static Map<String, Map<String, Integer>> count(Stream<String> lines, Collection<String> kernels) {
        Disassembly disassembly = new Disassembly(kernels);
        lines.forEach(disassembly::line);
        return disassembly.counts;
    }

    private void line(String line) {
        Matcher function = FUNCTION.matcher(line);
        if (function.matches()) {
            String name = function.group(1);
            int end = name.indexOf('_');
            String prefix = end < 0 ? "" : name.substring(0, end);
            kernel = kernels.contains(prefix) ? prefix : "";
            return;
        }
        Matcher instruction = INSTRUCTION.matcher(line);
        if (!kernel.isEmpty() && instruction.find()) {
            instruction(instruction.group(1), instruction.group(2));
        }
    }

    private void instruction(String mnemonic, String operands) {
        Map<String, Integer> of = counts.computeIfAbsent(kernel, _ -> new TreeMap<>());
        of.merge("all", 1, Integer::sum);
        String registers = operands.contains("%") ? x86(mnemonic, operands) : arm64(mnemonic, operands);
        if (registers.isEmpty()) {
            return;
        }
        of.merge(registers, 1, Integer::sum);
        if (!registers.equals(SCALAR_FLOAT) && isFused(mnemonic)) {
            of.merge("fma", 1, Integer::sum);
        }
    }

    private static boolean isFused(String mnemonic) {
        return mnemonic.startsWith("vfmadd")
                || mnemonic.startsWith("vfnmadd")
                || mnemonic.startsWith("vfmsub")
                || mnemonic.startsWith("fmla")
                || mnemonic.startsWith("fmls")
                || mnemonic.equals("fmad");
    }

    private static String x86(String mnemonic, String operands) {
        Matcher registers = X86_VECTOR.matcher(operands);
        String widest = "";
        while (registers.find()) {
            if (registers.group(1).compareTo(widest) > 0) {
                widest = registers.group(1);
            }
        }
        if (widest.equals("xmm")) {
            return isOfOneValue(mnemonic) ? SCALAR_FLOAT : isCopyOrZero(mnemonic, operands) ? "" : widest;
        }
        return widest;
    }

    /** How scalar code, too, copies a whole register or makes it zero. */
    private static boolean isCopyOrZero(String mnemonic, String operands) {
        String plain = mnemonic.startsWith("v") ? mnemonic.substring(1) : mnemonic;
        String[] registers = operands.strip().split(",", -1);
        boolean same = List.of(registers).stream().distinct().count() == 1;
        return (plain.startsWith("movap") && !operands.contains("("))
                || ((plain.startsWith("xorp") || plain.equals("pxor")) && same);
    }

    /** Floats one at a time, and moves between a vector's first value and other registers. */
    private static boolean isOfOneValue(String mnemonic) {
        String plain = mnemonic.startsWith("v") ? mnemonic.substring(1) : mnemonic;
        if (plain.startsWith("p")) {
            return plain.startsWith("pextr") || plain.startsWith("pinsr");
        }
        return plain.endsWith("ss")
                || plain.endsWith("sd")
                || plain.startsWith("cvtsi2")
                || plain.startsWith("cvtts")
                || plain.startsWith("cvts")
                || plain.equals("movd")
                || plain.equals("movq");
    }

    private static String arm64(String mnemonic, String operands) {
        if (ARM_SCALABLE.matcher(operands).find()) {
            return "z";
        }
        if (mnemonic.equals("movi")) {
            return ""; // scalar code, too, makes a register zero like this
        }
        if (ARM_VECTOR.matcher(operands).find()) {
            return "v";
        }
        return ARM_SCALAR.matcher(operands).find() ? SCALAR_FLOAT : "";
    }
}
