// What the page and its checker say to each other.
import type { Lint } from './mark.ts';

export const DIALECTS = ['American', 'British', 'Australian', 'Canadian', 'Indian'] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface LintRequest {
  id: number;
  text: string;
  dialect: Dialect;
}

export type LintAnswer = { id: number; lints: readonly Lint[] } | { id: number; failure: string };
