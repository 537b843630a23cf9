// Words of an interface in another language, so that a word that is not taken from there is noticed.
import type { ExportWords } from '#contract/transfer.ts';

export const GERMAN_WORDS: ExportWords = {
  language: 'de',
  direction: 'ltr',
  locale: 'de-DE',
  question: 'Du',
  answer: 'Antwort',
  thoughts: 'Gedanken',
  attached: 'Angehängt',
  backToText: 'Zurück zum Text',
  untitled: 'Gespräch',
  conversations: 'Lapidary-Gespräche',
};
