// Where the texts say what a summary says, for its lines and for the facts on the way to them.
import { setImmediate } from 'node:timers/promises';
import type { SummaryLine } from '#contract/summaries.ts';
import type { Fact } from '../../database/summary-repository.ts';
import { SupportIndex } from '../documents/support/support-index.ts';
import type { ParsedLine } from './parse-lines.ts';
import type { SourcePassage } from './source-texts.ts';

/** Passages taken in, and lines looked for, before others get their turn on this thread: about 2 ms. */
const STEP_PASSAGES = 3;
const STEP_LINES = 3;

/** `language` is that of the passages. */
export async function indexSupport(
  passages: readonly SourcePassage[],
  language: string | null,
): Promise<SupportIndex> {
  const index = new SupportIndex(language);
  for (const [at, passage] of passages.entries()) {
    index.add(passage);
    if (at % STEP_PASSAGES === STEP_PASSAGES - 1) await setImmediate();
  }
  return index;
}

/** Each line with its places; of headings and of what is not in the text there are none. */
export async function citeLines(lines: readonly ParsedLine[], index: SupportIndex): Promise<SummaryLine[]> {
  const cited: SummaryLine[] = [];
  for (const line of lines) {
    cited.push({ ...line, citations: line.kind === 'heading' ? [] : index.find(line.text).citations });
    if (cited.length % STEP_LINES === 0) await setImmediate();
  }
  return cited;
}

/** Only what the text says. */
export async function supportedFacts(lines: readonly ParsedLine[], index: SupportIndex): Promise<Fact[]> {
  const cited = await citeLines(lines, index);
  return cited.flatMap(({ text, citations }) => (citations.length > 0 ? [{ text, citations }] : []));
}
