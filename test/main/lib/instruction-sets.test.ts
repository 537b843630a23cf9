// Names of instruction sets: one that is off and told as on promises a speed that never comes.
import { expect, test } from 'vitest';
import {
  instructionSetsOfCpuInfo,
  instructionSetsOfSystemInfo,
} from '../../../src-main/lib/instruction-sets.ts';

test('takes what is on, under the names people know', () => {
  const line =
    'CPU : SSE3 = 1 | AVX = 1 | AVX2 = 1 | AVX_VNNI = 0 | AVX512 = 1 | AVX512_VNNI = 1 | AMX_INT8 = 1 | LLAMAFILE = 1 | REPACK = 1 | ';
  expect(instructionSetsOfSystemInfo(line)).toEqual(['AVX', 'AVX2', 'AVX-512', 'AVX-512 VNNI', 'AMX']);
});

test('ARM, beside a graphics processor’s own figures', () => {
  const line = 'Metal : EMBED_LIBRARY = 1 | CPU : NEON = 1 | DOTPROD = 1 | MATMUL_INT8 = 10 | SVE = 0 | ';
  expect(instructionSetsOfSystemInfo(line)).toEqual(['NEON', 'DotProd']);
});

test('falls back to what Linux says, on both kinds of processor', () => {
  expect(instructionSetsOfCpuInfo('processor\t: 0\nflags\t\t: fpu sse2 avx avx2 avx512f\n')).toEqual([
    'AVX',
    'AVX2',
    'AVX-512',
  ]);
  expect(instructionSetsOfCpuInfo('processor\t: 0\nFeatures\t: fp asimd asimddp\n')).toEqual([
    'NEON',
    'DotProd',
  ]);
  expect(instructionSetsOfCpuInfo('nothing of the kind')).toEqual([]);
});
