// How many cores the other programs on this machine keep busy.
import { cpus } from 'node:os';

interface Reading {
  busyMs: number;
  totalMs: number;
  processors: number;
  ownMs: number;
}

export class CpuLoad {
  #last = read();

  /** Cores' worth of work done by others since the last call; 0 when no time has passed. */
  sample(): number {
    const now = read();
    const last = this.#last;
    this.#last = now;
    return otherCores(last, now);
  }
}

/** The busy share of all processors less what this process took, in cores. */
export function otherCores(from: Reading, to: Reading): number {
  const wallMs = (to.totalMs - from.totalMs) / to.processors;
  if (wallMs <= 0) return 0;
  const busy = (to.busyMs - from.busyMs) / wallMs;
  return Math.max(0, busy - (to.ownMs - from.ownMs) / wallMs);
}

function read(): Reading {
  const processors = cpus();
  let busyMs = 0;
  let idleMs = 0;
  for (const { times } of processors) {
    busyMs += times.user + times.nice + times.sys + times.irq;
    idleMs += times.idle;
  }
  const own = process.cpuUsage();
  return {
    busyMs,
    totalMs: busyMs + idleMs,
    processors: Math.max(1, processors.length),
    ownMs: (own.user + own.system) / 1000,
  };
}
