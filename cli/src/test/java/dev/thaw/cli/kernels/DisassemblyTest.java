package dev.thaw.cli.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines as objdump 2.40 printed them. */
final class DisassemblyTest {
    private static final List<String> KERNELS = List.of("dot", "sha256", "mandelbrot", "copy");

    private static Map<String, Map<String, Integer>> count(String text) {
        return Disassembly.count(text.lines(), KERNELS);
    }

    @Test
    void shouldTellSeveralValuesFromOneInTheSameRegisters() {
        assertThat(count("""
                0000000000401d80 <dot_run>:
                  401d80:	pxor   %xmm0,%xmm0
                  401d84:	movaps %xmm0,%xmm1
                  401d87:	movss  0x42f100(%rax),%xmm4
                  401d8f:	mulss  %xmm4,%xmm3
                  401d93:	cvttss2si %xmm1,%eax
                  401d97:	movd   %eax,%xmm2
                  401d9b:	pinsrw $0x1,%ecx,%xmm2
                  401da0:	mulps  0x430140(%rax),%xmm5
                  401da7:	movaps 0x42f100(%rax),%xmm6
                  401dae:	paddd  %xmm1,%xmm0
                  401db2:	vpdpbusd %xmm1,%xmm2,%xmm3
                  401db8:	add    $0x10,%rax
                  401dbc:	jne    401d87 <dot_run+0x7>
                """)).isEqualTo(Map.of("dot", Map.of("all", 13, "scalarFloat", 5, "xmm", 4)));
    }

    @Test
    void shouldCountByTheWidestRegister() {
        assertThat(count("""
                0000000000401df0 <dot_run>:
                  401df0:	vxorps %xmm3,%xmm3,%xmm3
                  401df6:	vmovaps %ymm3,%ymm2
                  401e24:	vfmadd231ps 0x4331e0(%rax),%ymm5,%ymm0
                  401e40:	vextractf128 $0x1,%ymm0,%xmm1
                  401e46:	vfmadd231ss %xmm1,%xmm2,%xmm0
                  401e50:	vzeroupper

                00000000004021c0 <sha256_block.constprop.0>:
                  4021c0:	vprord $0x6,%zmm16,%zmm20
                  4021c7:	vpternlogd $0x96,%zmm20,%zmm21,%zmm22
                  4021ce:	vmovdqu32 %ymm3,0x20(%rdi){%k1}
                """))
                .isEqualTo(Map.of(
                        "dot", Map.of("all", 6, "ymm", 3, "fma", 1, "scalarFloat", 1),
                        "sha256", Map.of("all", 3, "zmm", 2, "ymm", 1)));
    }

    @Test
    void shouldTellNeonFromSveFromScalar() {
        assertThat(count("""
                0000000000400c00 <dot_run>:
                  400c00:	adrp	x9, 441000 <b+0x3f00>
                  400c08:	movi	v1.4s, #0x0
                  400c0c:	fmla	v0.4s, v4.4s, v5.4s
                  400c10:	ldr	q16, [x0], #16
                  400c14:	faddp	s0, v0.2s
                  400c18:	fmadd	s1, s2, s3, s1
                  400c1c:	ldp	s1, s3, [x2, #4]
                  400c20:	b.ne	400c08 <dot_run+0x8>  // b.any

                0000000000400d00 <mandelbrot_run>:
                  400d00:	whilelo	p0.s, wzr, w2
                  400d04:	ld1w	{z1.s}, p0/z, [x1, x3, lsl #2]
                  400d08:	fmla	z0.s, p0/m, z1.s, z2.s
                  400d0c:	fmul	z3.s, z1.s, z2.s
                  400d10:	incw	x3
                  400d14:	b.any	400d04 <mandelbrot_run+0x4>
                """))
                .isEqualTo(Map.of(
                        "dot", Map.of("all", 8, "v", 3, "fma", 1, "scalarFloat", 2),
                        "mandelbrot", Map.of("all", 6, "z", 4, "fma", 1)));
    }

    @Test
    void shouldLeaveOutWhatIsNoKernels() {
        assertThat(count("""

                examples/target/kernels/x86_64-avx2/kernels:     file format elf64-x86-64

                Disassembly of section .text:

                0000000000401000 <copy>:
                  401000:	vmovdqu %ymm0,(%rdi)
                0000000000401010 <checksum>:
                  401010:	vmovdqu %ymm0,(%rdi)
                0000000000401020 <copying_run>:
                  401020:	vmovdqu %ymm0,(%rdi)
                0000000000401030 <memcpy>:
                  401030:	movups %xmm0,(%rdi)
                """)).isEmpty();
    }
}
