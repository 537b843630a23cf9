// Small sentences about attachments.
import type { Attachment } from '#contract/attachment.ts';
import type { ErrorCode } from '#contract/errors.ts';
import { formatNumber } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';

const LONG_CHARACTERS = 2_000;
const LONG_LINES = 40;
const NAME_CHARACTERS = 40;

/** "12 pages", or "3,400 characters". */
export function sizeWords({ pages, characters }: Pick<Attachment, 'pages' | 'characters'>): string {
  return pages === null ? t('attach.characters', { count: characters }) : t('attach.pages', { count: pages });
}

/** What of it the model is given; null where that is all. */
export function useWords({ use, tokens, givenTokens }: Attachment): string | null {
  if (use === 'whole') return null;
  const counts = { given: formatNumber(givenTokens ?? 0), all: formatNumber(tokens ?? 0) };
  return t(`attach.given.${use}`, counts);
}

/** What reading has left out, as sentences. */
export function noteWords({ notes }: Pick<Attachment, 'notes'>): string[] {
  return notes.map(({ code, count }) => t(`attach.note.${code}`, { count: count ?? 0 }));
}

/** Such a text is better kept apart from the words about it. */
export function isLongPaste(text: string): boolean {
  return text.length > LONG_CHARACTERS || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
}

/** Called after its first words. */
export function pasteName(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/gu, ' ').trim();
  const words = line.slice(0, NAME_CHARACTERS).toWellFormed().replace(/�$/u, '').trim();
  return t('attach.pastedName', { words: words.length < line.length ? `${words}…` : words });
}

/** A password may help. */
export function asksPassword(code: ErrorCode): boolean {
  return code === 'file-encrypted' || code === 'file-password-wrong';
}
