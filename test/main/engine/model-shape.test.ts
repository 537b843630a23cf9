import type { GgufFileInfo } from 'node-llama-cpp';
import { readGgufFileInfo } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { modelShape } from '../../../src-main/engine/model-shape.ts';
import { TINY_MODEL } from '../../support/gguf-files.ts';

function header(architecture: string, metadata: object): GgufFileInfo {
  const stated = { block_count: 12, embedding_length: 1024, feed_forward_length: 4096, ...metadata };
  return {
    metadata: { general: { architecture } },
    architectureMetadata: stated,
    fullTensorInfo: [{ name: 'token_embd.weight', dimensions: [1024, 262_144] }],
  } as unknown as GgufFileInfo;
}

describe('the shape a header describes', () => {
  it('is read from a real file', async () => {
    expect(modelShape(await readGgufFileInfo(TINY_MODEL))).toMatchObject({
      layerCount: 5,
      vocabularySize: 2560,
      cache: [{ layers: 5, window: null }],
    });
  });

  // Gemma 4 gives every layer its own number of heads, and two widths. One number for all is wrong by a factor of four.
  it('follows lists that say something else for each layer', () => {
    const local = [true, true, true, true, true, false];
    const attention = {
      head_count: 16,
      head_count_kv: [8, 8, 8, 8, 8, 2, 8, 8, 8, 8, 8, 2],
      key_length: 512,
      key_length_swa: 256,
      sliding_window: 1024,
      sliding_window_pattern: [...local, ...local],
    };
    expect(modelShape(header('gemma4', { attention }))?.cache).toEqual([
      { layers: 10, kvHeads: 8, headWidth: 256, window: 1024 },
      { layers: 2, kvHeads: 2, headWidth: 512, window: null },
    ]);
  });

  it('leaves out layers that read what others keep', () => {
    const attention = { head_count: 8, head_count_kv: 1, key_length: 256, shared_kv_layers: 7 };
    expect(modelShape(header('gemma4', { attention }))?.cache).toEqual([
      { layers: 5, kvHeads: 1, headWidth: 256, window: null },
    ]);
  });

  it('knows the windows of Gemma 2 and 3, whose files name only their size', () => {
    const attention = { head_count: 8, head_count_kv: 4, key_length: 256, sliding_window: 4096 };
    const windowed = (architecture: string): number =>
      modelShape(header(architecture, { attention }))?.cache.find(({ window }) => window !== null)?.layers ??
      0;
    expect(windowed('gemma2')).toBe(6);
    expect(windowed('gemma3')).toBe(10);
    expect(windowed('cohere2')).toBe(9);
    expect(windowed('mistral')).toBe(0);
  });

  // Early files of Gemma 2 leave the window out; counted as looking back at all, they would seem too large.
  it('knows the window of a Gemma 2 that names none', () => {
    const attention = { head_count: 8, head_count_kv: 4, key_length: 256 };
    expect(modelShape(header('gemma2', { attention }))?.cache).toEqual([
      { layers: 6, kvHeads: 4, headWidth: 256, window: 4096 },
      { layers: 6, kvHeads: 4, headWidth: 256, window: null },
    ]);
  });

  it('passes each token through all experts that are used, however the header gives their width', () => {
    const attention = { head_count: 8, head_count_kv: 1, key_length: 256 };
    const experts = { attention, expert_used_count: 8, feed_forward_length: 2112 };
    for (const width of [704, Array.from({ length: 12 }, () => 704)])
      expect(
        modelShape(header('gemma4', { ...experts, expert_feed_forward_length: width }))?.feedForwardLength,
      ).toBe(8 * 704);
  });

  // A file is untrusted: each of these once made an estimate of NaN, of nothing, or of more than the universe has.
  it.each([
    ['an absurd head count', { attention: { head_count: 2 ** 40, head_count_kv: 1, key_length: 256 } }],
    ['a negative width', { attention: { head_count: 8, head_count_kv: 1, key_length: -256 } }],
    ['text where a number belongs', { attention: { head_count: 'many', head_count_kv: 1 } }],
    ['a negative window', { attention: { head_count: 8, head_count_kv: 1, sliding_window: -1 } }],
    ['a list with a count beyond reason', { attention: { head_count: 8, head_count_kv: [1, 2 ** 40] } }],
    [
      'endless experts',
      { attention: { head_count: 8 }, expert_used_count: Infinity, expert_feed_forward_length: 8 },
    ],
    ['no layers', { block_count: 0, attention: { head_count: 8, head_count_kv: 1 } }],
  ])('refuses %s', (_name, metadata) => {
    expect(() => modelShape(header('gemma', metadata))).toThrow(
      expect.objectContaining({ code: 'model-not-gguf' }),
    );
  });

  it('leaves architectures without such a cache to the library', () => {
    expect(modelShape(header('mamba', { ssm: { state_size: 16 } }))).toBeNull();
    expect(modelShape(header('deepseek2', { attention: { head_count: 8, kv_lora_rank: 512 } }))).toBeNull();
  });
});
