// Finds out about one backend: asks a process, then looks for the reason when it had nothing to tell.
import type { Backend } from '#contract/common.ts';
import type { EngineContract, EngineProbe } from '#contract/engine.ts';
import type { Gpu } from '#contract/hardware.ts';
import type { Client } from '#rpc/client.ts';
import type { FoundBackend } from './detection.ts';
import type { StartEngine } from '../inference/side-engine.ts';
import { findAbsent, findMissing } from './find-missing.ts';
import { isNamed, showOnly, withOwnNames, type FoundGpu } from './gpu-choice.ts';
import type { Look } from './look.ts';
import { runProbe, type ProbeProcess } from './run-probe.ts';

/** Vulkan's own list may begin with devices that llama.cpp leaves out, such as a processor that plays GPU. */
const UNLISTED_DEVICES = 2;

export interface DetectOptions {
  start: StartEngine;
  /** Resolves when the next process may be started. */
  turnToStart: () => Promise<void>;
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
  process: { client: Client<EngineContract>; end: () => void } | null;
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
  const shown = known.filter((gpu) => !gpu.excluded);
  const kept = shown.length < known.length ? shown.map((gpu) => gpu.index) : null;
  if (kept?.length === 0) return works(backend, known.map(asFound));
  const process = await ask(backend, kept, options);
  const { outcome } = process;
  if (outcome.state === 'answered') {
    const listed = await listDevices(backend, outcome.probe, { known, kept, options });
    if (listed) return { ...listed, process: { client: outcome.client, end: process.end } };
    process.end();
  } else options.note(`Backend ${backend} ${outcome.state}: ${String(outcome.error)}`);
  // What is known stays known, so that the next check leaves alone what this one has.
  if (outcome.state === 'crashed' || outcome.state === 'timed-out')
    return nothing(backend, { problem: outcome.state, gpus: known.map(asFound) });
  // Perhaps only because a device that was hidden or kept is no longer where it was.
  if (kept) return askAndExplain(backend, [], options);
  const none = outcome.state === 'answered' ? 'no-device' : null;
  const missing = (await findMissing(backend, options.look)) ?? none;
  return nothing(backend, missing ? { missing } : { problem: 'refused' });
}

async function ask(
  backend: Backend,
  indexes: readonly number[] | null,
  options: DetectOptions,
): Promise<ProbeProcess> {
  const { start, turnToStart, look, limitMs, signal } = options;
  const shown = indexes ? showOnly(backend, indexes, look.environment) : {};
  await turnToStart();
  return runProbe(start, { LAPIDARY_BACKEND: backend, ...shown }, limitMs, signal);
}

interface Shown {
  known: readonly Gpu[];
  /** Indexes of the devices that the process was shown; null: all. */
  kept: readonly number[] | null;
  options: DetectOptions;
}

/** Null when there is no device, or another one than the person left in use. */
async function listDevices(
  backend: Backend,
  probe: EngineProbe,
  { known, kept, options }: Shown,
): Promise<Detected | null> {
  if (backend !== 'cpu' && probe.gpuNames.length === 0) return null;
  const seen =
    probe.gpuNames.length > 1
      ? await askEach(backend, probe.gpuNames, kept, options)
      : probe.gpuNames.map((name) => describeGpu(name, kept?.[0] ?? 0, probe));
  const { instructionSets } = probe;
  if (!kept) return { ...works(backend, withOwnNames(seen)), instructionSets };
  const named = seen.flatMap((gpu) => {
    const before = known.find(({ name, index }) => index === gpu.index && isNamed(name, gpu.name));
    return before ? { ...gpu, name: before.name } : [];
  });
  if (named.length < seen.length) return null;
  const gpus = [...named, ...known.filter((gpu) => gpu.excluded).map(asFound)];
  return { ...works(backend, gpus), instructionSets };
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
  const numbered = kept ?? numbers(0, names.length);
  await askThese(numbered);
  if (left.length > 0 && !kept) await askThese(numbers(names.length, names.length + UNLISTED_DEVICES));
  // Numbers that exist for those that can't be asked: one too high would cost the whole backend.
  const free = numbered.filter((index) => !gpus.some((gpu) => gpu.index === index));
  const unasked = left.map((name, place) => ({ ...UNKNOWN, name, index: free[place] ?? 0 }));
  return [...gpus, ...unasked].toSorted((a, b) => a.index - b.index);
}

const UNKNOWN = { totalMemoryBytes: null, freeMemoryBytes: null, integrated: false };

async function askAlone(backend: Backend, index: number, options: DetectOptions): Promise<FoundGpu | null> {
  const { outcome, end } = await ask(backend, [index], options);
  end();
  if (outcome.state !== 'answered') return null;
  const [name] = outcome.probe.gpuNames;
  return name ? describeGpu(name, index, outcome.probe) : null;
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

function works(backend: Backend, gpus: FoundGpu[]): Detected {
  const sorted = gpus.toSorted((a, b) => a.index - b.index);
  return conclude(backend, 'working', { gpus: sorted });
}

type Why = Partial<Pick<FoundBackend, 'missing' | 'problem' | 'gpus'>>;

function nothing(backend: Backend, why: Why): Detected {
  return conclude(backend, why.problem ? 'failed' : 'missing', why);
}

function conclude(backend: Backend, state: FoundBackend['state'], why: Why): Detected {
  const { missing = null, problem = null, gpus = [] } = why;
  const found: FoundBackend = { backend, state, missing, problem, gpus, detectionMs: null };
  return { found, instructionSets: [], process: null };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
