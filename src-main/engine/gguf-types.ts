// Sizes of the tensor types of GGUF files, to tell how long a file must be.
// Source: the table type_traits in ggml/src/ggml.c.

/** By type number: values in one block, bytes of one block. */
const TENSOR_TYPES: Readonly<Record<number, readonly [values: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};

/** Bytes of a tensor of `elements` values; 0 for a type this table does not know. */
export function tensorBytes(type: number, elements: number): number {
  const [values, bytes] = TENSOR_TYPES[type] ?? [1, 0];
  return Math.ceil(elements / values) * bytes;
}

/** Bytes of one scalar of a metadata value type (0 to 12); undefined for strings (8) and arrays (9). */
export const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
