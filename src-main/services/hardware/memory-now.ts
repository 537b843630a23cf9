// How much main memory there is and how much of it is free, as a program that wants some would find it.
import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';
import { promisify } from 'node:util';

/** Installed memory, or what a container may use. */
export function totalMemory(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/** Free memory including what the system gives back on demand, in bytes. */
export async function freeMemory(): Promise<number> {
  if (process.platform !== 'darwin') return process.availableMemory();
  try {
    // Node counts only pages that nobody uses, of which macOS keeps few.
    const { stdout } = await promisify(execFile)('/usr/bin/vm_stat', { timeout: 2000 });
    return freeOfVmStat(stdout) ?? process.availableMemory();
  } catch {
    return process.availableMemory();
  }
}

/** Free, inactive, speculative and purgeable pages of `vm_stat`; null when its text is not understood. */
export function freeOfVmStat(text: string): number | null {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1]);
  const kinds = ['free', 'inactive', 'speculative', 'purgeable'];
  const pages = kinds.map((kind) => Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)`, 'm').exec(text)?.[1]));
  const bytes = pageBytes * pages.reduce((sum, count) => sum + count, 0);
  return Number.isFinite(bytes) ? bytes : null;
}
