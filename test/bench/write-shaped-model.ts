// Models of Gemma's true shapes with random weights: their text is noise, their time and memory are those of real
// ones. Written once into a cache outside the tree (1.4 and 0.6 GB), always the same bytes.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readGgufFileInfo } from 'node-llama-cpp';
import { TINY_MODEL } from '../support/gguf-files.ts';
import { writeGguf, type Metadata, type Tensor } from '../support/gguf-writer.ts';

interface Shape {
  file: string;
  name: string;
  architecture: 'gemma' | 'gemma3';
  layers: number;
  width: number;
  feedForward: number;
  heads: number;
  contextLength: number;
  vocabulary: number;
  /** Tokens that most layers look back at; null: all. */
  window: number | null;
}

/** Gemma 2B: every layer keeps the whole context. */
const GEMMA_2B: Shape = {
  file: 'gemma-2b-shape-q4_0-v1.gguf',
  name: 'Random weights in the shape of Gemma 2B',
  architecture: 'gemma',
  layers: 18,
  width: 2048,
  feedForward: 16_384,
  heads: 8,
  contextLength: 8192,
  vocabulary: 256_000,
  window: null,
};
/** Gemma 3 1B: five layers of six keep a window only, as in all Gemmas since. */
const GEMMA_3_1B: Shape = {
  file: 'gemma-3-1b-shape-q4_0-v1.gguf',
  name: 'Random weights in the shape of Gemma 3 1B',
  architecture: 'gemma3',
  layers: 26,
  width: 1152,
  feedForward: 6912,
  heads: 4,
  contextLength: 32_768,
  vocabulary: 262_144,
  window: 512,
};
const HEAD_WIDTH = 256;
/** Tokens below this are control tokens: they must never win, or the answer would end. */
const FIRST_WORD = 6;
const BLOCK_BYTES = 18;
/** 0.002 as f16: keeps the activations of 18 random layers in range. */
const SCALE_F16 = 0x1819;

/** The path of the 2B model, written first if it is not there yet. `LAPIDARY_BENCH_CACHE` moves the cache. */
export function shapedModel(): Promise<string> {
  return written(GEMMA_2B);
}

/** The path of the model whose layers look back through a window. */
export function windowedModel(): Promise<string> {
  return written(GEMMA_3_1B);
}

async function written(shape: Shape): Promise<string> {
  const folder = process.env['LAPIDARY_BENCH_CACHE'] ?? join(homedir(), '.cache/lapidary-bench');
  const file = join(folder, shape.file);
  if (!existsSync(file)) {
    console.error(`Writing ${shape.name} to ${file} (once) ...`);
    const { tokenizer } = (await readGgufFileInfo(TINY_MODEL)).metadata;
    const words = tokenizer.ggml as unknown as Tokenizer;
    writeGguf(
      file,
      [...shapeMetadata(shape), ...tokenizerMetadata(words, tokenizer.chat_template ?? '', shape.vocabulary)],
      tensors(shape),
    );
  }
  return file;
}

interface Tokenizer {
  tokens: string[];
  scores: number[];
  token_type: number[];
}

function shapeMetadata(shape: Shape): Metadata {
  const { architecture, window } = shape;
  return [
    ['general.architecture', 'string', architecture],
    ['general.name', 'string', shape.name],
    ['general.file_type', 'u32', 2],
    ['general.quantization_version', 'u32', 2],
    [`${architecture}.block_count`, 'u32', shape.layers],
    [`${architecture}.context_length`, 'u32', shape.contextLength],
    [`${architecture}.embedding_length`, 'u32', shape.width],
    [`${architecture}.feed_forward_length`, 'u32', shape.feedForward],
    [`${architecture}.attention.head_count`, 'u32', shape.heads],
    [`${architecture}.attention.head_count_kv`, 'u32', 1],
    [`${architecture}.attention.key_length`, 'u32', HEAD_WIDTH],
    [`${architecture}.attention.value_length`, 'u32', HEAD_WIDTH],
    [`${architecture}.attention.layer_norm_rms_epsilon`, 'f32', 1e-6],
    ...(window === null
      ? []
      : ([[`${architecture}.attention.sliding_window`, 'u32', window]] satisfies Metadata)),
  ];
}

