// Schemas that several domains share.
import { z } from 'zod';
import { ERROR_CODES } from './errors.ts';

/** The input of channels that need none. */
export const nothing = z.void();

export const rowId = z.int().positive();

/** An error kept with a record or sent inside an event; same shape as a WireError without its log text. */
export const failure = z.object({
  code: z.enum(ERROR_CODES),
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Failure = z.output<typeof failure>;

export const backend = z.enum(['cpu', 'metal', 'cuda', 'vulkan']);
export type Backend = z.output<typeof backend>;
