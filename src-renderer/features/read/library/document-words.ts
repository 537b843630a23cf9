// What the list and the page say of a document in a line.
import type { Document } from '#contract/documents.ts';
import { errorMessage } from '../../../messages/error-message.ts';
import { languageName } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';

/** What it is doing, or what is wrong with it, or how long it is. */
export function documentNote(document: Document): string {
  const { state, progress, failure, fileState, pages, words } = document;
  if (state === 'waiting') return t('read.state.waiting');
  if (state === 'reading') return t('read.state.reading', { percent: Math.round((progress ?? 0) * 100) });
  if (state === 'failed') return failure ? errorMessage(failure).title : t('read.state.failed');
  if (fileState !== 'same') return t(`read.file.${fileState}`);
  return pages === null ? t('read.words', { count: words }) : t('read.pages', { count: pages });
}

/** Pages, words and language of one that was read. */
export function documentFacts({ pages, words, language, format }: Document): string {
  const facts = [
    format && t(`read.format.${format}`),
    pages !== null && t('read.pages', { count: pages }),
    t('read.words', { count: words }),
    language && languageName(language),
  ];
  return facts.filter(Boolean).join(' · ');
}