function tokenizerMetadata(
  { tokens, scores, token_type: types }: Tokenizer,
  template: string,
  vocabulary: number,
): Metadata {
  const missing = vocabulary - tokens.length;
  const unused = Array.from({ length: missing }, (_, index) => `<unused${index}>`);
  return [
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.tokens', 'string', [...tokens, ...unused]],
    ['tokenizer.ggml.scores', 'f32', [...scores, ...unused.map(() => -1000)]],
    ['tokenizer.ggml.token_type', 'i32', [...types, ...unused.map(() => 5)]],
    ['tokenizer.ggml.padding_token_id', 'u32', 0],
    ['tokenizer.ggml.eos_token_id', 'u32', 1],
    ['tokenizer.ggml.bos_token_id', 'u32', 2],
    ['tokenizer.ggml.unknown_token_id', 'u32', 3],
    ['tokenizer.ggml.eot_token_id', 'u32', 5],
    ['tokenizer.ggml.add_bos_token', 'bool', true],
    ['tokenizer.ggml.add_eos_token', 'bool', false],
    ['tokenizer.ggml.add_space_prefix', 'bool', false],
    ['tokenizer.chat_template', 'string', template],
  ];
}

function tensors({ architecture, layers: count, width, feedForward, heads, vocabulary }: Shape): Tensor[] {
  const noise = randomBlocks();
  const weights = (name: string, ...dimensions: number[]): Tensor => {
    const start = hash(name);
    return {
      name,
      dimensions,
      kind: 'q4_0',
      fill: (part, offset) => fillBlocks(part, noise, start + offset),
    };
  };
  const ones = (name: string, size = width): Tensor => ({
    name,
    dimensions: [size],
    kind: 'f32',
    fill: fillOnes,
  });
  const moreNorms = (at: string): Tensor[] => [
    ones(`${at}attn_q_norm.weight`, HEAD_WIDTH),
    ones(`${at}attn_k_norm.weight`, HEAD_WIDTH),
    ones(`${at}post_attention_norm.weight`),
    ones(`${at}post_ffw_norm.weight`),
  ];
  const layers = Array.from({ length: count }, (_, index) => {
    const at = `blk.${index}.`;
    return [
      ones(`${at}attn_norm.weight`),
      weights(`${at}attn_q.weight`, width, heads * HEAD_WIDTH),
      weights(`${at}attn_k.weight`, width, HEAD_WIDTH),
      weights(`${at}attn_v.weight`, width, HEAD_WIDTH),
      weights(`${at}attn_output.weight`, heads * HEAD_WIDTH, width),
      ones(`${at}ffn_norm.weight`),
      weights(`${at}ffn_gate.weight`, width, feedForward),
      weights(`${at}ffn_up.weight`, width, feedForward),
      weights(`${at}ffn_down.weight`, feedForward, width),
      ...(architecture === 'gemma3' ? moreNorms(at) : []),
    ];
  });
  return [
    embedding(weights('token_embd.weight', width, vocabulary)),
    ones('output_norm.weight'),
    ...layers.flat(),
  ];
}

/** Rows of control and unused tokens are zero (scale 0), so that only words that show as text are ever chosen. */
function embedding(tensor: Tensor): Tensor {
  const rowBytes = ((tensor.dimensions[0] ?? 0) / 32) * BLOCK_BYTES;
  const wordRows = 2560;
  return {
    ...tensor,
    fill(part, offset) {
      tensor.fill(part, offset);
      for (let at = 0; at < part.length; at += BLOCK_BYTES) {
        const row = Math.floor((offset + at) / rowBytes);
        if (row < FIRST_WORD || row >= wordRows) part.writeUInt16LE(0, at);
      }
    },
  };
}

function fillOnes(part: Buffer): void {
  for (let at = 0; at < part.length; at += 4) part.writeFloatLE(1, at);
}

function fillBlocks(part: Buffer, noise: Buffer, from: number): void {
  for (let done = 0; done < part.length;) {
    const start = (from + done) % noise.length;
    done += noise.copy(part, done, start, Math.min(noise.length, start + part.length - done));
  }
}

/** A few megabytes of blocks, which every tensor reads from a place of its own. */
function randomBlocks(): Buffer {
  const noise = Buffer.alloc(BLOCK_BYTES * 262_139);
  let state = 2463534242;
  for (let at = 0; at < noise.length; at += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise.writeUInt16LE(at % BLOCK_BYTES === 0 ? SCALE_F16 : state & 0xffff, at);
  }
  return noise;
}

function hash(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) % 262_139;
  return sum * BLOCK_BYTES;
}
