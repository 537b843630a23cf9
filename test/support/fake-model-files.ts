// What the interface sees of model files: other apps' models, an export, and a models folder that moves in steps.
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { DiscoveredModel, DiskUse, ExportEvent, Model, MoveEvent } from '#contract/models.ts';
import type { Handlers } from '#rpc/define.ts';
import type { Watchable } from '../../src-main/lib/watchable.ts';
import { appInfo } from './fake-data.ts';

const GB = 1024 ** 3;
const STEPS = 20;

const HOME = '/home/ada';
export const discovered: DiscoveredModel[] = (
  [
    [
      'lm-studio',
      'gemma-3-4b-it-Q4_K_M',
      '.lmstudio/models/lmstudio-community/gemma-3-4b-it-GGUF',
      2.4,
      true,
    ],
    [
      'lm-studio',
      'gemma-3-12b-it-Q4_0',
      '.lmstudio/models/lmstudio-community/gemma-3-12b-it-GGUF',
      6.9,
      false,
    ],
    ['ollama', 'gemma3:1b', '.ollama/models/blobs', 0.8, false],
    ['ollama', 'nomic-embed-text:latest', '.ollama/models/blobs', 0.3, false],
    [
      'hugging-face',
      'gemma-4-E4B-it-Q4_K_M',
      '.cache/huggingface/hub/models--g--gemma/snapshots/1f',
      4.9,
      false,
    ],
  ] as const
).map(([app, name, folder, gigabytes, known]) => {
  const file = app === 'ollama' ? `sha256-${'5f'.repeat(32)}-${name}` : `${name}.gguf`;
  return { app, name, path: `${HOME}/${folder}/${file}`, sizeBytes: gigabytes * GB, known };
});

export const diskUse: DiskUse = {
  folder: appInfo.modelsFolder,
  usedBytes: 14.2 * GB,
  freeBytes: 121 * GB,
  unfinishedMove: null,
};

/** `stepMs`: how long each of the steps of an export or a move takes. */
export function modelFileHandlers(models: Watchable<Model[]>, stepMs = 1) {
  let use = diskUse;
  const find = (id: number): Model => {
    const found = models.value.find((model) => model.id === id);
    if (!found) throw new AppError('not-found', 'No such model');
    return found;
  };
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, stepMs));
  return {
    'models.discover': async () => {
      await pause();
      const known = new Set(models.value.map(({ path }) => path));
      return discovered.map((model) => ({ ...model, known: model.known || known.has(model.path) }));
    },
    async *'models.export'({ id, folder }): AsyncGenerator<ExportEvent> {
      const { sizeBytes: totalBytes } = find(id);
      for (const type of ['copying', 'verifying'] as const) {
        for (let step = 0; step <= STEPS; step++) {
          yield { type, doneBytes: (step / STEPS) * totalBytes, totalBytes };
          await pause();
        }
      }
      yield { type: 'exported', path: `${folder}/model.gguf` };
    },
    async *'models.moveFolder'({ folder }, signal): AsyncGenerator<MoveEvent> {
      use = { ...use, unfinishedMove: folder };
      const totalBytes = use.usedBytes;
      for (let step = 0; step < STEPS; step++) {
        signal.throwIfAborted();
        const type = step % 5 < 3 ? ('copying' as const) : ('verifying' as const);
        const name = `gemma-3-${Math.floor(step / 5)}b-it-Q4_0.gguf`;
        yield { type, name, doneBytes: (step / STEPS) * totalBytes, totalBytes };
        await pause();
      }
      use = { ...use, folder, unfinishedMove: null };
      yield { type: 'moved' };
    },
    'models.giveUpMove': () => void (use = { ...use, unfinishedMove: null }),
    'models.showInFolder': () => undefined,
    'models.openFolder': () => undefined,
    'models.diskUse': () => use,
  } satisfies Partial<Handlers<Contract>>;
}
