// Which models a list of files makes.
import { expect, it } from 'vitest';
import { namedModel, quantizationOf, remoteModels } from '../../../../src-main/services/hub/remote-models.ts';

const source = { repository: 'user/name', revision: 'main' };
const listed = (path: string, size = 100) => ({
  rfilename: path,
  size,
  lfs: { sha256: 'a'.repeat(64), size },
});
const address = { ...source, path: null, quantization: null };

it('makes one model of all parts in order, and none of a model that lacks one', () => {
  const models = remoteModels(source, [
    listed('big/m-Q8_0-00002-of-00003.gguf', 2),
    listed('big/m-Q8_0-00003-of-00003.gguf', 3),
    listed('big/m-Q8_0-00001-of-00003.gguf', 1),
    listed('big/m-F16-00001-of-00002.gguf'),
    listed('other/m-Q8_0-00001-of-00003.gguf'),
  ]);
  expect(models).toHaveLength(1);
  expect(models[0]).toMatchObject({ name: 'm-Q8_0', quantization: 'Q8_0', sizeBytes: 6 });
  expect(models[0]!.source.files.map((file) => file.path)).toEqual([
    'big/m-Q8_0-00001-of-00003.gguf',
    'big/m-Q8_0-00002-of-00003.gguf',
    'big/m-Q8_0-00003-of-00003.gguf',
  ]);
});

it('lists models only, the smallest first, those of unknown size last', () => {
  const models = remoteModels(source, [
    listed('README.md'),
    listed('mmproj-model-f16.gguf'),
    listed('a-Q8_0.gguf', 300),
    { rfilename: 'a-F16.gguf' },
    listed('a-Q4_K_M.gguf', 200),
    listed('../outside-Q4_0.gguf', 1),
    { rfilename: 'pointer-Q2_K.gguf', size: 135, lfs: { size: 100, sha256: 'no hash' } },
  ]);
  expect(models.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
    ['pointer-Q2_K', 100],
    ['a-Q4_K_M', 200],
    ['a-Q8_0', 300],
    ['a-F16', null],
  ]);
  expect(models[0]!.source.files[0]!.sha256).toBeNull();
  expect(models[1]!.source.files[0]!.sha256).toBe('a'.repeat(64));
});

it('finds what an address names, by file or by quantization in any case', () => {
  const models = remoteModels(source, [listed('a-Q4_K_M.gguf', 1), listed('a-UD-Q4_K_XL.gguf', 2)]);
  expect(namedModel(models, address)).toBeNull();
  expect(namedModel(models, { ...address, quantization: 'ud-q4_k_xl' })).toBe(1);
  expect(namedModel(models, { ...address, quantization: 'q2_k' })).toBeNull();
  expect(namedModel(models, { ...address, path: 'a-Q4_K_M.gguf' })).toBe(0);
  expect(namedModel(models, { ...address, path: 'gone.gguf', quantization: 'q4_k_m' })).toBeNull();
});

it.each([
  ['gemma-3-4b-it-q4_0.gguf', 'Q4_0'],
  ['gemma-2-2b-it-Q4_K_M.gguf', 'Q4_K_M'],
  ['gemma-2-2b-it.Q4_K_S.gguf', 'Q4_K_S'],
  ['gemma-4-E4B-it-UD-Q4_K_XL.gguf', 'UD-Q4_K_XL'],
  ['gemma-4-31B-it-UD-IQ2_XXS.gguf', 'UD-IQ2_XXS'],
  ['gemma-IQ4_NL.gguf', 'IQ4_NL'],
  ['gemma-3n-Q4_0_4_8.gguf', 'Q4_0_4_8'],
  ['gemma-Q2_K.gguf', 'Q2_K'],
  ['gemma-4-26B-A4B-MXFP4_MOE.gguf', 'MXFP4_MOE'],
  ['gemma-2b-it-BF16.gguf', 'BF16'],
  ['gemma-F16-merged-Q6_K.gguf', 'Q6_K'],
  ['Q5_K_M/model-00001-of-00002.gguf', 'Q5_K_M'],
  ['gemma-2b-it.gguf', null],
  ['Q4-great-model.gguf', 'Q4'],
  ['gemmaQ4_K_Mx.gguf', null],
])('reads the quantization of %s as %s', (path, quantization) => {
  expect(quantizationOf(path)).toBe(quantization);
});
