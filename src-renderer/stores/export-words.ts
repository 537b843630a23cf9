// What exported files say besides the conversations, in the words and the dates of the interface.
import type { ExportWords } from '#contract/transfer.ts';
import { formatLocale } from '../messages/format.ts';
import { t } from '../messages/translate.ts';

export function exportWords(): ExportWords {
  const { lang, dir } = document.documentElement;
  return {
    language: lang || 'en',
    direction: dir === 'rtl' ? 'rtl' : 'ltr',
    locale: formatLocale(),
    question: t('transfer.words.question'),
    answer: t('transfer.words.answer'),
    thoughts: t('transfer.words.thoughts'),
    attached: t('transfer.words.attached'),
    backToText: t('transfer.words.backToText'),
    untitled: t('transfer.words.untitled'),
    conversations: t('transfer.words.conversations'),
  };
}
