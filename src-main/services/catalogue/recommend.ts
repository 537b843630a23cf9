// One clear choice for a purpose among models that were judged. Pure.
import type { Catalogue, CatalogueEntry, Purpose } from '#contract/catalogue.ts';
import { bytesPerToken } from './estimate-speed.ts';

/** About as fast as reading aloud. */
const USABLE_TOKENS_PER_SECOND = 5;
const SLOWEST = 0.5;
/** What stays free for everything else on the machine: this share of what is free, but no more than so much. */
const COMFORT = { share: 0.15, mostBytes: 2 * 1024 ** 3 };
/** Without a known speed: any machine of the last ten years reads this much five times a second. */
const LIGHT_BYTES_PER_TOKEN = 2_500_000_000;
/** Very close to the original; more bits than that cost more than they give. */
const CLOSE = 4;

export interface Candidate {
  entry: CatalogueEntry;
  quality: number;
}

/** Null when nothing fits. Never a model that does not. `unified`: graphics memory is main memory. */
export function recommend(
  candidates: readonly Candidate[],
  purpose: Purpose,
  unified: boolean,
): Catalogue['recommended'] {
  const meant = candidates.filter(({ entry }) => entry.purposes.includes(purpose));
  const bySize = meant.toSorted((one, other) => totalBytes(one) - totalBytes(other) || compare(one, other));
  const fitting = bySize.filter(({ entry }) => fits(entry));
  const comfortable = fitting.filter(({ entry }) => isComfortable(entry, unified));
  const [best] = comfortable.toSorted((one, other) => worth(other) - worth(one) || compare(one, other));
  const chosen = best ?? fitting[0];
  if (!chosen) return null;
  const isLast = !best || (best === bySize[0] && bySize.length > 1);
  return { id: chosen.entry.id, reason: isLast ? 'smallest' : 'best-that-fits' };
}

function totalBytes({ entry }: Candidate): number {
  return entry.fit.need.totalBytes;
}

function fits({ fit }: CatalogueEntry): boolean {
  return fit.verdict === 'gpu' || fit.verdict === 'partly-gpu' || fit.verdict === 'cpu';
}

/** Below the usable speed a model is worth the less, the slower it is; whole tokens, so that files of one stay equal. */
function worth({ entry, quality }: Candidate): number {
  const speed = Math.floor(entry.speed?.tokensPerSecond ?? guessedSpeed(entry));
  return quality * Math.min(1, Math.max(speed, SLOWEST) / USABLE_TOKENS_PER_SECOND);
}

/** Nobody knows: a graphics processor is trusted, a processor with light models only. */
function guessedSpeed(entry: CatalogueEntry): number {
  const trusted = entry.fit.verdict === 'gpu' || bytesPerToken(entry) <= LIGHT_BYTES_PER_TOKEN;
  return trusted ? USABLE_TOKENS_PER_SECOND : SLOWEST;
}

/** The rest of the machine can breathe beside it. */
function isComfortable({ fit }: CatalogueEntry, unified: boolean): boolean {
  if (fit.verdict === 'gpu' && !unified) return true;
  const { freeBytes } = fit.need;
  const free = freeBytes + (unified ? 0 : (fit.freeGpuBytes ?? 0));
  return fit.need.totalBytes <= free - Math.min(free * COMFORT.share, COMFORT.mostBytes);
}

/** The better model first; of one model the smallest file that is very close to it, from whoever needs no account. */
function compare(one: Candidate, other: Candidate): number {
  return (
    other.quality - one.quality ||
    Math.min(other.entry.fidelity, CLOSE) - Math.min(one.entry.fidelity, CLOSE) ||
    Number(one.entry.gated) - Number(other.entry.gated) ||
    one.entry.licence.localeCompare(other.entry.licence) ||
    Number(isPinned(other.entry)) - Number(isPinned(one.entry)) ||
    one.entry.sizeBytes - other.entry.sizeBytes
  );
}

function isPinned({ source }: CatalogueEntry): boolean {
  return source.files.every(({ sha256 }) => sha256 !== null);
}
