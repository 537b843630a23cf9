// Places in a prompt that wait for the person's words: `{{language}}`.

const PLACEHOLDER = /\{\{[^{}\n]{1,60}\}\}/gu;

export interface Placeholder {
  start: number;
  end: number;
}

/** The first one at or after `from`, else the first of all; null without any. */
export function nextPlaceholder(text: string, from: number): Placeholder | null {
  const all = [...text.matchAll(PLACEHOLDER)];
  const next = all.find(({ index }) => index >= from) ?? all[0];
  return next ? { start: next.index, end: next.index + next[0].length } : null;
}
