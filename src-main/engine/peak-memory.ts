// The most memory that this process has held, and what it holds on the graphics processor.
import { readFile } from 'node:fs/promises';
import type { Llama } from 'node-llama-cpp';

const KIBIBYTE = 1024;

/** Bytes in use on the graphics processor, by whomever; a difference of two readings is what came between. */
export async function graphicsMemoryUsed(llama: Llama): Promise<number> {
  return llama.gpu === false ? 0 : (await llama.getVramState()).used;
}

/**
 * Bytes at the peak: resident memory, and beside it `graphicsBytes` on a graphics processor with memory of its own.
 * Where the memory is shared, the larger of both, since what is mapped for the one may count for the other too.
 */
export async function peakMemory(llama: Llama, graphicsBytes: number): Promise<number> {
  const resident = await peakResident();
  if (llama.gpu === false) return resident;
  const { unifiedSize } = await llama.getVramState();
  return unifiedSize > 0 ? Math.max(resident, graphicsBytes) : resident + graphicsBytes;
}

/** Linux counts the parent's peak into `maxRSS` of a forked process, but keeps VmHWM for each program. */
async function peakResident(): Promise<number> {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * KIBIBYTE;
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return peak === undefined ? process.memoryUsage.rss() : Number(peak) * KIBIBYTE;
}
