// Headers of models that nobody downloaded: read by ranges, by the real engine, as if the file were here.
import { copyFileSync, readdirSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DownloadSource } from '#contract/downloads.ts';
import { TINY_MODEL, writeNotAModel } from '../../../support/gguf-files.ts';
import { writeGguf, type Tensor } from '../../../support/gguf-writer.ts';
import { writeSplitModel } from '../../../support/split-model.ts';
import { cleanUp, startEngine, temporaryFolder, type TestEngine } from '../../engine/start-engine.ts';
import { NOBODY, openHubFixture, type HubFixture } from './hub-fixture.ts';

const MEGABYTE = 1_048_576;
const VOCABULARY = 262_144;
let engine: TestEngine;
let folder: string;
let large: string;

beforeAll(() => {
  engine = startEngine();
  folder = temporaryFolder();
  large = writeLargeHeader(join(folder, 'large.gguf'));
});
afterAll(cleanUp);

async function fixtureWith(files: string[]): Promise<HubFixture & { source: DownloadSource }> {
  const fixture = await openHubFixture({
    inspect: (path, options) => engine.client.call('engine.inspect', { path, contextSize: 4096, ...options }),
  });
  await fixture.server.addRepository({
    name: 'user/name',
    files: files.map((path) => ({ path: `gguf/${basename(path)}`, content: { kind: 'disk', path } })),
  });
  const remote = files.map((path) => ({ path: `gguf/${basename(path)}`, sizeBytes: null, sha256: null }));
  return { ...fixture, source: { repository: 'user/name', revision: 'main', files: remote } };
}

/** As large as Gemma 3's vocabulary makes it: about 7 MB of header before 19 MB of weights. */
function writeLargeHeader(file: string): string {
  const words = Array.from({ length: VOCABULARY }, (_, index) => `word-${index}`);
  const tensor: Tensor = {
    name: 'token_embd.weight',
    dimensions: [128, VOCABULARY],
    kind: 'q4_0',
    fill: () => {},
  };
  writeGguf(
    file,
    [
      ['general.architecture', 'string', 'gemma3'],
      ['general.name', 'string', 'Large header'],
      ['general.file_type', 'u32', 2],
      ['gemma3.block_count', 'u32', 2],
      ['gemma3.context_length', 'u32', 8192],
      ['gemma3.embedding_length', 'u32', 128],
      ['gemma3.feed_forward_length', 'u32', 128],
      ['gemma3.attention.head_count', 'u32', 2],
      ['gemma3.attention.head_count_kv', 'u32', 1],
      ['gemma3.attention.key_length', 'u32', 64],
      ['gemma3.attention.value_length', 'u32', 64],
      ['tokenizer.ggml.model', 'string', 'llama'],
      ['tokenizer.ggml.tokens', 'string', words],
      ['tokenizer.ggml.scores', 'f32', words.map(() => 0)],
      ['tokenizer.ggml.token_type', 'i32', words.map(() => 1)],
    ],
    [tensor],
  );
  return file;
}

describe('a header read before the download', () => {
  it('says the same as the file itself', async () => {
    const { hub, source } = await fixtureWith([TINY_MODEL]);
    const local = await engine.client.call('engine.inspect', { path: TINY_MODEL, contextSize: 4096 });
    const { header, fit } = await hub.inspect(source, NOBODY);
    expect(header).toEqual(local.header);
    expect({ ...fit.need, freeBytes: 0 }).toEqual({ ...local.memory, freeBytes: 0 });
  });

  it('of which the first range holds a part is fetched further, without what is there already', async () => {
    const { hub, source, server } = await fixtureWith([large]);
    const local = await engine.client.call('engine.inspect', { path: large, contextSize: 4096 });
    const { header, fit } = await hub.inspect(source, NOBODY);
    expect(header).toEqual(local.header);
    expect(fit.need.totalBytes).toBe(local.memory.totalBytes);
    const ranges = (await server.requests()).flatMap(({ kind, headers }) =>
      kind === 'cdn' ? [headers['range']] : [],
    );
    expect(ranges).toEqual([
      `bytes=0-${MEGABYTE - 1}`,
      `bytes=${MEGABYTE}-${4 * MEGABYTE - 1}`,
      `bytes=${4 * MEGABYTE}-${16 * MEGABYTE - 1}`,
    ]);
  });

  it('is read also from a server that knows no ranges', async () => {
    const { hub, source, server } = await fixtureWith([large]);
    await server.setFaults('user/name', 'gguf/large.gguf', { ignoreRange: { times: 99 } });
    expect((await hub.inspect(source, NOBODY)).header.name).toBe('Large header');
  });

  it('of a split model is that of all parts', async () => {
    const parts = writeSplitModel(join(folder, 'split'));
    const { hub, source } = await fixtureWith(parts);
    const local = await engine.client.call('engine.inspect', { path: parts[0]!, contextSize: 4096 });
    expect((await hub.inspect(source, NOBODY)).header).toEqual(local.header);
  });

  it('of what is no model is refused after one range', async () => {
    const { hub, source, server } = await fixtureWith([writeNotAModel(join(folder, 'letter.gguf'))]);
    await expect(hub.inspect(source, NOBODY)).rejects.toMatchObject({ code: 'model-not-gguf' });
    expect((await server.requests()).filter((request) => request.kind === 'cdn')).toHaveLength(1);
  });

  it('that promises more than the server has is refused before five gigabytes travel', async () => {
    const half = join(folder, 'half.gguf');
    copyFileSync(TINY_MODEL, half);
    truncateSync(half, 2_000_000);
    const { hub, source } = await fixtureWith([half]);
    await expect(hub.inspect(source, NOBODY)).rejects.toMatchObject({
      code: 'model-incomplete',
      details: { fileSizeBytes: 2_000_000 },
    });
  });

  it('leaves nothing behind, whatever happened', async () => {
    const temporary = temporaryFolder();
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { hub, source, server } = await fixtureWith([TINY_MODEL]);
    const [path] = source.files.map((file) => file.path);
    await server.setFaults('user/name', path!, { dropAfter: { bytes: 1000, times: 1 } });
    await expect(hub.inspect(source, NOBODY)).rejects.toMatchObject({ code: 'network-failed' });
    await hub.inspect(source, NOBODY);
    const stopped = AbortSignal.abort();
    await expect(hub.inspect(source, stopped)).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(temporary).filter((name) => name.startsWith('lapidary-header-'))).toEqual([]);
  });
});
