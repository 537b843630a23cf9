import { expect, it } from 'vitest';
import { isRepacked } from '../../../src-main/lib/repacking.ts';

const Q4_0 = 2;
const Q8_0 = 8;
const Q6_K = 14;
const BF16 = 30;

// Catches 0.3 to 1.4 GB too many for most of Gemma's files on the usual PC, whose words in six or eight bits are
// looked up and made with one and the same table there, and as many too few on a Mac or a Snapdragon.
it.each([
  ['the usual PC', ['AVX', 'AVX2', 'F16C', 'FMA', 'BMI2'], { Q4_0: true, Q8_0: false, Q6_K: false }],
  ['a server with AMX', ['AVX2', 'AVX-512', 'AMX'], { Q4_0: true, Q8_0: true, Q6_K: true }],
  ['ARM of today', ['NEON', 'DotProd', 'I8MM'], { Q4_0: true, Q8_0: true, Q6_K: true }],
  ['an old PC', ['AVX'], { Q4_0: false, Q8_0: false, Q6_K: false }],
])('%s', (_name, sets, expected) => {
  const found = { Q4_0: isRepacked(Q4_0, sets), Q8_0: isRepacked(Q8_0, sets), Q6_K: isRepacked(Q6_K, sets) };
  expect(found).toEqual(expected);
  expect(isRepacked(BF16, sets)).toBe(false);
});
