// A model in several files is one model: read through its first part, whichever was named, and refused by the name
// of the part that is not there.
import { cpSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { writeSplitModel } from '../../support/split-model.ts';
import { TINY_MODEL } from '../../support/gguf-files.ts';
import {
  ask,
  cleanUp,
  load,
  startEngine,
  temporaryFolder,
  turnsOf,
  type TestEngine,
} from './start-engine.ts';

let engine: TestEngine;
let parts: string[];

beforeAll(() => {
  engine = startEngine();
});
beforeEach(() => {
  parts = writeSplitModel(temporaryFolder());
});
afterAll(cleanUp);

const inspect = (path: string) => engine.client.call('engine.inspect', { path, contextSize: null });

it('says of all parts together what the whole file says: catches counts of the first part alone', async () => {
  const whole = (await inspect(TINY_MODEL)).header;
  for (const part of [parts[0]!, parts[2]!]) {
    const { header, memory } = await inspect(part);
    expect({ ...header, fileSizeBytes: 0 }).toEqual({ ...whole, fileSizeBytes: 0 });
    expect(header.fileSizeBytes).toBeGreaterThanOrEqual(whole.fileSizeBytes);
    expect(memory.weightsBytes).toBeGreaterThanOrEqual(whole.fileSizeBytes);
  }
});

it('runs as the whole file does', async () => {
  await load(engine, parts[0]);
  expect((await ask(engine, turnsOf('Hello!'))).text).toBe('Hello! How can I help you today?');
});

it.each([0, 1, 2])('names the part that is missing (part %i)', async (index) => {
  rmSync(parts[index]!);
  const asked = parts[index === 2 ? 0 : 2]!;
  await expect(inspect(asked)).rejects.toMatchObject({
    code: 'model-part-missing',
    details: { part: basename(parts[index]!) },
  });
});

it('sees a part that was cut off', async () => {
  truncateSync(parts[1]!, 10_000);
  await expect(inspect(parts[0]!)).rejects.toMatchObject({ code: 'model-incomplete' });
});

it('explains a part that was renamed, and takes a whole file whose name only looks like a part', async () => {
  const renamed = join(temporaryFolder(), 'renamed.gguf');
  renameSync(parts[0]!, renamed);
  await expect(inspect(renamed)).rejects.toMatchObject({ code: 'model-part-missing' });
  const odd = join(temporaryFolder(), 'odd-00001-of-00004.gguf');
  cpSync(TINY_MODEL, odd);
  expect((await inspect(odd)).header.parameterCount).toBe(2_582_592);
});
