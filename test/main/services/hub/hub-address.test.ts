// Addresses as people paste them.
import { expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/services/hub/hub-address.ts';

const MIRROR = 'https://hf-mirror.com';
const repository = 'google/gemma-3-4b-it-qat-q4_0-gguf';

it.each([
  [repository, {}],
  [`  ${repository}\n`, {}],
  [`hf:${repository}`, {}],
  [`hf:${repository}:q4_k_m`, { quantization: 'q4_k_m' }],
  [`hf://${repository}`, {}],
  [`${repository}:UD-Q4_K_XL`, { quantization: 'UD-Q4_K_XL' }],
  [`https://huggingface.co/${repository}`, {}],
  [`https://huggingface.co/${repository}/`, {}],
  [`https://huggingface.co/${repository}?library=llama-cpp`, {}],
  [`https://huggingface.co/${repository}#files`, {}],
  [`http://huggingface.co/${repository}`, {}],
  [`huggingface.co/${repository}`, {}],
  [`hf.co/${repository}:Q4_K_M`, { quantization: 'Q4_K_M' }],
  [`https://hf.co/${repository}:Q4_K_M`, { quantization: 'Q4_K_M' }],
  [`hf:hf.co/${repository}:Q8_0`, { quantization: 'Q8_0' }],
  [`https://huggingface.co/${repository}/tree/main`, {}],
  [`https://huggingface.co/${repository}/discussions/3`, {}],
  [`https://huggingface.co/${repository}/tree/refs%2Fpr%2F1`, { revision: 'refs/pr/1' }],
  [`https://huggingface.co/${repository}/tree/refs/pr/1/sub`, { revision: 'refs/pr/1', path: 'sub' }],
  [`https://huggingface.co/${repository}/blob/v2/a%20b/c.gguf`, { revision: 'v2', path: 'a b/c.gguf' }],
  [`https://huggingface.co/${repository}/resolve/main/c.gguf?download=true`, { path: 'c.gguf' }],
  [`${MIRROR}/${repository}/resolve/main/c.gguf`, { path: 'c.gguf' }],
])('understands %s', (address, expected) => {
  expect(parseAddress(address, MIRROR)).toEqual({
    repository,
    revision: 'main',
    path: null,
    quantization: null,
    ...expected,
  });
});

it('understands a mirror that lies below a path', () => {
  const endpoint = 'https://example.com/api/hub';
  expect(parseAddress(`${endpoint}/user/name/tree/v1`, endpoint)).toMatchObject({
    repository: 'user/name',
    revision: 'v1',
  });
});

it.each([
  'gemma',
  'gemma 3 4b',
  'https://example.com/google/gemma',
  'https://huggingface.co.example.com/google/gemma',
  'https://huggingface.co/google',
  'https://huggingface.co/',
  'https://huggingface.co/datasets/user/name',
  'https://huggingface.co/spaces/user/name',
  'user/name/more',
  'user/../name',
  'C:/models/gemma.gguf',
  'https://huggingface.co/%E0%A4%A/x',
  'user/name:',
])('refuses %s rather than asking for something else', (address) => {
  expect(() => parseAddress(address, MIRROR)).toThrow(expect.objectContaining({ code: 'hub-address' }));
});
