// Starts llama.cpp once per process, on the backend that the environment names. The library is imported late, so
// that the process answers (and can say what is wrong) before a native binary has been touched.
import './without-binary-test.ts';
import type { Llama } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import { backend as backendSchema, type Backend } from '#contract/common.ts';
import { physicalCores } from '../lib/physical-cores.ts';

type Library = typeof import('node-llama-cpp');

let imported: Promise<Library> | null = null;
let started: Promise<Llama> | null = null;

/** The library itself. */
export function library(): Promise<Library> {
  imported ??= import('node-llama-cpp');
  return imported;
}

/** llama.cpp on the backend of LAPIDARY_BACKEND, or the best one there is. Error: engine-unavailable. */
export function startLlama(): Promise<Llama> {
  started ??= start(process.env.LAPIDARY_BACKEND);
  return started;
}

/** The backend that really runs, which may differ from what "best there is" was hoped to be. */
export function backendOf(llama: Llama): Backend {
  return llama.gpu === false ? 'cpu' : llama.gpu;
}

async function start(wanted: string | undefined): Promise<Llama> {
  const asked = backendSchema.safeParse(wanted);
  const gpu = asked.success ? (asked.data === 'cpu' ? false : asked.data) : 'auto';
  const { getLlama, LlamaLogLevel } = await library();
  const options = {
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    maxThreads: physicalCores(),
  } as const;
  try {
    const llama = await getLlama({ ...options, gpu });
    if (gpu !== 'auto' && llama.gpu !== gpu) throw new Error(`Asked for ${wanted}, got ${llama.gpu}`);
    return llama;
  } catch (cause) {
    started = null;
    throw new AppError('engine-unavailable', `llama.cpp did not start on ${wanted ?? 'any backend'}`, {
      cause,
      details: { backend: wanted ?? 'automatic' },
    });
  }
}
