// Numbers, sizes and times as the person's own locale writes them.
let locale = 'en';

/** BCP 47 tag for all formats from now on. */
export function setFormatLocale(tag: string): void {
  locale = tag;
}

/** BCP 47 tag of all formats. */
export function formatLocale(): string {
  return locale;
}

/** Making a format costs far more than using it, and a long table uses the same few again and again. */
const formats = new Map<string, Intl.NumberFormat>();

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format.format(value);
}

/** "German" for 'de'; the code itself where the system has no name for it. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code;
}

/** Binary sizes in the units people know: "6.1 GB" (1 GB = 1024 MB), as systems show memory. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = bytes / 1024 ** power;
  return formatNumber(value, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 100 && power > 0 ? 1 : 0,
  });
}

/** A share from 0 to 1: "42%". */
export function formatPercent(share: number): string {
  return formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });
}

/** "4.3 B", "270 M": how the makers of models count parameters. */
export function formatCount(value: number): string {
  return formatNumber(value, { notation: 'compact', maximumSignificantDigits: 3 });
}

/** `ms` since the epoch: "3 May 2026, 14:05". */
export function formatDateTime(ms: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(ms);
}

/** `ms` since the epoch: "3 May 2026". */
export function formatDate(ms: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(ms);
}

/** An ISO date or only its month, the same day wherever one is: "2 April 2026", "February 2024". */
export function formatIsoDate(iso: string): string {
  const day = iso.length > 'YYYY-MM'.length ? ({ day: 'numeric' } as const) : {};
  const parts = { ...day, month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, parts).format(Date.parse(iso));
}

/** A length of time in milliseconds: "420 ms", "1.4 sec", "12 sec", "3 min". Nothing takes no time at all. */
export function formatDuration(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  const seconds = ms / 1000;
  if (whole < 1000) {
    return formatNumber(whole, { style: 'unit', unit: 'millisecond', unitDisplay: 'short' });
  }
  const [value, unit] = seconds < 100 ? [seconds, 'second'] : [seconds / 60, 'minute'];
  return formatNumber(value, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && unit === 'second' ? 1 : 0,
  });
}

/** `ms` since the epoch: "May 2026". */
export function formatMonth(ms: number): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }).format(ms);
}

/** Tokens per second: "9.3", "31", "1,380". */
export function formatRate(perSecond: number): string {
  return formatNumber(perSecond, { maximumFractionDigits: perSecond < 10 ? 1 : 0 });
}

/** Names in a row: "CPU and GPU (Vulkan)". */
export function formatList(names: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

const DAY_MS = 86_400_000;

/** `ms` since the epoch, as one says it within a week: "today", "yesterday", "3 days ago"; the date before that. */
export function formatDay(ms: number, now = Date.now()): string {
  const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now) - midnight(ms)) / DAY_MS);
  if (days > 6 || days < 0) return formatDate(ms);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
}
