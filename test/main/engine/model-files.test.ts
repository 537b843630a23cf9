// Every way in which a model file can be wrong has its own error, in bounded time, and leaves the engine usable.
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  TINY_MODEL,
  writeNotAModel,
  writeTruncatedModel,
  writeUnknownArchitecture,
} from '../../support/gguf-files.ts';
import {
  ask,
  cleanUp,
  DEMO_MODEL,
  load,
  startEngine,
  temporaryFolder,
  turnsOf,
  type TestEngine,
} from './start-engine.ts';

let engine: TestEngine;
let folder: string;

beforeAll(() => {
  engine = startEngine();
  folder = temporaryFolder();
});
afterAll(cleanUp);

const inspect = (path: string): Promise<unknown> =>
  engine.client.call('engine.inspect', { path, contextSize: null });

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A header of `tensors` and `entries` with raw bytes behind it. */
function header(tensors: bigint, entries: bigint, rest: Buffer = Buffer.alloc(0)): Buffer {
  const start = Buffer.alloc(24);
  start.write('GGUF');
  start.writeUInt32LE(3, 4);
  start.writeBigUInt64LE(tensors, 8);
  start.writeBigUInt64LE(entries, 16);
  return Buffer.concat([start, rest]);
}

function text(value: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([length, Buffer.from(value)]);
}

function arrayEntry(itemType: number, count: bigint): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(9, 0);
  head.writeUInt32LE(itemType, 4);
  head.writeBigUInt64LE(count, 8);
  return Buffer.concat([text('some.array'), head]);
}

