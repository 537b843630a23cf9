// How long the bin keeps something at least.
const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;

/** Whole days from now, 0 to 30; both times in milliseconds since 1970. */
export function daysLeft(deletedAt: number, now: number): number {
  const left = Math.ceil((deletedAt + KEPT_DAYS * DAY_MS - now) / DAY_MS);
  return Math.min(KEPT_DAYS, Math.max(0, left));
}
