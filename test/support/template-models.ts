// Models of a few kilobytes with the vocabulary and the template of a family: what a conversation becomes can be told
// to the token. Their words are single characters and the blank line, so an expected sequence can be spelled by hand;
// they answer with the letter "o" for ever, or with noise that everything before it decides. The templates are ours, by the rules that each family publishes.
import { join } from 'node:path';
import { writeGguf, type Metadata, type Tensor } from './gguf-writer.ts';

export interface TemplateFamily {
  architecture: 'gemma' | 'gemma3' | 'llama';
  /** How words are found: SentencePiece with its blanks, or pairs of bytes. */
  words: 'pieces' | 'bytes';
  /** Control tokens by their texts; the first of them begins a conversation. */
  controls: string[];
  ends: string;
  template: string;
  addBos?: boolean;
  /** Tokens that five of six layers look back at; Gemma 3 only. */
  window?: number;
  /** Of the file; 4096 where it says none. */
  contextLength?: number;
  /** Random weights: the answers are letters that depend on every token in view. */
  noise?: boolean;
}

const WIDTH = 32;
const CONTEXT = 4096;
/** What the models answer: its row of the embedding is the longest. */
const ANSWER = 'o';
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));

/** Writes the family's model into `folder` and returns its path. */
export function writeTemplateModel(folder: string, name: string, family: TemplateFamily): string {
  const file = join(folder, `${name}.gguf`);
  const { tokens, types } = vocabulary(family);
  writeGguf(file, [...shape(family), ...tokenizer(family, tokens, types)], tensors(family, tokens));
  return file;
}

/**
 * The tokens of `text` in the family's vocabulary, without any tokenizer: a control token stands between « and »,
 * everything else is spelled letter by letter.
 */
export function spell(family: TemplateFamily, text: string): number[] {
  const { tokens } = vocabulary(family);
  return Array.from(text.matchAll(/«([^»]+)»|\n\n|./gsu), ([part, control]) => {
    const token = tokens.indexOf(control ?? shown(family, part));
    if (token < 0) throw new Error(`No token for ${part}`);
    return token;
  });
}

/** How a vocabulary of this kind writes a text. */
function shown({ words }: TemplateFamily, text: string): string {
  if (words === 'pieces') return text.replaceAll(' ', '▁');
  return Array.from(text, (letter) =>
    letter > ' ' ? letter : String.fromCharCode(256 + letter.charCodeAt(0)),
  ).join('');
}

function vocabulary(family: TemplateFamily): { tokens: string[]; types: number[] } {
  const { words, controls } = family;
  const plain = [...PRINTABLE, '\n', '\n\n'].map((text) => shown(family, text));
  const raw =
    words === 'pieces'
      ? Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
      : [];
  const unknown = words === 'pieces' ? ['<unk>'] : [];
  return {
    tokens: [...controls, ...unknown, ...plain, ...raw],
    types: [...controls.map(() => 3), ...unknown.map(() => 2), ...plain.map(() => 1), ...raw.map(() => 6)],
  };
}

function tokenizer(family: TemplateFamily, tokens: string[], types: number[]): Metadata {
  const { words, controls, ends, template } = family;
  const common: Metadata = [
    ['tokenizer.ggml.tokens', 'string', tokens],
    ['tokenizer.ggml.token_type', 'i32', types],
    ['tokenizer.ggml.bos_token_id', 'u32', 0],
    ['tokenizer.ggml.eos_token_id', 'u32', controls.indexOf(ends)],
    ['tokenizer.ggml.add_space_prefix', 'bool', false],
    ['tokenizer.chat_template', 'string', template],
  ];
  if (words === 'bytes') {
    return [
      ['tokenizer.ggml.model', 'string', 'gpt2'],
      ['tokenizer.ggml.pre', 'string', 'llama-bpe'],
      ...(family.addBos === undefined
        ? []
        : ([['tokenizer.ggml.add_bos_token', 'bool', family.addBos]] satisfies Metadata)),
      ['tokenizer.ggml.merges', 'string', ['Ċ Ċ']],
      ...common,
    ];
  }
  return [
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.scores', 'f32', tokens.map(() => 0)],
    ['tokenizer.ggml.unknown_token_id', 'u32', controls.length],
    ['tokenizer.ggml.add_bos_token', 'bool', true],
    ...common,
  ];
}

function shape({ architecture, window, contextLength = CONTEXT }: TemplateFamily): Metadata {
  return [
    ['general.architecture', 'string', architecture],
    ['general.name', 'string', 'For tests of templates'],
    [`${architecture}.block_count`, 'u32', layerCount(window)],
    [`${architecture}.context_length`, 'u32', contextLength],
    [`${architecture}.embedding_length`, 'u32', WIDTH],
    [`${architecture}.feed_forward_length`, 'u32', WIDTH],
    [`${architecture}.attention.head_count`, 'u32', 1],
    [`${architecture}.attention.head_count_kv`, 'u32', 1],
    [`${architecture}.attention.key_length`, 'u32', WIDTH],
    [`${architecture}.attention.value_length`, 'u32', WIDTH],
    [`${architecture}.attention.layer_norm_rms_epsilon`, 'f32', 1e-6],
    [`${architecture}.rope.dimension_count`, 'u32', WIDTH],
    ...(window === undefined
      ? []
      : ([[`${architecture}.attention.sliding_window`, 'u32', window]] satisfies Metadata)),
  ];
}

/** With a window also one layer that looks back at everything, as Gemma 3 has one in six. */
const layerCount = (window: number | undefined): number => (window === undefined ? 1 : 6);

function tensors({ architecture, window, noise = false }: TemplateFamily, tokens: string[]): Tensor[] {
  const filled = (name: string, dimensions: number[], value: (at: number) => number): Tensor => ({
    name,
    dimensions,
    kind: 'f32',
    fill: (part, offset) => {
      for (let at = 0; at < part.length; at += 4) part.writeFloatLE(value((offset + at) / 4), at);
    },
  });
  const same = (name: string, value = 1): Tensor => filled(name, [WIDTH], () => value);
  const answer = tokens.indexOf(ANSWER);
  const gemma3 = ['attn_q_norm', 'attn_k_norm', 'post_attention_norm', 'post_ffw_norm'];
  const norms = ['attn_norm', 'ffn_norm', ...(architecture === 'gemma3' ? gemma3 : [])];
  const weights = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'];
  const layers = Array.from({ length: layerCount(window) }, (_, at) => [
    // What a layer adds must outweigh the last token, or noise says one letter for ever.
    ...norms.map((name) => same(`blk.${at}.${name}.weight`, noise && name.startsWith('post') ? 4 : 1)),
    ...weights.map((name, nth) =>
      filled(`blk.${at}.${name}.weight`, [WIDTH, WIDTH], (place) =>
        noise ? random(at * 99 + nth, place) : 0,
      ),
    ),
  ]);
  const word = (at: number): number => {
    const token = Math.floor(at / WIDTH);
    if (noise) return /^\w$/u.test(tokens[token] ?? '') ? random(7, at) : random(8, at) / 100;
    return token === answer ? 2 : 1;
  };
  return [
    filled('token_embd.weight', [WIDTH, tokens.length], word),
    same('output_norm.weight'),
    ...layers.flat(),
  ];
}

/** Between -1 and 1, always the same at the same place. */
function random(seed: number, place: number): number {
  const sine = Math.sin(seed * 127.1 + place * 311.7) * 43_758.545;
  return 2 * (sine - Math.floor(sine)) - 1;
}
