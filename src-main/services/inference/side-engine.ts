// An engine process beside the one that answers: for looking at or measuring what that one can't be disturbed for.
// It belongs to whoever started it, is never started again by itself, and can crash without anybody else noticing.
import type { Backend } from '#contract/common.ts';
import type { EngineContract, EngineInfo } from '#contract/engine.ts';
import { createClient, type Client } from '#rpc/client.ts';
import type { ChildService } from '../../hosts/host.ts';
import { followHeartbeat } from './engine-heartbeat.ts';
import { environmentFor, START_LIMIT_MS } from './engine-supervisor.ts';

export type StartEngine = (environment: Record<string, string>) => ChildService;

export interface SideEngine {
  readonly info: EngineInfo;
  readonly client: Client<EngineContract>;
  /** Ends the process at once; also after it has ended by itself. */
  end(): void;
}

/**
 * Starts one; ends at once when `signal` aborts. Whoever gets it must end it.
 * @throws AppError engine-unavailable, engine-stopped, cancelled.
 */
export async function startSideEngine(
  start: StartEngine,
  backend: Backend | 'automatic',
  signal: AbortSignal,
): Promise<SideEngine> {
  const child = start(environmentFor(backend));
  const client = createClient<EngineContract>(child.port, 'engine-stopped');
  const end = (): void => {
    signal.removeEventListener('abort', end);
    child.kill();
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
    const info = await client.call('engine.start', undefined, limit);
    void followHeartbeat(client, { hangs: end });
    return { info, client, end };
  } catch (error) {
    end();
    throw error;
  }
}
