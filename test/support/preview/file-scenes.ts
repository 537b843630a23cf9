// The page "Your models": the list, what is wrong with files, and everything that is done with them.
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import { Watchable } from '../../../src-main/lib/watchable.ts';
import type { FakeHost } from '../fake-api.ts';
import { appInfo, demoModel, ownModel } from '../fake-data.ts';
import { diskUse, modelFileHandlers } from '../fake-model-files.ts';
import { speedOf } from '../fake-tuning.ts';
import { press, see, type, type Scene } from './scene.ts';

const DAY_MS = 86_400_000;
const GB = 1024 ** 3;
const LONG =
  'A model whose maker could not stop giving it names Instruct QAT Reasoning Distill v2.1-final-really';

function model(id: number, name: string, gigabytes: number, more: Partial<Model> = {}): Model {
  const sizeBytes = gigabytes * GB;
  const path = `${appInfo.modelsFolder}/${name.toLowerCase().replaceAll(' ', '-')}.gguf`;
  const header = { ...ownModel.header, name, fileSizeBytes: sizeBytes };
  return { ...ownModel, id, name, path, header, sizeBytes, placement: 'copied', ...more };
}

export const yourModels: Model[] = [
  model(12, 'Gemma 3 12B Instruct', 6.9, { lastUsedAt: Date.now() - 3600, speeds: [speedOf('vulkan')] }),
  model(13, 'Gemma 4 E4B Instruct', 4.9, { lastUsedAt: Date.now() - DAY_MS }),
  model(14, 'Gemma 3 1B Instruct', 0.8, { lastUsedAt: Date.now() - 40 * DAY_MS, placement: 'in-place' }),
  model(15, 'Gemma 2 2B Instruct', 1.6),
  demoModel,
];

const trouble: Model[] = [
  model(16, LONG, 4.9, { path: `/home/ada/${'very-long-folder-name/'.repeat(8)}model.gguf` }),
  model(17, 'Gemma 3 4B Instruct', 2.4, { fileState: 'missing', placement: 'in-place' }),
  model(18, 'Gemma 3 1B Instruct', 0.8, { fileState: 'changed' }),
  demoModel,
];

const desktop = {
  ...appInfo,
  host: 'electron' as const,
  unavailable: { ...appInfo.unavailable, openDialog: null, folderDialog: null, fileManager: null },
};

const at = 'models/installed';
const prepare = (host: FakeHost): void => host.models.set(yourModels);
const onDesktop = { 'app.describe': () => desktop };
const slowly = modelFileHandlers(new Watchable(yourModels), 700);
const MORE = 'More actions for Gemma 3 12B Instruct';

async function chooseAction(name: string): Promise<void> {
  await see('Gemma 3 12B Instruct', 'h3');
  await press(MORE);
  await press(name, '[role="menuitem"]');
}

async function startMoving(): Promise<void> {
  await press('Move the models folder');
  await type('New place', '/media/ada/Big disk/models');
  await press('Move');
}

export const fileScenes: Record<string, Scene> = {
  'your-models': { at, prepare },
  'your-models-desktop': { at, prepare, handlers: onDesktop },
  'your-models-troubled': { at, prepare: (host) => host.models.set(trouble) },
  'models-found': {
    at,
    prepare,
    async steps() {
      await press('Already have models?');
      await see('LM Studio', 'h3');
    },
  },
  'models-found-none': {
    at,
    prepare,
    handlers: { 'models.discover': () => [] },
    async steps() {
      await press('Already have models?');
      await see('Nothing found');
    },
  },
  'models-found-refused': {
    at,
    prepare,
    handlers: {
      async *'models.add'({ path }) {
        if (path.includes('nomic')) {
          const details = { architecture: 'nomic-bert' };
          throw new AppError('model-unsupported', 'Unknown', { details });
        }
        yield { type: 'added', model: ownModel };
      },
    },
    async steps() {
      await press('Already have models?');
      await press('Add all 4');
      await see('This kind of model', 'p');
    },
  },
  'model-remove': {
    at,
    prepare,
    handlers: onDesktop,
    steps: () => chooseAction('Remove…'),
  },
  'model-remove-browser': { at, prepare, steps: () => chooseAction('Remove…') },
  'model-export': { at, prepare, handlers: onDesktop, steps: () => chooseAction('Export…') },
  'model-exporting': {
    at,
    prepare,
    handlers: slowly,
    async steps() {
      await chooseAction('Export…');
      await type('Folder or USB disk', '/media/ada/STICK');
      await press('Export');
      await see('Copying', '.label');
    },
  },
  'folder-move': { at, prepare, steps: () => press('Move the models folder') },
  'folder-moving': {
    at,
    prepare,
    handlers: slowly,
    async steps() {
      await startMoving();
      await see('left', 'p');
    },
  },
  'folder-moving-behind': {
    at,
    prepare,
    handlers: slowly,
    async steps() {
      await startMoving();
      await press('Close and go on moving');
      await see('Moving the models', '.label');
    },
  },
  'folder-move-fails': {
    at,
    prepare,
    handlers: {
      // oxlint-disable-next-line eslint/require-yield -- it fails before its first step
      async *'models.moveFolder'() {
        const details = { neededBytes: 14.2 * GB, freeBytes: 3 * GB };
        throw new AppError('disk-full', 'Full', { details });
      },
    },
    async steps() {
      await startMoving();
      await see('The disk is full');
    },
  },
  'folder-move-unfinished': {
    at,
    prepare,
    handlers: {
      'models.diskUse': () => ({ ...diskUse, unfinishedMove: '/media/ada/Big disk/Lapidary models' }),
    },
  },
  'folder-gone': {
    at,
    prepare: (host) =>
      host.models.set(
        yourModels.map((each) => (each.placement === 'copied' ? { ...each, fileState: 'missing' } : each)),
      ),
    handlers: {
      'models.diskUse': () => ({ ...diskUse, usedBytes: 0, freeBytes: null }),
    },
  },
  'files-over-window': {
    at,
    prepare,
    handlers: onDesktop,
    async steps() {
      await see('Gemma 3 12B Instruct', 'h3');
      drag('dragenter');
    },
  },
  'files-dropped': {
    at,
    prepare,
    handlers: onDesktop,
    async steps() {
      await see('Gemma 3 12B Instruct', 'h3');
      const paths = ['gemma-3-27b-it-Q4_0.gguf', 'gemma-3-1b-it-Q8_0.gguf', 'notes.txt'];
      const data = { type: 'lapidary-dropped', paths: paths.map((name) => `/home/ada/${name}`) };
      window.dispatchEvent(new MessageEvent('message', { data, source: window }));
      await see('Use it where it lies', 'label');
    },
  },
  'files-dropped-in-browser': {
    at,
    prepare,
    async steps() {
      await see('Gemma 3 12B Instruct', 'h3');
      drag('drop');
      await see('A browser does not tell', '[role="status"], p, span');
    },
  },
};

function drag(type: 'dragenter' | 'drop'): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['GGUF'], 'model.gguf'));
  window.dispatchEvent(new DragEvent(type, { dataTransfer }));
}