describe('inspect', () => {
  it('says what a good file holds: catches wrong keys and guessed numbers', async () => {
    const { header: found, memory } = await engine.client.call('engine.inspect', {
      path: DEMO_MODEL,
      contextSize: null,
    });
    expect(found).toMatchObject({
      architecture: 'gemma',
      name: 'Tiny Gemma Test Chat',
      parameterCount: 2_582_592,
      quantization: 'Q8_0',
      contextLength: 2048,
      layerCount: 5,
      licence: 'cc0-1.0',
      fileSizeBytes: 2_809_920,
    });
    expect(found.chatTemplate).toContain('<start_of_turn>');
    expect(memory.contextSize).toBe(2048);
    expect(memory.totalBytes).toBeGreaterThan(memory.weightsBytes + memory.contextBytes);
  });

  it('tells apart what is wrong with a path', async () => {
    await expect(inspect(join(folder, 'none.gguf'))).rejects.toMatchObject({ code: 'model-file-missing' });
    mkdirSync(join(folder, 'folder.gguf'));
    await expect(inspect(join(folder, 'folder.gguf'))).rejects.toMatchObject({
      code: 'model-file-unreadable',
    });
    // A device that never ends.
    if (process.platform !== 'win32') {
      await expect(inspect('/dev/zero')).rejects.toMatchObject({ code: 'model-file-unreadable' });
    }
  });

  it('tells what is no model: empty, random, a letter, a text that starts like one', async () => {
    const random = Buffer.alloc(300_000);
    for (let i = 0; i < random.length; i++) random[i] = (i * 7919 + (i >> 3) * 104_729) & 255;
    const files = [
      write('empty.gguf', Buffer.alloc(0)),
      write('random.gguf', random),
      writeNotAModel(join(folder, 'letter.gguf')),
      write('gguf-text.gguf', Buffer.from('GGUF is a format. '.repeat(100))),
    ];
    for (const file of files) await expect(inspect(file)).rejects.toMatchObject({ code: 'model-not-gguf' });
  });

  it('sees a cut file before llama.cpp does: in the weights, in the header, right behind the first words', async () => {
    for (const share of [0.999, 0.5, 0.01]) {
      const file = writeTruncatedModel(join(folder, `cut-${share}.gguf`), share);
      await expect(inspect(file)).rejects.toMatchObject({ code: 'model-incomplete' });
    }
    copyFileSync(TINY_MODEL, join(folder, 'six.gguf'));
    truncateSync(join(folder, 'six.gguf'), 6);
    await expect(inspect(join(folder, 'six.gguf'))).rejects.toMatchObject({ code: 'model-incomplete' });
  });

  it('refuses absurd counts at once: catches hangs and memory bombs', async () => {
    const huge = 2n ** 62n;
    const code = expect.stringMatching(/model-not-gguf|model-incomplete/);
    const deep = Buffer.concat([arrayEntry(9, 3n), Buffer.alloc(12, 9), Buffer.alloc(200, 9)]);
    const files = [
      write('tensors.gguf', header(huge, 0n)),
      write('entries.gguf', header(0n, huge)),
      write('text.gguf', header(0n, 1n, Buffer.concat([Buffer.alloc(7, 255), Buffer.alloc(100)]))),
      write('array.gguf', header(0n, 1n, arrayEntry(4, huge))),
      write('texts.gguf', header(0n, 1n, arrayEntry(8, huge))),
      // As long as its header says, but each byte would become a number of eight in the library's parser.
      write(
        'many.gguf',
        header(0n, 1n, Buffer.concat([arrayEntry(0, 12_000_000n), Buffer.alloc(12_000_000)])),
      ),
      write('deep.gguf', header(0n, 1n, deep)),
      write('nothing.gguf', header(0n, 0n)),
    ];
    const startedAt = performance.now();
    for (const file of files) await expect(inspect(file)).rejects.toMatchObject({ code });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('survives any single damaged byte of a header: a header or an error, never a crash', async () => {
    const path = join(folder, 'damaged.gguf');
    copyFileSync(TINY_MODEL, path);
    const original = readFileSync(TINY_MODEL);
    for (let position = 4; position < 1600; position += 13) {
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.from([original[position]! ^ 0xff]), 0, 1, position);
      closeSync(file);
      const outcome = await inspect(path).catch((error: unknown) => error);
      expect(outcome).not.toMatchObject({ code: expect.stringMatching(/internal|engine-stopped/) });
      writeFileSync(path, original);
    }
    expect(engine.child.exitCode).toBeNull();
  });

  it('names an architecture it does not know', async () => {
    const file = writeUnknownArchitecture(join(folder, 'unknown.gguf'));
    await expect(inspect(file)).rejects.toMatchObject({
      code: 'model-unsupported',
      details: { architecture: 'gremm' },
    });
  });
});

describe('load', () => {
  it('refuses what can not fit, with the numbers: catches the swap storm', async () => {
    // A file with a hole: a terabyte long, a few megabytes on disk.
    const huge = join(folder, 'huge.gguf');
    copyFileSync(TINY_MODEL, huge);
    truncateSync(huge, 2 ** 40);
    const error = await load(engine, huge).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'model-too-large' });
    const { neededBytes, freeBytes } = (error as { details: Record<string, number> }).details;
    expect(neededBytes).toBeGreaterThan(2 ** 40);
    expect(freeBytes).toBeGreaterThan(0);
  });

  it('fails by name on weights that llama.cpp refuses, and still loads the next one', async () => {
    const file = join(folder, 'no-epsilon.gguf');
    const bytes = readFileSync(TINY_MODEL);
    const at = bytes.indexOf('layer_norm_rms_epsilon');
    bytes.write('layer_norm_rms_epsilom', at, 'latin1');
    writeFileSync(file, bytes);
    await expect(load(engine, file)).rejects.toMatchObject({ code: 'model-load-failed' });
    await load(engine);
    expect((await ask(engine, turnsOf('Hello!'))).text).toBe('Hello! How can I help you today?');
  });

  it('says that no model is loaded, before and after', async () => {
    await load(engine);
    await engine.client.call('engine.unload', undefined);
    await expect(ask(engine, turnsOf('Hello!'))).rejects.toMatchObject({ code: 'no-model' });
  });
});
