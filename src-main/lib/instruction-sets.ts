// The instruction sets that decide how fast a processor multiplies matrices, under the names people know them by.

/** llama.cpp's names, in the order they are told. */
const NAMES: Record<string, string> = {
  AVX: 'AVX',
  AVX2: 'AVX2',
  F16C: 'F16C',
  FMA: 'FMA',
  BMI2: 'BMI2',
  AVX_VNNI: 'AVX-VNNI',
  AVX512: 'AVX-512',
  AVX512_VBMI: 'AVX-512 VBMI',
  AVX512_VNNI: 'AVX-512 VNNI',
  AVX512_BF16: 'AVX-512 BF16',
  AMX_INT8: 'AMX',
  NEON: 'NEON',
  DOTPROD: 'DotProd',
  MATMUL_INT8: 'I8MM',
  SVE: 'SVE',
  SME: 'SME',
  RISCV_V: 'RVV',
};

/** Flags of /proc/cpuinfo with the same meaning; 'asimd' and after are those of ARM. */
const FLAGS: Record<string, string> = {
  avx: 'AVX',
  avx2: 'AVX2',
  f16c: 'F16C',
  fma: 'FMA',
  bmi2: 'BMI2',
  avx_vnni: 'AVX-VNNI',
  avx512f: 'AVX-512',
  avx512vbmi: 'AVX-512 VBMI',
  avx512_vnni: 'AVX-512 VNNI',
  avx512_bf16: 'AVX-512 BF16',
  amx_int8: 'AMX',
  asimd: 'NEON',
  neon: 'NEON',
  asimddp: 'DotProd',
  i8mm: 'I8MM',
  sve: 'SVE',
  sme: 'SME',
};

/** Of llama.cpp's own line ("CPU : AVX = 1 | AVX2 = 1 | ..."): what it was built for and found. */
export function instructionSetsOfSystemInfo(line: string): string[] {
  const found = [...line.matchAll(/(\w+) = 1(?= |\||$)/g)].map((match) => match[1] ?? '');
  return Object.keys(NAMES).flatMap((name) => (found.includes(name) ? (NAMES[name] ?? []) : []));
}

/** Of the text of /proc/cpuinfo: what the processor has, where llama.cpp could not be asked. */
export function instructionSetsOfCpuInfo(text: string): string[] {
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(/\s+/));
  const known = Object.keys(FLAGS).filter((flag) => flags.has(flag));
  return [...new Set(known.flatMap((flag) => FLAGS[flag] ?? []))];
}
