// How many cores can really compute at the same time. Two hardware threads of one core share its arithmetic, and
// llama.cpp's threads wait for each other by spinning: one thread too many makes everything slow.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

let found: number | null = null;

/** Physical cores this process may use, at least 1. On Apple chips the performance cores only. */
export function physicalCores(): number {
  found ??= Math.max(1, Math.min(detect(process.platform), availableParallelism()));
  return found;
}

function detect(platform: NodeJS.Platform): number {
  try {
    if (platform === 'linux') return coresOfCpuInfo(readFileSync('/proc/cpuinfo', 'utf8'));
    if (platform === 'darwin') return coresOfMac();
  } catch {
    // Neither file nor command: the estimate below is always there.
  }
  return estimateCores(availableParallelism());
}

/** Distinct pairs of package and core in the text of /proc/cpuinfo; the logical count where it names none. */
export function coresOfCpuInfo(text: string): number {
  const cores = new Set<string>();
  let logical = 0;
  for (const entry of text.split(/\n\s*\n/)) {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}\\s*:\\s*(\\d+)`, 'm').exec(entry)?.[1];
    if (field('processor') === undefined) continue;
    logical += 1;
    cores.add(`${field('physical id') ?? 0}:${field('core id') ?? `logical ${logical}`}`);
  }
  if (logical === 0) throw new Error('No processor listed');
  return cores.size;
}

/** Where nothing says more: most machines with more than two logical processors have two of them per core. */
export function estimateCores(logical: number): number {
  return logical > 2 ? Math.ceil(logical / 2) : logical;
}

function coresOfMac(): number {
  const read = (name: string): number =>
    Number(
      execFileSync('/usr/sbin/sysctl', ['-n', name], { encoding: 'utf8', timeout: 2000, stdio: 'pipe' }),
    );
  try {
    return read('hw.perflevel0.physicalcpu');
  } catch {
    return read('hw.physicalcpu'); // Intel Macs have one kind of core.
  }
}
