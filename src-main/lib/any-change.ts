// Several things that change, watched as one: for views that are made from all of them.
import { Watchable } from './watchable.ts';

/** Starts at once, then goes on after every change of any source; changes closer together than `pauseMs` are one. */
export async function* anyChange(
  sources: readonly ((signal: AbortSignal) => AsyncIterable<unknown>)[],
  pauseMs: number,
  signal: AbortSignal,
): AsyncGenerator<void, void, void> {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const changes = new Watchable(0);
  const follow = async (source: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of source) changes.set(changes.value + 1);
  };
  for (const source of sources) void follow(source(until));
  try {
    for await (const _ of changes.watch(until)) {
      yield;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } finally {
    ended.abort();
  }
}
