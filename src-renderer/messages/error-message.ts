// From an error's code to words. The table is typed over the closed list: a code without words does not compile.
import { AppError, type ErrorCode, type ErrorDetails } from '#contract/errors.ts';
import en from './en.json';
import { isMessageKey, t } from './translate.ts';

interface ErrorWords {
  title: string;
  /** What it means for the person's work. */
  hint: string;
  /** The hint with numbers or names in it, used when all of them are known. */
  detail?: string;
  /** The next step, as a button says it. */
  action: string;
}

const words: Record<ErrorCode, ErrorWords> = en.errors;

/** What the interface shows of a failure: an AppError, a WireError and a stored failure all fit. */
export interface ShownFailure {
  code: ErrorCode;
  details?: ErrorDetails | undefined;
}

/** Any thrown value as something that can be shown. */
export function asFailure(error: unknown): ShownFailure {
  return error instanceof AppError ? { code: error.code, details: error.details } : { code: 'internal' };
}

/** Title, hint and next step in the person's language. */
export function errorMessage(failure: ShownFailure): { title: string; hint: string; action: string } {
  const details = failure.details ?? {};
  const names = [...(words[failure.code].detail ?? '').matchAll(/\{\{(\w+)/g)].map((match) => match[1] ?? '');
  const known = names.length > 0 && names.every((name) => name in details);
  const detailKey = `errors.${failure.code}.detail`;
  return {
    title: t(`errors.${failure.code}.title`),
    hint: known && isMessageKey(detailKey) ? t(detailKey, details) : t(`errors.${failure.code}.hint`),
    action: t(`errors.${failure.code}.action`),
  };
}
