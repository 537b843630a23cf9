// Asks one engine process what its backend finds, within a time limit. Whatever the driver does to that process, the
// answer here is a value.
import { AppError } from '#contract/errors.ts';
import type { EngineContract, EngineProbe } from '#contract/engine.ts';
import { createClient, type Client } from '#rpc/client.ts';
import type { StartEngine } from '../inference/side-engine.ts';

export type ProbeOutcome =
  | { state: 'answered'; probe: EngineProbe; client: Client<EngineContract> }
  | { state: 'crashed' | 'timed-out' | 'refused'; error: unknown };

export interface ProbeProcess {
  readonly outcome: ProbeOutcome;
  /** Only one that answered still runs, and can be asked more until it is ended. */
  readonly end: () => void;
}

/** Resolves always; the caller ends the process. `signal` ends it too. */
export async function runProbe(
  start: StartEngine,
  environment: Record<string, string>,
  limitMs: number,
  signal: AbortSignal,
): Promise<ProbeProcess> {
  let end = (): void => {};
  const limit = AbortSignal.timeout(limitMs);
  try {
    signal.throwIfAborted();
    const child = start(environment);
    end = () => {
      signal.removeEventListener('abort', end);
      child.kill();
    };
    signal.addEventListener('abort', end);
    const client = createClient<EngineContract>(child.port, 'engine-stopped');
    const probe = await client.call('engine.probe', undefined, AbortSignal.any([limit, signal]));
    return { outcome: { state: 'answered', probe, client }, end };
  } catch (error) {
    end();
    return { outcome: { state: reason(error, limit), error }, end };
  } finally {
    if (signal.aborted) end();
  }
}

function reason(error: unknown, limit: AbortSignal): 'crashed' | 'timed-out' | 'refused' {
  if (limit.aborted) return 'timed-out';
  return error instanceof AppError && error.code === 'engine-stopped' ? 'crashed' : 'refused';
}
