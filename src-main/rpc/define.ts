// The two verbs of every contract. A contract is a plain object of channels; types of both sides derive from it.
// Knows no Electron and no domain.
import type { z } from 'zod';

export interface CallChannel<Input extends z.ZodType, Output extends z.ZodType> {
  readonly verb: 'call';
  readonly input: Input;
  readonly output: Output;
}

export interface StreamChannel<Input extends z.ZodType, Event extends z.ZodType> {
  readonly verb: 'stream';
  readonly input: Input;
  readonly event: Event;
}

type Channel = CallChannel<z.ZodType, z.ZodType> | StreamChannel<z.ZodType, z.ZodType>;
export type AnyContract = Record<string, Channel>;

/** A question with one answer. */
export function call<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): CallChannel<Input, Output> {
  return { verb: 'call', input, output };
}

/** A question with many answers: the events of a task, or a value that keeps changing. */
export function stream<Input extends z.ZodType, Event extends z.ZodType>(
  input: Input,
  event: Event,
): StreamChannel<Input, Event> {
  return { verb: 'stream', input, event };
}

export type CallName<C extends AnyContract> = {
  [K in keyof C & string]: C[K]['verb'] extends 'call' ? K : never;
}[keyof C & string];

export type StreamName<C extends AnyContract> = {
  [K in keyof C & string]: C[K]['verb'] extends 'stream' ? K : never;
}[keyof C & string];

/** What a client passes in: before defaults are filled in by the receiving side. */
export type InputOf<C extends AnyContract, K extends keyof C> = z.input<C[K]['input']>;
/** What a handler receives: after parsing. */
export type ParsedInputOf<C extends AnyContract, K extends keyof C> = z.output<C[K]['input']>;
export type OutputOf<C extends AnyContract, K extends keyof C> =
  C[K] extends CallChannel<z.ZodType, infer Output> ? z.output<Output> : never;
export type EventOf<C extends AnyContract, K extends keyof C> =
  C[K] extends StreamChannel<z.ZodType, infer Event> ? z.output<Event> : never;

/** One handler per channel: a missing or an extra one does not compile. */
export type Handlers<C extends AnyContract> = {
  [K in CallName<C>]: (
    input: ParsedInputOf<C, K>,
    signal: AbortSignal,
  ) => OutputOf<C, K> | Promise<OutputOf<C, K>>;
} & {
  [K in StreamName<C>]: (input: ParsedInputOf<C, K>, signal: AbortSignal) => AsyncIterable<EventOf<C, K>>;
};
