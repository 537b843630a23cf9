// Models of other apps are found where they really lie, under the names that people know, and nothing that lies
// about (loops, broken links, foreign manifests, folders without rights) gets in the way.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DiscoveredModel } from '#contract/models.ts';
import { discoverModels } from '../../../../src-main/services/models/discover/discover-models.ts';
import { ollamaNameOf } from '../../../../src-main/services/models/discover/ollama.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lapidary-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function put(path: string, content: string | object = 'GGUF and more'): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function discover(
  options: { platform?: NodeJS.Platform; environment?: NodeJS.ProcessEnv; known?: string[] } = {},
): Promise<DiscoveredModel[]> {
  const { platform = 'linux', environment = {}, known = [] } = options;
  return discoverModels({ platform, home, root: home, environment }, known);
}

const names = (list: DiscoveredModel[]): string[] => list.map(({ app, name }) => `${app}: ${name}`);

const DIGEST = 'a'.repeat(64);
const layers = (digest: string) => ({
  layers: [
    { mediaType: 'application/vnd.ollama.image.license', digest: `sha256:${'e'.repeat(64)}` },
    { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` },
  ],
});

test.each<[NodeJS.Platform, string[]]>([
  [
    'linux',
    [
      '.local/share/Jan/data/llamacpp/models/j/model.gguf',
      '.local/share/nomic.ai/GPT4All/g.gguf',
      '.cache/llama.cpp/c.gguf',
    ],
  ],
  [
    'darwin',
    [
      'Library/Application Support/Jan/data/llamacpp/models/j/model.gguf',
      'Library/Application Support/nomic.ai/GPT4All/g.gguf',
      'Library/Caches/llama.cpp/c.gguf',
    ],
  ],
  [
    'win32',
    [
      'AppData/Roaming/Jan/data/models/j/model.gguf',
      'AppData/Local/nomic.ai/GPT4All/g.gguf',
      'AppData/Local/llama.cpp/c.gguf',
    ],
  ],
])('looks where each app keeps its models on %s', async (platform, paths) => {
  for (const path of [...paths, '.lmstudio/models/google/gemma/lm.gguf']) await put(path);
  expect(names(await discover({ platform }))).toEqual([
    'lm-studio: lm',
    'jan: j',
    'gpt4all: g',
    'llama.cpp: c',
  ]);
});

test('follows what the apps were told: settings, a pointer to another home, environment variables', async () => {
  await put('.lmstudio-home-pointer', `${join(home, 'studio')}\n`);
  await put('studio/settings.json', { downloadsFolder: join(home, 'disk/lm') });
  await put('disk/lm/a/b/one.gguf');
  await put('.local/share/Jan/settings.json', { data_folder: join(home, 'disk/jan') });
  await put('disk/jan/llamacpp/models/two/model.gguf');
  await put('disk/cache/three.gguf');
  await put('disk/hub/models--g--h/snapshots/1/four.gguf');
  const environment = { LLAMA_CACHE: join(home, 'disk/cache'), HF_HUB_CACHE: join(home, 'disk/hub') };
  expect(names(await discover({ environment }))).toEqual([
    'lm-studio: one',
    'jan: two',
    'llama.cpp: three',
    'hugging-face: four',
  ]);
});

test('names the blobs of Ollama by their manifests, each once', async () => {
  const store = 'usr/share/ollama/.ollama/models'; // where the service on Linux has it
  const blob = await put(`${store}/blobs/sha256-${DIGEST}`, 'GGUF');
  await put(`${store}/blobs/sha256-${'b'.repeat(64)}`, 'GGUF');
  await put(`${store}/manifests/registry.ollama.ai/library/gemma3/4b`, layers(DIGEST));
  await put(`${store}/manifests/registry.ollama.ai/library/gemma3/latest`, layers(DIGEST));
  await put(`${store}/manifests/hf.co/google/gemma-GGUF/Q4_K_M`, layers('b'.repeat(64)));
  await put(`${store}/manifests/registry.ollama.ai/library/gone/1b`, layers('c'.repeat(64)));
  await put(`${store}/manifests/registry.ollama.ai/library/broken/1b`, '{"layers": [');
  await put(`${store}/manifests/registry.ollama.ai/library/evil/1b`, layers('../../secret'));
  await put(`${store}/manifests/.DS_Store`, '');
  const found = await discover({ known: [blob] });
  expect(found).toEqual([
    { app: 'ollama', name: 'gemma3:4b', path: blob, sizeBytes: 4, known: true },
    expect.objectContaining({ name: 'hf.co/google/gemma-GGUF:Q4_K_M', known: false }),
  ]);
  expect(await ollamaNameOf(blob)).toBe('gemma3:4b');
  expect(await ollamaNameOf(join(home, 'elsewhere', `sha256-${DIGEST}`))).toBeNull();
});

test('a file in the Hugging Face cache keeps its name, and is known by where its link ends', async () => {
  const repository = '.cache/huggingface/hub/models--google--gemma';
  const blob = await put(`${repository}/blobs/${DIGEST}`, 'GGUF!');
  for (const commit of ['1', '2']) {
    await mkdir(join(home, repository, 'snapshots', commit), { recursive: true });
    await symlink(`../../blobs/${DIGEST}`, join(home, repository, 'snapshots', commit, 'gemma-Q4_0.gguf'));
    await symlink('../../blobs/nothing', join(home, repository, 'snapshots', commit, 'gone.gguf'));
  }
  expect(await discover({ known: [blob] })).toEqual([
    {
      app: 'hugging-face',
      name: 'gemma-Q4_0',
      path: expect.stringMatching(/snapshots.[12].gemma-Q4_0\.gguf$/),
      sizeBytes: 5,
      known: true,
    },
  ]);
});

test('a split model is one, with the bytes of all parts; projectors, empty and incomplete files are none', async () => {
  const folder = '.lmstudio/models/g/h';
  await put(`${folder}/big-00001-of-00002.gguf`, '12345');
  await put(`${folder}/big-00002-of-00002.gguf`, '123');
  await put(`${folder}/half-00001-of-00002.gguf`, '12345');
  await put(`${folder}/mmproj-model-f16.gguf`);
  await put(`${folder}/empty.gguf`, '');
  await put(`${folder}/downloading.gguf.part`);
  expect(await discover()).toMatchObject([{ name: 'big', sizeBytes: 8 }]);
});

test('takes in a file that Jan only describes', async () => {
  const file = await put('Downloads/imported.gguf');
  const models = '.local/share/Jan/data/llamacpp/models';
  await put(`${models}/imported/model.yml`, `model_path: ${file}\nname: imported\nsize_bytes: 13\n`);
  await put(`${models}/relative/model.yml`, 'model_path: "llamacpp/models/relative/model.gguf"\n');
  await put(`${models}/relative/model.gguf`);
  await put(`${models}/broken/model.yml`, 'model_path: /nowhere/at/all.gguf\n');
  expect(names(await discover())).toEqual(['jan: imported', 'jan: relative']);
});

test('gets out of circles, past folders without rights and files that pose as folders', async () => {
  const models = join(home, '.lmstudio/models');
  await put('.lmstudio/models/a/one.gguf');
  await symlink(models, join(models, 'a', 'again'));
  await put('.lmstudio/models/closed/two.gguf');
  await chmod(join(models, 'closed'), 0o000);
  await put('.ollama/models', 'a file');
  await mkdir(join(models, 'folder.gguf'));
  const found = names(await discover());
  await chmod(join(models, 'closed'), 0o700);
  expect(found.filter((name) => !name.endsWith('two'))).toEqual(['lm-studio: one']);
});

test('finds nothing on a machine without other apps', async () => {
  expect(await discover()).toEqual([]);
});

// Catches a model that is offered twice, or again although it is in the list, because a folder is a link.
test('a store of Ollama behind a link is the one it leads to', async () => {
  const blob = await put(`disk/models/blobs/sha256-${DIGEST}`);
  await put('disk/models/manifests/registry.ollama.ai/library/gemma3/4b', layers(DIGEST));
  await mkdir(join(home, '.ollama'));
  await symlink(join(home, 'disk', 'models'), join(home, '.ollama', 'models'));
  const environment = { OLLAMA_MODELS: join(home, 'disk', 'models') };
  const found = await discover({ environment, known: [blob] });
  expect(found).toMatchObject([{ name: 'gemma3:4b', known: true }]);
  expect(await discover({ known: [blob] })).toMatchObject([{ known: true }]);
});
