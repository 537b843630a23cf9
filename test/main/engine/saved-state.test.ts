// Saved contexts across a restart of the process: the shortcut must work, and must never be trusted.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  cleanUp,
  load,
  startEngine,
  temporaryFolder,
  turnsOf,
  type TestEngine,
} from './start-engine.ts';

let folder: string;
let file: string;
let sha256: string;
let key: string;
const first = turnsOf('Count to 150.');
let next = first;

beforeAll(async () => {
  folder = temporaryFolder();
  file = join(folder, 'conversation.state');
  const engine = startEngine();
  key = (await load(engine)).stateKey;
  const { text, done } = await ask(engine, first);
  next = turnsOf('Count to 150.', text, 'What is the capital of Japan?');
  const saved = await engine.client.call('engine.saveState', { file, maxBytes: 100e6 });
  expect(saved).toMatchObject({ tokens: done.promptTokens + done.answerTokens });
  expect(saved?.sizeBytes).toBe(statSync(file).size);
  sha256 = saved?.sha256 ?? '';
  engine.child.kill('SIGKILL');
});
afterAll(cleanUp);

async function freshEngine(): Promise<TestEngine> {
  const engine = startEngine();
  await load(engine);
  return engine;
}

describe('saveState', () => {
  it('leaves nothing beside the file: catches forgotten temporary files', () => {
    expect(readdirSync(folder)).toEqual(['conversation.state']);
  });

  it('writes nothing when there is nothing to write or too much of it', async () => {
    const engine = await freshEngine();
    const other = join(folder, 'other.state');
    expect(await engine.client.call('engine.saveState', { file: other, maxBytes: 100e6 })).toBeNull();
    await ask(engine, first);
    expect(await engine.client.call('engine.saveState', { file: other, maxBytes: 1000 })).toBeNull();
    expect(existsSync(other)).toBe(false);
  });
});

describe('restore', () => {
  it('reads only what is new after a restart: catches a cache that is never used', async () => {
    const engine = await freshEngine();
    const { done, text } = await ask(engine, next, { restore: { file, sha256 } });
    expect(done.promptTokens - done.reusedTokens).toBeLessThan(30);
    const fresh = await freshEngine();
    const without = await ask(fresh, next);
    expect(without.done.reusedTokens).toBe(0);
    expect(text).toBe(without.text);
  });

  it('ignores a state that is gone, changed, or of another kind, and answers all the same', async () => {
    const engine = await freshEngine();
    const damaged = join(folder, 'damaged.state');
    const bytes = readFileSync(file);
    bytes[bytes.length - 100]! ^= 0xff;
    writeFileSync(damaged, bytes);
    writeFileSync(join(folder, 'letter.state'), 'Dear reader');
    for (const name of ['none.state', 'damaged.state', 'letter.state']) {
      const { done, text } = await ask(engine, first, { restore: { file: join(folder, name), sha256 } });
      expect(text.startsWith('1, 2, 3')).toBe(true);
      expect(done.reusedTokens).toBeLessThan(done.promptTokens);
      await ask(engine, turnsOf('Hello!'));
    }
    expect(engine.child.exitCode).toBeNull();
  });

  it('keeps what the context holds when that is more: catches a restore that throws work away', async () => {
    const engine = await freshEngine();
    const answer = await ask(engine, next);
    const more = turnsOf(...next.map((turn) => turn.text), answer.text, 'Hello!');
    const { done } = await ask(engine, more, { restore: { file, sha256 } });
    expect(done.promptTokens - done.reusedTokens).toBeLessThan(30);
  });
});

describe('stateKey', () => {
  it('is the same after a restart and another with another context size', async () => {
    const engine = startEngine();
    expect((await load(engine)).stateKey).toBe(key);
    expect((await load(engine, undefined, 1024)).stateKey).not.toBe(key);
  });
});
