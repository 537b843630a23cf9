// The messages that travel over a port. Shared by serve.ts and client.ts and by nothing else.
import type { WireError } from '#contract/errors.ts';

export type ClientMessage =
  { type: 'call' | 'stream'; id: number; channel: string; input: unknown } | { type: 'cancel'; id: number };

export type ServerMessage =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'event'; id: number; value: unknown }
  | { type: 'end'; id: number }
  | { type: 'error'; id: number; error: WireError };

/** The id of an answer to a message that was too malformed to carry one. */
export const UNKNOWN_ID = -1;

/** Reads a client's message from an untrusted value; null when it is none. */
export function readClientMessage(value: unknown): ClientMessage | null {
  if (typeof value !== 'object' || value === null) return null;
  const { type, id, channel, input } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(id)) return null;
  if (type === 'cancel') return { type, id: id as number };
  if ((type !== 'call' && type !== 'stream') || typeof channel !== 'string') return null;
  return { type, id: id as number, channel, input };
}

/** The id a malformed message claims, so that its sender gets an answer instead of silence. */
export function claimedId(value: unknown): number {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return Number.isSafeInteger(id) ? (id as number) : UNKNOWN_ID;
}
