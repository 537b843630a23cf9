// Which weights llama.cpp lays out anew for the processor. A table of words that is laid out anew for making words is
// kept a second time for looking them up: for Gemma that is a sixth of the model and more.
// Source: qtype_has_amx_kernels (ggml-cpu/amx/common.h), ggml_repack_get_optimal_repack_type (ggml-cpu/repack.cpp).

const Q4_0 = 2;
const Q4_1 = 3;
const Q8_0 = 8;
const Q2_K = 10;
const Q4_K = 12;
const Q5_K = 13;
const Q6_K = 14;
const IQ4_NL = 20;
const IQ4_XS = 23;
const MXFP4 = 39;

/** By the names of instruction-sets.ts: types, as GGUF files number them. */
const REPACKED: Readonly<Record<string, readonly number[]>> = {
  AMX: [Q4_0, Q4_1, Q8_0, Q4_K, Q5_K, Q6_K, IQ4_XS],
  AVX2: [Q4_0, Q4_K, IQ4_NL, MXFP4],
  'AVX-512': [Q2_K],
  DotProd: [Q4_0, Q8_0, Q4_K, Q5_K, Q6_K, IQ4_NL, MXFP4],
  I8MM: [Q4_0, Q8_0, Q4_K, Q5_K, Q6_K],
};

/** Whether a tensor of this type is laid out anew on a processor with these instruction sets. */
export function isRepacked(type: number, instructionSets: readonly string[]): boolean {
  return instructionSets.some((name) => REPACKED[name]?.includes(type));
}
