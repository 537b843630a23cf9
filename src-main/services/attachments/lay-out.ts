// A question with what goes along with it, as one text for the model: each attachment between marks that bear its name.
// A text that holds such a mark itself gets other marks, so that nothing in it can pass for the person's own words.
import type { Attachment } from '#contract/attachment.ts';
import type { Passages } from '../../database/attachment-repository.ts';
import { breakIn } from './text-breaks.ts';

/** Stands for what is left out. */
export const LEFT_OUT = '[…]';
/** Last words of a beginning that a person is shown. */
const UNTIL_CHARACTERS = 60;

const PARTS: Record<Attachment['use'], string> = {
  whole: '',
  excerpts: ` part="only the passages that fit the question; ${LEFT_OUT} stands for what is left out"`,
  beginning: ' part="only the beginning"',
};

/** What the model is given of one attachment. */
export interface Given extends Pick<Attachment, 'kind' | 'name' | 'use'> {
  text: string;
}

/** Attachments first: so they stay where they are when only the question changes. */
export function layOut(given: readonly Given[], question: string): string {
  return [...given.map(layOutOne), question].filter((text) => text.trim() !== '').join('\n\n');
}

export function layOutOne({ kind, name, use, text }: Given): string {
  const mark = freeMark(kind === 'conversation' ? 'conversation' : 'document', text);
  return `<${mark} name="${plainName(name)}"${PARTS[use]}>\n${text}\n</${mark}>`;
}

/** The pieces of a text that is given in passages. */
export function joinPassages(text: string, passages: Passages): string {
  const pieces = passages.map(([from, to]) => text.slice(from, to).trim());
  if (passages[0]?.[0] !== 0) pieces.unshift('');
  if ((passages.at(-1)?.[1] ?? 0) < text.length) pieces.push('');
  return pieces.join(`\n${LEFT_OUT}\n`).trim();
}

/** As much of the beginning as `limit` characters hold, up to a good place to stop. */
export function beginningOf(text: string, limit: number): Passages {
  return [[0, breakIn(text, Math.floor(limit * 0.8), limit)]];
}

/** The last words before a place, on one line. */
export function wordsBefore(text: string, end: number): string {
  const line = text
    .slice(Math.max(0, end - 4 * UNTIL_CHARACTERS), end)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= UNTIL_CHARACTERS) return line;
  const cut = line.slice(-UNTIL_CHARACTERS).toWellFormed();
  return cut.slice(cut.indexOf(' ') + 1);
}

/** A mark that the text does not end. */
function freeMark(word: string, text: string): string {
  let mark = word;
  for (let number = 2; new RegExp(`</\\s*${mark}\\b`, 'iu').test(text); number++) mark = `${word}-${number}`;
  return mark;
}

function plainName(name: string): string {
  return name.replace(/["<>\p{Cc}]+/gu, ' ').trim();
}
