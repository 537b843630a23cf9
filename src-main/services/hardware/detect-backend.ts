// Finds out about one backend: asks a process, then looks for the reason when it had nothing to tell.
import type { Backend } from '#contract/common.ts';
import type { EngineProbe } from '#contract/engine.ts';
import type { Gpu } from '#contract/hardware.ts';
import type { FoundBackend } from './detection.ts';
import { findAbsent, findMissing } from './find-missing.ts';
import { showOnly, withOwnNames, type FoundGpu } from './gpu-choice.ts';
import type { Look } from './look.ts';
import { runProbe, type ProbeProcess, type StartEngine } from './run-probe.ts';

/** Vulkan's own list may begin with devices that llama.cpp leaves out, such as a processor that plays GPU. */
const UNLISTED_DEVICES = 2;

export interface DetectOptions {
  start: StartEngine;
  look: Look;
  /** For each process. */
  limitMs: number;
  signal: AbortSignal;
  note: (message: string) => void;
}

export interface Detected {
  found: FoundBackend;
  instructionSets: string[];
  /** Still running when the backend works; the caller ends it. */
  process: ProbeProcess | null;
}

/** `known`: the graphics processors of the last detection; excluded ones among them are not touched. Never rejects. */
export async function detectBackend(
  backend: Backend,
  known: readonly Gpu[],
  options: DetectOptions,
): Promise<Detected> {
  const start = performance.now();
  const absent = findAbsent(backend, options.look);
  const result = absent
    ? nothing(backend, { missing: absent })
    : await askAndExplain(backend, known, options);
  return { ...result, found: { ...result.found, detectionMs: Math.round(performance.now() - start) } };
}

async function askAndExplain(
  backend: Backend,
  known: readonly Gpu[],
  options: DetectOptions,
): Promise<Detected> {
  const hidden = known.filter((gpu) => gpu.excluded);
  const kept = hidden.length > 0 ? known.filter((gpu) => !gpu.excluded).map((gpu) => gpu.index) : null;
  const process = await ask(backend, kept, options);
  const { outcome } = process;
  if (outcome.state === 'answered')
    return listDevices(backend, process, outcome.probe, { hidden, kept, options });
  // Perhaps only because a device that was hidden or kept is no longer there.
  if (outcome.state === 'refused' && kept) return askAndExplain(backend, [], options);
  options.note(`Backend ${backend} ${outcome.state}: ${String(outcome.error)}`);
  if (outcome.state !== 'refused') return nothing(backend, { problem: outcome.state });
  const missing = await findMissing(backend, options.look);
  return nothing(backend, missing ? { missing } : { problem: 'refused' });
}

function ask(
  backend: Backend,
  indexes: readonly number[] | null,
  options: DetectOptions,
): Promise<ProbeProcess> {
  const { start, look, limitMs, signal } = options;
  const shown = indexes ? showOnly(backend, indexes, look.environment) : {};
  return runProbe(start, { LAPIDARY_BACKEND: backend, ...shown }, limitMs, signal);
}

interface Shown {
  hidden: readonly Gpu[];
  /** Indexes of the devices that the process was shown; null: all. */
  kept: readonly number[] | null;
  options: DetectOptions;
}

async function listDevices(
  backend: Backend,
  process: ProbeProcess,
  probe: EngineProbe,
  { hidden, kept, options }: Shown,
): Promise<Detected> {
  if (backend !== 'cpu' && probe.gpuNames.length === 0 && hidden.length === 0) {
    process.end();
    return nothing(backend, { missing: (await findMissing(backend, options.look)) ?? 'no-device' });
  }
  const seen =
    probe.gpuNames.length > 1
      ? await askEach(backend, probe.gpuNames, kept, options)
      : probe.gpuNames.map((name) => describeGpu(name, kept?.[0] ?? 0, probe));
  const untouched = hidden.map(asFound);
  const gpus = [...withOwnNames(seen), ...untouched].toSorted((a, b) => a.index - b.index);
  const found = { backend, state: 'working' as const, missing: null, problem: null, gpus, detectionMs: null };
  return { found, instructionSets: probe.instructionSets, process };
}

/** Of several devices llama.cpp tells only the sum of their memory, so each is shown to a process of its own. */
async function askEach(
  backend: Backend,
  names: readonly string[],
  kept: readonly number[] | null,
  options: DetectOptions,
): Promise<FoundGpu[]> {
  const left = [...names];
  const gpus: FoundGpu[] = [];
  const askThese = async (indexes: readonly number[]): Promise<void> => {
    const alone = await Promise.all(indexes.map((index) => askAlone(backend, index, options)));
    for (const gpu of alone.flatMap((found) => found ?? [])) {
      const place = left.indexOf(gpu.name);
      if (place < 0) continue;
      left.splice(place, 1);
      gpus.push(gpu);
    }
  };
  const count = names.length;
  await askThese(kept ?? numbers(0, count));
  if (left.length > 0 && !kept) await askThese(numbers(count, count + UNLISTED_DEVICES));
  const unasked = left.map((name, place) => ({ ...UNKNOWN, name, index: count + UNLISTED_DEVICES + place }));
  return [...gpus, ...unasked];
}

const UNKNOWN = { totalMemoryBytes: null, freeMemoryBytes: null, integrated: false };

async function askAlone(backend: Backend, index: number, options: DetectOptions): Promise<FoundGpu | null> {
  const { outcome, end } = await ask(backend, [index], options);
  end();
  const name = outcome.state === 'answered' ? outcome.probe.gpuNames[0] : undefined;
  return outcome.state === 'answered' && name ? describeGpu(name, index, outcome.probe) : null;
}

/** Without what the person wants of it. */
function asFound({ name, index, totalMemoryBytes, freeMemoryBytes, integrated }: Gpu): FoundGpu {
  return { name, index, totalMemoryBytes, freeMemoryBytes, integrated };
}

/** One device, told by a process that sees no other. */
function describeGpu(name: string, index: number, probe: EngineProbe): FoundGpu {
  const { totalMemoryBytes, freeMemoryBytes, unifiedMemoryBytes } = probe;
  return { name, index, totalMemoryBytes, freeMemoryBytes, integrated: unifiedMemoryBytes > 0 };
}

function nothing(backend: Backend, why: Partial<Pick<FoundBackend, 'missing' | 'problem'>>): Detected {
  const { missing = null, problem = null } = why;
  const state = problem ? 'failed' : 'missing';
  const found: FoundBackend = { backend, state, missing, problem, gpus: [], detectionMs: null };
  return { found, instructionSets: [], process: null };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
