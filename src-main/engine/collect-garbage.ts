// Gives freed memory back to the system after a model is unloaded, when a person expects to see it again. V8 alone
// would keep the vocabulary's hundreds of megabytes until it needs them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Runs a full collection, some tens of milliseconds. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
}
