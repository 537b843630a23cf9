// The part of a conversation that a note is made of, in pieces that the model can read one after the other. Whole pairs
// of question and answer stay together as long as one fits; nothing is left out.
import type { Turn } from '#contract/engine.ts';
import { turnForNote } from './note-text.ts';

/** A question and what was answered. */
export interface Section {
  text: string;
  /** The last message of it. */
  lastId: number;
}

export interface Piece {
  text: string;
  /** The last message up to which all is read with this piece; null: its section goes on in the next one. */
  lastId: number | null;
  rest: Section[];
}

/** `lastIds` are the last messages of the turns. */
export function sectionsOf(turns: readonly Turn[], lastIds: readonly number[]): Section[] {
  const sections: Section[] = [];
  turns.forEach((turn, index) => {
    const lastId = lastIds[index] ?? 0;
    const last = sections.at(-1);
    if (last && turn.role === 'answer')
      Object.assign(last, { text: `${last.text}\n\n${turnForNote(turn)}`, lastId });
    else sections.push({ text: turnForNote(turn), lastId });
  });
  return sections;
}

/** As many whole sections as fit into `limit` characters; of one that is longer alone, its beginning. */
export function nextPiece(sections: readonly Section[], limit: number): Piece {
  const texts: string[] = [];
  let length = 0;
  let taken = 0;
  for (; taken < sections.length; taken++) {
    const { text = '' } = sections[taken] ?? {};
    length += text.length + 2;
    if (length - 2 > limit) break;
    texts.push(text);
  }
  if (taken > 0) {
    return {
      text: texts.join('\n\n'),
      lastId: sections[taken - 1]?.lastId ?? null,
      rest: sections.slice(taken),
    };
  }
  const [{ text, lastId } = { text: '', lastId: 0 }, ...others] = sections;
  const end = cutAt(text, limit);
  return { text: text.slice(0, end), lastId: null, rest: [{ text: text.slice(end), lastId }, ...others] };
}

/** Behind white space where there is some, never between the halves of a character. */
function cutAt(text: string, limit: number): number {
  const space = Math.max(text.lastIndexOf(' ', limit - 1), text.lastIndexOf('\n', limit - 1)) + 1;
  if (space > limit / 2) return space;
  const low = text.charCodeAt(limit);
  return low >= 0xdc00 && low <= 0xdfff && limit > 1 ? limit - 1 : limit;
}
