// A summary as the window sees it. Of one that is not complete the lines are what was found so far.
import type { Summary, SummaryLine } from '#contract/summaries.ts';
import type { StoredSummary } from '../../database/summary-repository.ts';

export function toSummary({ fingerprint: _fingerprint, draft, ...stored }: StoredSummary): Summary {
  const sections = stored.sections.map(({ facts: _facts, ...section }) => section);
  const lines = stored.state === 'complete' ? stored.lines : (draft?.lines ?? linesSoFar(stored));
  return { ...stored, sections, lines };
}

function linesSoFar({ sections }: Pick<StoredSummary, 'sections'>): SummaryLine[] {
  return sections.flatMap(({ title, facts }): SummaryLine[] => {
    const heading = { kind: 'heading' as const, level: 2, begins: true, text: title, citations: [] };
    const items = facts.map((fact) => ({ kind: 'item' as const, level: 1, begins: true, ...fact }));
    return title !== '' && items.length > 0 ? [heading, ...items] : items;
  });
}
