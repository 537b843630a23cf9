// The dialogs of taking out and bringing in. Bugs these catch: a stop that the host does not hear, a failure or a
// skipped conversation that nobody is told of, work that ends unseen when its dialog was closed, words in one language.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { ExportWords, ImportReport } from '#contract/transfer.ts';
import type { Handlers } from '#rpc/define.ts';
import TransferDialogs from '../../../src-renderer/features/transfer/TransferDialogs.svelte';
import { createStores, type Stores } from '../../../src-renderer/stores/stores.ts';
import AppPartInContext from '../../support/AppPartInContext.svelte';
import { createFakeHost } from '../../support/fake-api.ts';

let part: Record<string, unknown> | null = null;
afterEach(async () => {
  if (part) await unmount(part);
  part = null;
});

function show(replace: Partial<Handlers<Contract>>): Stores {
  const stores = createStores(createFakeHost(replace).api);
  part = mount(AppPartInContext, { target: document.body, props: { stores, part: TransferDialogs } });
  return stores;
}

const dialog = (): HTMLElement | null => document.querySelector('[role="dialog"]');
const says = (text: string | RegExp): Promise<void> =>
  vi.waitFor(() => {
    flushSync();
    expect(dialog()?.textContent).toMatch(text);
  });

function press(name: string): void {
  const found = [...(dialog()?.querySelectorAll('button') ?? [])].find(
    (button) => button.textContent?.trim() === name,
  );
  if (!found) throw new Error(`No button ${name}`);
  found.click();
  flushSync();
}

async function write(path: string): Promise<void> {
  const field = await vi.waitFor(() => {
    flushSync();
    const input = dialog()?.querySelector<HTMLInputElement>('input:not([type="radio"])');
    if (!input) throw new Error('No field');
    return input;
  });
  field.value = path;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

const report: ImportReport = {
  apps: ['chatgpt', 'claude'],
  imported: 3,
  completed: 1,
  alreadyHere: 0,
  skipped: 3,
  skippedOnes: [
    { title: 'Half', file: 'export.json', reason: 'cut-off' },
    { title: '', file: 'export.json', reason: 'damaged' },
  ],
  stopped: false,
};

it('an import tells how far it is, stops when asked, and reports what did not come in and why', async () => {
  const stop = Promise.withResolvers<void>();
  const stores = show({
    async *'transfer.import'() {
      yield { type: 'reading', doneBytes: 25, totalBytes: 100, imported: 2, skipped: 0 };
      await stop.promise;
      yield { type: 'imported', report: { ...report, stopped: true } };
    },
    'transfer.stopImport': () => stop.resolve(),
  });
  stores.transfer.askImport();
  await write('/home/ada/export.zip');
  press('Import');
  await says('2 conversations in');
  expect(dialog()?.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('25');
  press('Stop');
  await says('You stopped it.');
  await says('3 conversations came in.');
  await says('1 that was here got the messages it lacked.');
  await says('3 did not come in.');
  await says('From ChatGPT, Claude');
  await says(/Half\s*export\.json\s*The file ends in the middle of it\./);
  await says(/Without a title/);
  await says('and 1 more');
  expect(dialog()?.textContent).not.toMatch(/0 were here already/);
  press('Import more');
  expect(stores.transfer.report).toBeNull();
});

it('an import that fails says why, and can be tried again with another path', async () => {
  const asked: string[] = [];
  const stores = show({
    // oxlint-disable-next-line require-yield -- it fails before its first word
    async *'transfer.import'({ path }) {
      asked.push(path);
      throw new AppError('import-unreadable', 'No');
    },
  });
  stores.transfer.askImport();
  await write('  /home/ada/letter.txt ');
  press('Import');
  await says('No conversations were found in it');
  await write('/home/ada/export.json');
  press('Import');
  await vi.waitFor(() => expect(asked).toEqual(['/home/ada/letter.txt', '/home/ada/export.json']));
});

it('an import goes on in the background, and its end is told there', async () => {
  const end = Promise.withResolvers<void>();
  const stores = show({
    async *'transfer.import'() {
      yield { type: 'reading', doneBytes: 1, totalBytes: 100, imported: 0, skipped: 0 };
      await end.promise;
      yield { type: 'imported', report };
    },
  });
  stores.transfer.askImport();
  await write('/home/ada/export.zip');
  press('Import');
  await says('0 conversations in');
  press('Go on in the background');
  expect(stores.transfer.importing.running).toBe(true);
  end.resolve();
  await vi.waitFor(() => expect(stores.toasts.list.at(-1)?.text).toBe('4 conversations were imported'));
});

it('an export sends the words of the interface, tells how far it is, and a stop ends it', async () => {
  const sent: ExportWords[] = [];
  let ended = false;
  const stores = show({
    async *'transfer.export'({ words }, signal) {
      sent.push(words);
      yield { type: 'writing', doneBytes: 10, doneConversations: 5, totalConversations: 20 };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
    },
  });
  stores.transfer.askExport(null);
  await write('/home/ada/out');
  press('Export');
  await says('5 of 20');
  expect(sent[0]).toMatchObject({
    question: 'You',
    answer: 'Answer',
    direction: 'ltr',
    attached: 'Attached',
  });
  press('Stop');
  await says('Stopped. Nothing was left behind.');
  await vi.waitFor(() => expect(ended).toBe(true));
});

it('an export that fails says what is wrong with the folder; one that is done closes and says where it is', async () => {
  let full = true;
  const stores = show({
    async *'transfer.export'({ folder }) {
      if (full) throw new AppError('export-disk-full', 'Full');
      yield { type: 'exported', path: `${folder}/a.md`, conversations: 2 };
    },
  });
  stores.transfer.askExport([1, 2]);
  await write('/home/ada/out');
  press('Export');
  await says('The disk of this folder is full');
  full = false;
  press('Export');
  await vi.waitFor(() => expect(stores.transfer.asked).toBeNull());
  expect(stores.toasts.list.at(-1)?.text).toBe('2 conversations are in /home/ada/out/a.md');
});

it('only a single conversation can be printed', async () => {
  const stores = show({});
  stores.transfer.askExport([1, 2]);
  await says('Export 2 conversations');
  expect(dialog()?.textContent).not.toContain('Print or PDF');
  stores.transfer.close();
  flushSync();
  stores.transfer.askExport([1]);
  await says('Print or PDF');
});
