import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src-renderer/styles/tokens.css', 'utf8');
const THEMES = ['light', 'dark'] as const;
const TEXT = 4.5;
const CONTROL = 3;

/** `[light, dark]` of every token that is a plain colour in both themes. */
const colours = new Map(
  [...css.slice(0, css.indexOf('@media')).matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name, light, dark]) => [name ?? '', [light ?? '', dark ?? '']] as const,
  ),
);

const grounds = ['paper', 'surface', 'raised', 'ground', 'hover'];
const pairs: [text: string, ground: string, least: number][] = [
  ...grounds.flatMap((ground) => [
    ['ink', ground, TEXT] as [string, string, number],
    ['muted', ground, TEXT] as [string, string, number],
    ['accent', ground, TEXT] as [string, string, number],
    ['error', ground, TEXT] as [string, string, number],
    ['warning', ground, TEXT] as [string, string, number],
    ['control', ground, CONTROL] as [string, string, number],
    ['faint', ground, CONTROL] as [string, string, number],
  ]),
  ['ink', 'selected', TEXT],
  ['muted', 'selected', TEXT],
  ['ink', 'code-ground', TEXT],
  ['muted', 'code-ground', TEXT],
  ['ink', 'error-soft', TEXT],
  ['muted', 'error-soft', TEXT],
  ['accent-ink', 'accent', TEXT],
  ['accent-ink', 'accent-strong', TEXT],
  ['accent', 'accent-soft', TEXT],
  ['ink', 'accent-soft', TEXT],
  ['added', 'added-soft', TEXT],
  ['removed', 'removed-soft', TEXT],
  ['warning', 'warning-soft', TEXT],
  ['error', 'error-soft', TEXT],
  ['error-ink', 'error', TEXT],
];

/** WCAG 2.2, relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// Catches a colour that was adjusted by eye in one theme and can no longer be read in the other.
describe.each(THEMES.map((theme, index) => ({ theme, index })))('$theme theme', ({ index }) => {
  it.each(pairs)('%s on %s has a contrast of at least %s', (text, ground, least) => {
    const [one, other] = [colours.get(text)?.[index], colours.get(ground)?.[index]];
    expect(one, text).toBeDefined();
    expect(other, ground).toBeDefined();
    expect(contrast(one ?? '', other ?? '')).toBeGreaterThanOrEqual(least);
  });
});
