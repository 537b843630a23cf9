// Notices that a living engine process no longer answers: a driver that hangs must not cost the app.
import type { EngineContract, Heartbeat } from '#contract/engine.ts';
import type { Client } from '#rpc/client.ts';

/** One-second ticks without a heartbeat after which a living process counts as hung. */
const HUNG_AFTER_TICKS = 20;

interface Told {
  beat?(heartbeat: Heartbeat): void;
  hangs(): void;
}

/** Follows the heartbeat until the process is gone. `hangs` is told after 20 s of silence, and must end it. */
export async function followHeartbeat(client: Client<EngineContract>, told: Told): Promise<void> {
  let silentTicks = 0;
  // Ticks, not clock time: neither a sleeping machine nor a changed clock may look like a hung engine.
  const ticking = setInterval(() => {
    if (++silentTicks >= HUNG_AFTER_TICKS) told.hangs();
  }, 1000);
  ticking.unref();
  try {
    for await (const heartbeat of client.stream('engine.heartbeat', undefined)) {
      silentTicks = 0;
      told.beat?.(heartbeat);
    }
  } catch {
    // The process is gone; whoever started it deals with that.
  } finally {
    clearInterval(ticking);
  }
}
