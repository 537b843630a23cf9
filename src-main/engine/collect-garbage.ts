// Gives freed memory back to the system after a model is unloaded, when a person expects to see it again. V8 alone
// would keep the vocabulary's hundreds of megabytes until it needs them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { type: 'minor' }) => void;

let collector: Collect | null = null;

/** Runs a full collection, some tens of milliseconds. */
export function collectGarbage(): void {
  collect()();
}

/**
 * Frees what was made and dropped a moment ago, a millisecond or two. The library makes a sampler for every piece of
 * a prompt, whose list of candidates (3 MB for Gemma's vocabulary) goes only with the garbage, unknown to V8: a long
 * prompt on a slow machine held 800 MB of them.
 */
export function collectRecentGarbage(): void {
  collect()({ type: 'minor' });
}

function collect(): Collect {
  if (collector) return collector;
  setFlagsFromString('--expose-gc');
  collector = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return collector;
}
