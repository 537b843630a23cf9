// Notices when an answer has run away into saying one thing over and over, as Gemma 4 does now and then on long
// outputs: left alone it goes on until the context is full.

/** So much of the end is looked at: enough for a paragraph said four times. */
const TAIL_CHARACTERS = 2_400;
/** Looking costs time that grows with the tail, so it is not done for every token. */
const LOOK_EVERY_CHARACTERS = 200;
/** A list of zeros or a song's refrain repeats as well: both the times and the length must be beyond that. */
const SHORT = { times: 8, characters: 400 };
const LONG = { times: 4, characters: 1_600 };

export class RepetitionWatch {
  #tail = '';
  #unseen = 0;

  /** Takes what was written; true once the end of it all repeats itself. */
  append(text: string): boolean {
    this.#tail = (this.#tail + text).slice(-TAIL_CHARACTERS);
    this.#unseen += text.length;
    if (this.#unseen < LOOK_EVERY_CHARACTERS) return false;
    this.#unseen = 0;
    return repeatsItself(this.#tail);
  }
}

/** Whether the end of the text is one unit several times over. */
export function repeatsItself(text: string): boolean {
  return bordersFromEnd(text.slice(-TAIL_CHARACTERS)).some((border, at) => {
    const length = at + 1;
    const times = length / (length - border);
    return [SHORT, LONG].some((limit) => times >= limit.times && length >= limit.characters);
  });
}

/** For every end of the text, how much of it is also its beginning: the prefix function of Knuth, Morris and Pratt,
 * read backwards. */
function bordersFromEnd(text: string): number[] {
  const unit = (at: number): number => text.charCodeAt(text.length - 1 - at);
  const borders = [0];
  for (let at = 1; at < text.length; at++) {
    let border = borders[at - 1] ?? 0;
    while (border > 0 && unit(at) !== unit(border)) border = borders[border - 1] ?? 0;
    borders.push(unit(at) === unit(border) ? border + 1 : 0);
  }
  return borders;
}
