// What the catalogue's list shows for the chosen purpose, filters and order. No state: entries in, groups out.
import type { CatalogueEntry, Purpose, Speed } from '#contract/catalogue.ts';

export const PURPOSES = ['chat', 'reading', 'writing', 'retrieval'] as const satisfies readonly Purpose[];
export const SORT_KEYS = ['newest', 'name', 'size', 'fit', 'speed', 'licence'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Filters {
  query: string;
  /** '' in the three choices: any. */
  family: string;
  language: string;
  licence: string;
  fits: boolean;
  thinking: boolean;
  installed: boolean;
}

export const NO_FILTERS: Filters = {
  query: '',
  family: '',
  language: '',
  licence: '',
  fits: false,
  thinking: false,
  installed: false,
};

/** One model in all its quantizations. */
export interface ModelGroup {
  key: string;
  /** The version that stands for all. */
  shown: CatalogueEntry;
  /** Smallest first. */
  versions: readonly CatalogueEntry[];
}

/** From fits best to does not fit; what nobody knows yet comes last. */
const VERDICTS = { gpu: 0, 'partly-gpu': 1, cpu: 2, 'too-large': 3, unknown: 5 } as const;

/** 0 (on the graphics processor) to 4 (needs more than there is), 5 unknown. */
export function fitRank({ fit }: CatalogueEntry): number {
  const rank = VERDICTS[fit.verdict];
  return fit.verdict === 'too-large' && !fit.fitsWhenFree ? rank + 1 : rank;
}

export function fitsHere(entry: CatalogueEntry): boolean {
  return fitRank(entry) < VERDICTS['too-large'];
}

export function filterEntries(
  entries: readonly CatalogueEntry[],
  purpose: Purpose,
  filters: Filters,
): CatalogueEntry[] {
  const words = filters.query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = `${entry.name} ${entry.quantization} ${entry.source.repository}`.toLocaleLowerCase();
    return (
      entry.purposes.includes(purpose) &&
      words.every((word) => text.includes(word)) &&
      (filters.family === '' || entry.family === filters.family) &&
      (filters.language === '' || speaks(entry, filters.language)) &&
      (filters.licence === '' || entry.licence === filters.licence) &&
      (!filters.fits || fitsHere(entry)) &&
      (!filters.thinking || entry.thinking) &&
      (!filters.installed || entry.modelId !== null)
    );
  });
}

/** Whether it was trained for a language; 'multilingual' stands for more than anyone lists. */
export function speaks({ languages }: CatalogueEntry, language: string): boolean {
  return languages.includes(language) || languages.includes('multilingual');
}

/** Entries of one model together, in the order in which the models first appear. */
export function groupEntries(
  entries: readonly CatalogueEntry[],
  recommendedId: string | null = null,
): ModelGroup[] {
  const groups = Map.groupBy(entries, ({ family, name }) => `${family}/${name}`);
  return [...groups].map(([key, members]) => {
    const versions = members.toSorted((one, other) => one.sizeBytes - other.sizeBytes);
    return { key, versions, shown: representative(versions, recommendedId) };
  });
}

/**
 * What is here or on its way, else the recommended one, else the smallest that fits and is very close to the original,
 * else the closest that fits; where nothing fits, the smallest.
 */
function representative(versions: readonly CatalogueEntry[], recommendedId: string | null): CatalogueEntry {
  const fitting = versions.filter(fitsHere);
  const closest = fitting.toSorted((one, other) => other.fidelity - one.fidelity)[0];
  const found =
    versions.find((entry) => entry.modelId !== null) ??
    versions.find((entry) => entry.downloadId !== null) ??
    versions.find((entry) => entry.id === recommendedId) ??
    fitting.find((entry) => entry.fidelity >= 4) ??
    closest ??
    versions[0];
  if (!found) throw new Error('A group has at least one version');
  return found;
}

type Comparison = (one: CatalogueEntry, other: CatalogueEntry) => number;

const bySize: Comparison = (one, other) => one.sizeBytes - other.sizeBytes;
const byName: Comparison = (one, other) =>
  one.name.localeCompare(other.name, undefined, { numeric: true }) || bySize(one, other);

const COMPARISONS: Record<SortKey, Comparison> = {
  newest: (one, other) => other.releasedAt.localeCompare(one.releasedAt) || bySize(one, other),
  name: byName,
  size: bySize,
  fit: (one, other) => fitRank(one) - fitRank(other) || bySize(one, other),
  speed: (one, other) => tokensPerSecond(other) - tokensPerSecond(one) || bySize(one, other),
  licence: (one, other) => one.licence.localeCompare(other.licence) || byName(one, other),
};

export function sortGroups(groups: readonly ModelGroup[], key: SortKey, reversed = false): ModelGroup[] {
  const compare = COMPARISONS[key];
  const sign = reversed ? -1 : 1;
  return groups.toSorted((one, other) => sign * compare(one.shown, other.shown));
}

/** How fast it writes here; null where it does not fit, or writes nothing because it only finds passages. */
export function writingSpeed({ fit, purposes, speed }: CatalogueEntry): Speed | null {
  const writes = purposes.some((purpose) => purpose !== 'retrieval');
  return writes && fit.verdict !== 'too-large' ? speed : null;
}

function tokensPerSecond(entry: CatalogueEntry): number {
  return writingSpeed(entry)?.tokensPerSecond ?? -1;
}
