// Counts the tokens of texts of any length without ever holding up the event loop: the heartbeat must go on
// while half a megabyte is counted.
import type { LlamaModel } from 'node-llama-cpp';

const SLICE_CHARACTERS = 16_384;
const LOOK_BACK_CHARACTERS = 200;
const MAX_REMEMBERED = 2_000;

export class TokenCounter {
  readonly #model: LlamaModel;
  #sinceBreath = 0;
  readonly #remembered = new Map<string, number>();

  constructor(model: LlamaModel) {
    this.#model = model;
  }

  /** Tokens of a text on its own; for long ones within a few per slice. Rejects with the signal's reason. */
  async count(text: string, signal: AbortSignal): Promise<number> {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    let tokens = 0;
    for (let start = 0; start < text.length;) {
      const end = sliceEnd(text, start);
      tokens += this.#model.tokenize(text.slice(start, end)).length;
      await this.#breathe(end - start, signal);
      start = end;
    }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, tokens);
    return tokens;
  }

  /** Lets the event loop turn after every slice's worth of characters, however many texts they came in. */
  async #breathe(characters: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#sinceBreath += characters;
    if (this.#sinceBreath < SLICE_CHARACTERS) return;
    this.#sinceBreath = 0;
    await new Promise(setImmediate);
  }
}

/** Where a slice ends: behind white space where there is some, never between the halves of a character. */
export function sliceEnd(text: string, start: number): number {
  const end = start + SLICE_CHARACTERS;
  if (end >= text.length) return text.length;
  for (let at = end; at > end - LOOK_BACK_CHARACTERS; at--) {
    if (/\s/.test(text.charAt(at - 1))) return at;
  }
  const low = text.charCodeAt(end);
  return low >= 0xdc00 && low <= 0xdfff ? end - 1 : end;
}
