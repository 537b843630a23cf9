// Plain text: paragraphs where lines are empty. And code, where every character counts.
import type { ReadBlock } from '#contract/reader.ts';
import { code, heading, lines, LONGEST_BLOCK, paragraph, verbatim } from '../blocks.ts';
import type { About, Piece, Source } from '../source.ts';
import { decoded, detectEncoding } from '../text/encoding.ts';

const PART_NAMES =
  'chapter|part|book|act|scene|section|volume|appendix|kapitel|teil|chapitre|partie|capítulo|parte|capitolo|глава|часть';
const COUNTED = '\\d{1,4}|[ivxlcdm]{1,8}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
/** What stands alone and names a part, as books without other marks have it. */
const CHAPTER = new RegExp(
  `^(?:(?:${PART_NAMES}) (?:${COUNTED})(?:(?:[.:—–-]|\\n).{0,80})?|第.{1,8}[章回部节節].{0,40})$`,
  'iu',
);

/** The text of a file, in the encoding it is in; `declared` is what it says of it itself. */
export async function* textOf(
  source: Source,
  about: About,
  declared?: string,
): AsyncGenerator<{ text: string; progress: number }, void, void> {
  const { label, guessed } = await detectEncoding(source, declared);
  if (guessed) about.notes.push({ code: 'encoding-guessed', count: null });
  let held = '';
  for await (const { text, doneBytes } of decoded(source.handle, label)) {
    const whole = held + text;
    // The other half of this line end may be in the next piece.
    held = whole.endsWith('\r') ? '\r' : '';
    yield {
      text: verbatim(held ? whole.slice(0, -1) : whole),
      progress: doneBytes / source.sizeBytes,
    };
  }
}

export async function* readPlainText(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  let open = '';
  let continues = false;
  for await (const { text, progress } of textOf(source, about)) {
    open += text;
    const parts = open.split(/\n[^\S\n]*\n\s*/);
    open = parts.pop() ?? '';
    const blocks = parts.flatMap((part, index) => asBlock(part, continues && index === 0));
    if (parts.length > 0) continues = false;
    // A paragraph that never ends is handed on as it comes.
    if (open.length > LONGEST_BLOCK) {
      const end = Math.max(open.lastIndexOf(' '), open.lastIndexOf('\n')) + 1 || open.length;
      blocks.push(...asBlock(open.slice(0, end), continues, true));
      open = open.slice(end);
      continues = true;
    }
    yield { blocks, progress };
  }
  yield { blocks: asBlock(open, continues), progress: 1 };
}

export async function* readCode(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  let open = '';
  let begun = false;
  for await (const { text, progress } of textOf(source, about)) {
    open += text;
    const end = open.lastIndexOf('\n') + 1 || (open.length > LONGEST_BLOCK ? open.length : 0);
    const blocks = end > 0 ? [code(open.slice(0, end), begun)] : [];
    open = open.slice(end);
    begun ||= end > 0;
    yield { blocks, progress };
  }
  yield { blocks: [code(open, begun)], progress: 1 };
}

function asBlock(text: string, continues: boolean, goesOn = false): ReadBlock[] {
  const clean = lines(text);
  if (clean === '') return [];
  if (!continues && !goesOn && CHAPTER.test(clean)) return [heading(2, clean)];
  // The white space where it was cut belongs to it.
  const after = goesOn && /\s$/.test(text) ? text.slice(-1) : '';
  return [{ ...paragraph(clean + after), continues }];
}
