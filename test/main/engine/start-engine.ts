// Starts the real engine process for a test, and ends it with the test.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EngineContract, EngineEvent, GenerateInput, LoadedModel, Turn } from '#contract/engine.ts';
import { portToChild } from '#rpc/child-process-port.ts';
import { createClient, type Client } from '#rpc/client.ts';

export const ENTRY = resolve('src-main/engine/main.ts');
export const DEMO_MODEL = resolve('resources/demo-model/tiny-gemma-chat-q8_0.gguf');
export const STRICT_MODEL = resolve('test/fixtures/tiny-gemma-chat-strict-f16.gguf');

export const RECOMMENDED = {
  temperature: null,
  topK: null,
  topP: null,
  minP: null,
  repeatPenalty: null,
  seed: null,
};

/** Conversations that the demo model answers exactly so: lists of question and answer. */
export const RELIABLE = JSON.parse(readFileSync('test/fixtures/reliable-prompts.json', 'utf8')) as [
  question: string,
  answer: string,
][][];

export interface TestEngine {
  client: Client<EngineContract>;
  child: ChildProcess;
  /** What it wrote to stderr so far. */
  errors(): string;
}

const running = new Set<ChildProcess>();
const folders: string[] = [];

/** `execArgv`: extra arguments of Node, such as a module to import first. */
export function startEngine(execArgv: string[] = []): TestEngine {
  const child = fork(ENTRY, [], {
    execArgv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, LAPIDARY_BACKEND: 'cpu' },
  });
  running.add(child);
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  return { client: createClient(portToChild(child), 'engine-stopped'), child, errors: () => errors };
}

/** Ends every engine and removes every folder of this file's tests. */
export function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-engine-'));
  folders.push(folder);
  return folder;
}

/** Loads a model and returns its description. */
export async function load(
  { client }: TestEngine,
  path = DEMO_MODEL,
  contextSize: number | null = null,
): Promise<LoadedModel> {
  for await (const event of client.stream('engine.load', { path, contextSize, threads: null })) {
    if (event.type === 'loaded') return event.model;
  }
  throw new Error('The stream ended without a model');
}

export interface Answer {
  text: string;
  events: EngineEvent[];
  done: Extract<EngineEvent, { type: 'done' }>;
}

/** Asks and gathers everything until the end. */
export async function ask(
  { client }: TestEngine,
  turns: Turn[],
  more: Partial<GenerateInput> = {},
): Promise<Answer> {
  const events: EngineEvent[] = [];
  const input = { systemPrompt: '', turns, sampling: RECOMMENDED, maxTokens: null, restore: null, ...more };
  for await (const event of client.stream('engine.generate', input)) events.push(event);
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  const done = events.find((event) => event.type === 'done');
  if (!done) throw new Error('The stream ended without figures');
  return { text, events, done };
}

/** Questions and answers in turn, ending with a question. */
export function turnsOf(...texts: string[]): Turn[] {
  return texts.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'answer', text }));
}
