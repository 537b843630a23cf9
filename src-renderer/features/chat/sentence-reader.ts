// Cuts a stream of text into whole sentences for reading aloud, with the signs of Markdown left out.

/** UTF-16 units said at once at most: nobody can follow more, and laying out a hidden megabyte stops the page. */
const SAID_AT_ONCE = 2_000;
const SENTENCE_END = /[.!?؟:;](?=\s)|[。！？\n]/gu;

export class SentenceReader {
  #waiting = '';

  append(delta: string): void {
    this.#waiting += delta;
  }

  /** All sentences that are complete by now; '' when there is none. */
  take(): string {
    const end = [...this.#waiting.matchAll(SENTENCE_END)].at(-1)?.index ?? -1;
    if (end === -1) return '';
    const text = this.#waiting.slice(0, end + 1);
    this.#waiting = this.#waiting.slice(end + 1);
    return spoken(text);
  }

  /** What is left at the end. */
  rest(): string {
    const text = this.#waiting;
    this.#waiting = '';
    return spoken(text);
  }
}

function spoken(text: string): string {
  return text
    .slice(0, SAID_AT_ONCE)
    .replace(/^\s*(?:[#>]+|[-*+]|\|)\s*/gm, '')
    .replace(/[*_`~|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
