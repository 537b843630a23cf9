// Takes a text into the database, in steps of a few milliseconds: the host must answer the window meanwhile.
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { NewDocument } from '../../database/attachment-repository.ts';
import type { TalkDatabase } from '../../database/temporary-database.ts';
import { breakIn } from './text-breaks.ts';

const SHORTEST_PART = 6_000;
const LONGEST_PART = 12_000;

/** Without what a database or a page can't hold, lines ended as everywhere. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').replace(/\r\n?/gu, '\n');
}

/** The id of the document with this text; one that is here already is not kept twice. */
export async function keepDocument(
  { attachments }: Pick<TalkDatabase, 'attachments'>,
  document: Omit<NewDocument, 'characters'>,
  text: string,
): Promise<number> {
  const hash = createHash('sha256').update(`${document.kind}\0${document.name}\0`);
  const parts: string[] = [];
  for (let from = 0; from < text.length;) {
    const to = breakIn(text, from + SHORTEST_PART, from + LONGEST_PART);
    parts.push(text.slice(from, to));
    hash.update(parts.at(-1) ?? '');
    from = to;
    if (parts.length % 16 === 0) await breathe();
  }
  const sha256 = hash.digest('hex');
  const known = attachments.findDocument(sha256);
  if (known !== null) return known;
  const id = attachments.createDocument({ ...document, characters: text.length });
  for (const [place, part] of parts.entries()) {
    attachments.addPart(id, place, part);
    await breathe();
  }
  return attachments.finishDocument(id, sha256);
}
