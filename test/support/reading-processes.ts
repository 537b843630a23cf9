// A reading service with real processes that a test can look into and kill.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forkChild } from '../../src-main/hosts/browser/fork-child.ts';
import { readerStart } from '../../src-main/hosts/child-environment.ts';
import type { ChildService } from '../../src-main/hosts/host.ts';
import type { Log } from '../../src-main/lib/log.ts';
import { ReadingService, type ReadingLimits } from '../../src-main/services/reading/reading-service.ts';

const FROM_SOURCES = new URL('../../src-main/reader/main.ts', import.meta.url);

export interface ReadingProcesses {
  service: ReadingService;
  /** Every process so far, the newest last. */
  children: ChildService[];
  /** Puts a file where the service can read it. */
  file(name: string, data: string | Uint8Array): { path: string; name: string };
  /** Everything in the log, with what the processes printed. */
  logged(): string;
  close(): void;
}

export function startReading(
  limits: Partial<ReadingLimits> = {},
  entry: URL = FROM_SOURCES,
): ReadingProcesses {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-reading-'));
  const children: ChildService[] = [];
  const lines: string[] = [];
  const log: Log = { info: (line) => void lines.push(line), error: () => '', flush: async () => {} };
  const start = (): ChildService => {
    const child = forkChild({ ...readerStart(), entry: fileURLToPath(entry) }, log);
    children.push(child);
    return child;
  };
  const service = new ReadingService({ start, log, limits });
  return {
    service,
    children,
    logged: () => lines.join('\n'),
    file(name, data) {
      const path = join(folder, name);
      writeFileSync(path, data);
      return { path, name };
    },
    close() {
      service.close();
      rmSync(folder, { recursive: true, maxRetries: 5 });
    },
  };
}

/** The native parts of packages that a process has in its memory; null where the system does not tell. */
export function nativeParts(pid: number): string[] | null {
  if (process.platform !== 'linux') return null;
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return [...new Set(lines.filter((line) => line.endsWith('.node')))];
}

/** The most memory a process has had, in bytes; null where the system does not tell. */
export function peakBytes(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
