// The page "Your models" and its dialogs: what they offer must fit the model and the machine, and do what it says.
import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { Model } from '#contract/models.ts';
import type { Handlers } from '#rpc/define.ts';
import AddingModels from '../../../src-renderer/features/models/drop/AddingModels.svelte';
import InstalledPage from '../../../src-renderer/features/models/installed/InstalledPage.svelte';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import AppPartInContext from '../../support/AppPartInContext.svelte';
import { createFakeHost } from '../../support/fake-api.ts';
import { appInfo, ownModel } from '../../support/fake-data.ts';
import { diskUse } from '../../support/fake-model-files.ts';

const desktop = {
  ...appInfo,
  host: 'electron' as const,
  unavailable: { ...appInfo.unavailable, openDialog: null, folderDialog: null, fileManager: null },
};
const copy: Model = { ...ownModel, id: 7, name: 'My copy', placement: 'copied', path: '/m/copy.gguf' };

let parts: Record<string, unknown>[] = [];
afterEach(async () => {
  for (const part of parts) await unmount(part);
  parts = [];
});

async function show(models: Model[], replace: Partial<Handlers<Contract>> = {}) {
  const host = createFakeHost(replace);
  host.models.set(models);
  const stores = createStores(host.api);
  const place = (part: Component) =>
    parts.push(mount(AppPartInContext, { target: document.body, props: { stores, part } }));
  place(InstalledPage);
  place(AddingModels);
  await waitFor(() => {
    expect(stores.appInfo.value).not.toBeNull();
    expect(text()).toContain('Models folder');
  });
  return { host, stores };
}

function waitFor(check: () => void): Promise<void> {
  return vi.waitFor(() => {
    flushSync();
    check();
  });
}

const text = (): string => document.body.textContent;

function find(selector: string, name: string): HTMLElement {
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  const found = all.find((each) => (each.getAttribute('aria-label') ?? each.textContent).trim() === name);
  if (!found) throw new Error(`No ${selector} ${name}`);
  return found;
}

function press(name: string, selector = 'button'): void {
  find(selector, name).click();
  flushSync();
}

/** By a key, as the menu listens to no made-up click. */
async function choose(model: string, action: string): Promise<void> {
  const trigger = find('button', `More actions for ${model}`);
  trigger.focus();
  trigger.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await waitFor(() => find('[role="menuitem"]', action));
  press(action, '[role="menuitem"]');
}

const options = (): (string | null | undefined)[] =>
  [...document.querySelectorAll('[role="dialog"] label')].map(
    (label) => label.querySelector('span')?.firstChild?.textContent,
  );

interface RemoveCase {
  what: string;
  model: Model;
  info: typeof appInfo;
  choices: string[];
  button: string;
  file: 'bin' | 'delete' | 'keep';
}

const KEEP = { info: desktop, choices: [], button: 'Remove', file: 'keep' } as const;
const removals: RemoveCase[] = [
  {
    what: 'a copy on the desktop',
    model: copy,
    info: desktop,
    choices: ['Put it into the bin', 'Delete it for good', 'Leave it there'],
    button: 'Remove, file to the bin',
    file: 'bin',
  },
  {
    what: 'a copy in browser mode',
    model: copy,
    info: appInfo,
    choices: ['Delete it for good', 'Leave it there'],
    button: 'Remove and delete the file',
    file: 'delete',
  },
  { what: 'the person’s own', model: ownModel, ...KEEP, choices: [] },
  { what: 'a copy that is gone', model: { ...copy, fileState: 'missing' }, ...KEEP, choices: [] },
];

// Catches a person's own file offered for deletion, and a bin where there is none.
it.each(removals)('asks about the file: $what', async ({ model, info, choices, button, file }) => {
  const remove = vi.fn();
  const { stores } = await show([model], { 'app.describe': () => info, 'models.remove': remove });
  await choose(model.name, 'Remove…');
  await waitFor(() => expect(text()).toContain(`Remove ${model.name}?`));
  expect(options()).toEqual(choices);
  press(button);
  await waitFor(() => expect(remove).toHaveBeenCalled());
  expect(remove.mock.calls[0]?.[0]).toEqual({ id: model.id, file });
  await waitFor(() => expect(stores.toasts.list).toHaveLength(1));
});

