import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '#contract/errors.ts';
import { settings } from '#contract/settings.ts';
import en from '../../../src-renderer/messages/en.json';
import { errorMessage } from '../../../src-renderer/messages/error-message.ts';
import { formatBytes, formatDuration, formatIsoDate } from '../../../src-renderer/messages/format.ts';
import { t } from '../../../src-renderer/messages/translate.ts';

describe('errors', () => {
  // Catches a code whose words were left empty, or whose sentence shows a placeholder instead of a number.
  it.each(ERROR_CODES)('%s says what happened, what it means and what to do', (code) => {
    const message = errorMessage({ code });
    for (const text of Object.values(message)) {
      expect(text.trim().length).toBeGreaterThan(3);
      expect(text).not.toMatch(/\{\{|undefined|errors\./);
    }
  });

  // Catches words for a code that no longer exists.
  it('has no words for unknown codes', () => {
    expect(Object.keys(en.errors).toSorted()).toEqual([...ERROR_CODES].toSorted());
  });

  // Catches the sentence without numbers where the numbers are known, and a sentence with holes where they are not.
  it('names the numbers when all of them are known', () => {
    const known = {
      code: 'model-too-large' as const,
      details: { neededBytes: 6.1 * 1024 ** 3, freeBytes: 3.9 * 1024 ** 3 },
    };
    expect(errorMessage(known).hint).toContain('needs about 6.1 GB of memory; 3.9 GB is free');
    const large = { code: 'file-too-large' as const, details: { limitBytes: 512 * 1024 ** 2 } };
    expect(errorMessage(large).hint).toContain('The limit is 512 MB.');
    expect(errorMessage({ code: 'model-too-large', details: { freeBytes: 1 } }).hint).toMatch(/^Close other/);
  });
});

describe('sentences', () => {
  // Catches markup escapes in names: i18next escapes by default, Svelte does it already.
  it('shows names as they are', () => {
    expect(t('palette.load', { name: 'A & B <c>' })).toBe('Load A & B <c>');
  });

  it('chooses the plural form', () => {
    expect(t('engine.threads', { count: 1 })).toBe('1 thread');
    expect(t('engine.threads', { count: 4 })).toBe('4 threads');
  });

  // Catches a setting that the page would draw without a name.
  it.each(Object.keys(settings.shape))('setting %s has a label and an explanation', (key) => {
    const words = en.settings[key as keyof typeof settings.shape];
    expect(words.label.length).toBeGreaterThan(2);
    expect(words.hint.length).toBeGreaterThan(10);
  });
});

describe('formats', () => {
  it('writes sizes as systems do', () => {
    expect([0, 1023, 1024, 2_809_920, 6.1 * 1024 ** 3].map(formatBytes)).toEqual([
      '0 bytes',
      '1,023 bytes',
      '1 kB',
      '2.7 MB',
      '6.1 GB',
    ]);
  });

  // Catches "First word after 0 sec".
  it('writes short times in the unit that says something, and long ones in minutes', () => {
    expect([0, 0.3, 38.4, 420, 999.4].map(formatDuration)).toEqual([
      '1 ms',
      '1 ms',
      '38 ms',
      '420 ms',
      '999 ms',
    ]);
    expect([999.6, 1440, 12_000, 200_000].map(formatDuration)).toEqual([
      '1 sec',
      '1.4 sec',
      '12 sec',
      '3 min',
    ]);
  });

  // Catches a date that is a day early west of Greenwich, and a day made up where only the month is known.
  it('writes dates of releases as exactly as they are known', () => {
    expect(formatIsoDate('2026-04-02')).toMatch(/April 2,? 2026|2 April 2026/);
    expect(formatIsoDate('2024-02')).toBe('February 2024');
  });
});
