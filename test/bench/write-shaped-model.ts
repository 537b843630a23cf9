// A model of Gemma 2B's true shape with random weights: its text is noise, its time and memory are those of a real
// one. Written once into a cache outside the tree (1.4 GB), always the same bytes.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readGgufFileInfo } from 'node-llama-cpp';
import { TINY_MODEL } from '../support/gguf-files.ts';
import { writeGguf, type Metadata, type Tensor } from '../support/gguf-writer.ts';

const LAYERS = 18;
const WIDTH = 2048;
const FEED_FORWARD = 16_384;
const HEADS = 8;
const HEAD_WIDTH = 256;
const CONTEXT = 8192;
const VOCABULARY = 256_000;
/** Tokens below this are control tokens: they must never win, or the answer would end. */
const FIRST_WORD = 6;
const BLOCK_BYTES = 18;
/** 0.002 as f16: keeps the activations of 18 random layers in range. */
const SCALE_F16 = 0x1819;

/** The path of the model, written first if it is not there yet. `LAPIDARY_BENCH_CACHE` moves the cache. */
export async function shapedModel(): Promise<string> {
  const folder = process.env['LAPIDARY_BENCH_CACHE'] ?? join(homedir(), '.cache/lapidary-bench');
  const file = join(folder, 'gemma-2b-shape-q4_0-v1.gguf');
  if (!existsSync(file)) {
    console.error(`Writing a model of Gemma 2B's shape to ${file} (once, 1.4 GB) ...`);
    const { tokenizer } = (await readGgufFileInfo(TINY_MODEL)).metadata;
    writeGguf(
      file,
      metadata(tokenizer.ggml as unknown as Tokenizer, tokenizer.chat_template ?? ''),
      tensors(),
    );
  }
  return file;
}

interface Tokenizer {
  tokens: string[];
  scores: number[];
  token_type: number[];
}

function metadata({ tokens, scores, token_type: types }: Tokenizer, template: string): Metadata {
  const missing = VOCABULARY - tokens.length;
  const unused = Array.from({ length: missing }, (_, index) => `<unused${index}>`);
  return [
    ['general.architecture', 'string', 'gemma'],
    ['general.name', 'string', 'Random weights in the shape of Gemma 2B'],
    ['general.file_type', 'u32', 2],
    ['general.quantization_version', 'u32', 2],
    ['gemma.block_count', 'u32', LAYERS],
    ['gemma.context_length', 'u32', CONTEXT],
    ['gemma.embedding_length', 'u32', WIDTH],
    ['gemma.feed_forward_length', 'u32', FEED_FORWARD],
    ['gemma.attention.head_count', 'u32', HEADS],
    ['gemma.attention.head_count_kv', 'u32', 1],
    ['gemma.attention.key_length', 'u32', HEAD_WIDTH],
    ['gemma.attention.value_length', 'u32', HEAD_WIDTH],
    ['gemma.attention.layer_norm_rms_epsilon', 'f32', 1e-6],
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

function tensors(): Tensor[] {
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
  const ones = (name: string): Tensor => ({ name, dimensions: [WIDTH], kind: 'f32', fill: fillOnes });
  const layers = Array.from({ length: LAYERS }, (_, index) => {
    const at = `blk.${index}.`;
    return [
      ones(`${at}attn_norm.weight`),
      weights(`${at}attn_q.weight`, WIDTH, HEADS * HEAD_WIDTH),
      weights(`${at}attn_k.weight`, WIDTH, HEAD_WIDTH),
      weights(`${at}attn_v.weight`, WIDTH, HEAD_WIDTH),
      weights(`${at}attn_output.weight`, HEADS * HEAD_WIDTH, WIDTH),
      ones(`${at}ffn_norm.weight`),
      weights(`${at}ffn_gate.weight`, WIDTH, FEED_FORWARD),
      weights(`${at}ffn_up.weight`, WIDTH, FEED_FORWARD),
      weights(`${at}ffn_down.weight`, FEED_FORWARD, WIDTH),
    ];
  });
  return [
    embedding(weights('token_embd.weight', WIDTH, VOCABULARY)),
    ones('output_norm.weight'),
    ...layers.flat(),
  ];
}

/** Rows of control and unused tokens are zero (scale 0), so that only words that show as text are ever chosen. */
function embedding(tensor: Tensor): Tensor {
  const rowBytes = (WIDTH / 32) * BLOCK_BYTES;
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
