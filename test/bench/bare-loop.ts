// Starts the baseline process and asks it; also finds the thread count that is best while it is fixed.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { physicalCores } from '../../src-main/lib/physical-cores.ts';

const ENTRY = new URL('bare-process.ts', import.meta.url);

export interface BareSetup {
  model: string;
  threads: number;
  contextSize: number;
}

export interface BareRequest {
  text: string;
  maxTokens: number;
  temperature: number;
  /** Stops early when a token comes after this time. */
  limitMs: number;
}

export interface BareReply {
  tokens: number;
  firstTokenMs: number;
  generationMs: number;
}

export interface BareLoop {
  answer(request: BareRequest): Promise<BareReply>;
  stop(): Promise<void>;
}

/** Loads the model into a fresh process. */
export async function startBareLoop(setup: BareSetup): Promise<BareLoop> {
  const child = fork(ENTRY, [JSON.stringify(setup)], { execArgv: [] });
  await heard(child);
  return {
    async answer(request) {
      child.send(request);
      return (await heard(child)) as BareReply;
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function heard(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`The baseline ended: ${code}`)),
  );
  const [message] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {}); // Later ends are expected: stop() waits for them.
  return message;
}

/** Tokens per second of one answer while it is written, its first token not counted. */
export function writingSpeed({ tokens, generationMs }: BareReply): number {
  return ((tokens - 1) / generationMs) * 1000;
}

export interface FixedThreads {
  threads: number;
  tokensPerSecond: number;
}

/** Tries every thread count up to the physical cores; returns the fastest. */
export async function bestFixedThreads(
  setup: Omit<BareSetup, 'threads'>,
  measure: (loop: BareLoop) => Promise<number>,
): Promise<FixedThreads> {
  let best: FixedThreads = { threads: 1, tokensPerSecond: 0 };
  for (let threads = 1; threads <= physicalCores(); threads = threads < 4 ? threads + 1 : threads * 2) {
    const loop = await startBareLoop({ ...setup, threads });
    const tokensPerSecond = await measure(loop);
    await loop.stop();
    if (tokensPerSecond > best.tokensPerSecond) best = { threads, tokensPerSecond };
  }
  return best;
}