it('stays open and says why when a file can’t go', async () => {
  await show([copy], {
    'models.remove': () => {
      throw new AppError('folder-busy', 'Moving');
    },
  });
  await choose('My copy', 'Remove…');
  await waitFor(() => find('button', 'Remove and delete the file'));
  press('Remove and delete the file');
  await waitFor(() => expect(text()).toContain('The models folder is in use'));
});

// Catches the reason disappearing the moment the move has failed.
it('says why the folder could not be moved, and keeps the place that was named', async () => {
  await show([copy], {
    // oxlint-disable-next-line eslint/require-yield -- it fails before its first step
    async *'models.moveFolder'() {
      throw new AppError('folder-not-empty', 'Full of photos');
    },
  });
  press('Move the models folder');
  await waitFor(() => expect(text()).toContain('Lapidary makes a folder “Lapidary models”'));
  const field = (): HTMLInputElement => document.querySelector('[role="dialog"] input')!;
  field().value = '/media/photos';
  field().dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  press('Move');
  await waitFor(() => expect(text()).toContain('This folder can’t take the models'));
  expect(field().value).toBe('/media/photos');
});

it('says that a move was broken off, and gives it up', async () => {
  const giveUp = vi.fn();
  let unfinishedMove: string | null = '/media/big';
  await show([copy], {
    'models.diskUse': () => ({ ...diskUse, unfinishedMove }),
    'models.giveUpMove': () => {
      unfinishedMove = null;
      giveUp();
    },
  });
  expect(text()).toContain('Moving the models to /media/big is not finished.');
  press('Give up');
  await waitFor(() => expect(giveUp).toHaveBeenCalledOnce());
  await waitFor(() => expect(text()).not.toContain('is not finished'));
});

it('says that the disk of the models folder is gone', async () => {
  const onDisk = { ...copy, path: '/media/big/copy.gguf', fileState: 'missing' as const };
  await show([onDisk, { ...ownModel, fileState: 'missing' }], {
    'app.describe': () => desktop,
    'models.diskUse': () => ({ ...diskUse, folder: '/media/big', usedBytes: 0, freeBytes: null }),
  });
  expect(text()).toContain('The models folder /media/big is not there.');
  expect(text()).not.toContain('Nothing is at /media/big/copy.gguf');
  expect(text()).toContain(`Nothing is at ${ownModel.path}`);
  expect(text()).not.toContain('Open folder');
});

it('reads a changed file anew, and asks where a missing one is', async () => {
  const add = vi.fn();
  const changed: Model = { ...copy, fileState: 'changed' };
  const missing: Model = { ...ownModel, fileState: 'missing' };
  const { host } = await show([changed, missing], {
    async *'models.add'(input) {
      add(input);
      host.models.set([copy, missing]);
      yield { type: 'added', model: copy };
    },
  });
  press('Read it anew: My copy');
  await waitFor(() => expect(text()).not.toContain('File has changed'));
  expect(add).toHaveBeenCalledWith({ path: '/m/copy.gguf', placement: 'in-place' });
  press(`Find it: ${ownModel.name}`);
  await waitFor(() => expect(text()).toContain('Path of the file'));
});

it('opens the folder and shows a file where there is a file manager, and only there', async () => {
  const [openFolder, showFile] = [vi.fn(), vi.fn()];
  const handlers = { 'models.openFolder': openFolder, 'models.showInFolder': showFile };
  await show([copy], { 'app.describe': () => desktop, ...handlers });
  press('Open folder');
  await choose('My copy', 'Show the file');
  await waitFor(() => expect(showFile).toHaveBeenCalled());
  expect(showFile.mock.calls[0]?.[0]).toEqual({ id: copy.id });
  expect(openFolder).toHaveBeenCalledOnce();
});
