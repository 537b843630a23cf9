// Columns that hold JSON. A value that can't be read is null: it must never take its row with it.
import type { z } from 'zod';

export function writeJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** The parsed value, or null when it is absent, no JSON, or not of this shape. */
export function readJson<T extends z.ZodType>(schema: T, text: string | null): z.output<T> | null {
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // Not JSON: see above.
  }
}
