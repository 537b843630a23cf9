// Model files as the person looks after them: order and words of the list, those of other apps, dropping, long work.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import { DropStore } from '../../../src-renderer/features/models/drop/drop-store.svelte.ts';
import { AddModelStore } from '../../../src-renderer/features/models/installed/add-model-store.svelte.ts';
import { DiscoverStore } from '../../../src-renderer/features/models/installed/discover-store.svelte.ts';
import { fileLine, sortModels } from '../../../src-renderer/features/models/installed/installed-words.ts';
import { formatDay } from '../../../src-renderer/messages/format.ts';
import { createStores, type Stores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { appInfo, demoModel, ownModel } from '../../support/fake-data.ts';
import { discovered, diskUse, modelFileHandlers } from '../../support/fake-model-files.ts';

const DAY_MS = 86_400_000;

function begin(replace: Parameters<typeof createFakeHost>[0] = {}) {
  const host = createFakeHost(replace);
  return { host, stores: createStores(host.api) };
}

const toasts = ({ toasts: { list } }: Stores): string[] => list.map(({ text }) => text);

describe('the list', () => {
  const named = (name: string, more: Partial<Model>): Model => ({ ...ownModel, name, ...more });
  const list = [
    demoModel,
    named('Gemma 10', { id: 3, sizeBytes: 1, lastUsedAt: 5 }),
    named('Gemma 9', { id: 4, sizeBytes: 9, lastUsedAt: null, addedAt: 7 }),
    named('gemma 2', { id: 5, sizeBytes: 5, lastUsedAt: 8, addedAt: 1 }),
  ];
  const names = (order: 'used' | 'name' | 'size'): string[] =>
    sortModels(list, order).map(({ name }) => name);

  // Catches "Gemma 10" before "Gemma 9", and the demo on top of a person's own models.
  it('stands in the chosen order, the demo model last', () => {
    expect(names('name')).toEqual(['gemma 2', 'Gemma 9', 'Gemma 10', 'Demo model']);
    expect(names('size')).toEqual(['Gemma 9', 'gemma 2', 'Gemma 10', 'Demo model']);
    expect(names('used')).toEqual(['gemma 2', 'Gemma 10', 'Gemma 9', 'Demo model']);
  });

  it('says where a file lies, what it takes and when it was used', () => {
    const model = { ...ownModel, placement: 'copied' as const, sizeBytes: 2.4 * 1024 ** 3 };
    expect(fileLine(model, null)).toBe('In the models folder · 2.4 GB on disk · not used yet');
    expect(fileLine({ ...model, lastUsedAt: Date.now() }, 96 * 1024 ** 2)).toContain('last used today');
  });

  // Catches "yesterday" for what was done 23 hours ago on the same day, and the other way round.
  it('counts days by the calendar', () => {
    const noon = new Date(2026, 4, 10, 12).getTime();
    expect(formatDay(noon - 13 * 3_600_000, noon)).toBe('yesterday');
    expect(formatDay(noon - 11 * 3_600_000, noon)).toBe('today');
    expect(formatDay(noon - 3 * DAY_MS, noon)).toBe('3 days ago');
    expect(formatDay(noon - 9 * DAY_MS, noon)).toBe('May 1, 2026');
  });
});

describe('models of other apps', () => {
  it('are listed by app, those in the list already marked', async () => {
    const { stores } = begin();
    const store = new DiscoverStore(stores);
    await store.look();
    expect(store.apps.map(({ app, models }) => [app, models.length])).toEqual([
      ['lm-studio', 2],
      ['ollama', 2],
      ['hugging-face', 1],
    ]);
    expect(store.stateOf(discovered[0]!)).toBe('known');
    expect(store.newCount).toBe(4);
  });

  // Catches one model that can't run keeping all the others out.
  it('are added in place, all at once, and each that fails says why', async () => {
    const places = new Set<string>();
    const { stores } = begin({
      async *'models.add'({ path, placement }) {
        places.add(placement);
        if (path.includes('nomic')) throw new AppError('model-unsupported', 'Unknown');
        yield { type: 'checking', doneBytes: 1, totalBytes: 2 };
        yield { type: 'added', model: { ...ownModel, path } };
      },
    });
    const store = new DiscoverStore(stores);
    await store.look();
    await store.addAll();
    expect(discovered.map((model) => store.stateOf(model))).toEqual([
      'known',
      'known',
      'known',
      'failed',
      'known',
    ]);
    expect(store.failureOf(discovered[3]!)?.code).toBe('model-unsupported');
    expect(toasts(stores)).toEqual(['3 models were added.']);
    expect([...places]).toEqual(['in-place']);
    expect(store.busy).toBe(false);
  });

  it('are no longer added once the person has closed the list', async () => {
    const add = vi.fn();
    const { stores } = begin({
      async *'models.add'(_, signal) {
        add();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield* [];
      },
    });
    const store = new DiscoverStore(stores);
    await store.look();
    const adding = store.addAll();
    await vi.waitFor(() => expect(add).toHaveBeenCalledOnce());
    store.stop();
    await adding;
    expect(add).toHaveBeenCalledOnce();
    expect(discovered.map((model) => store.failureOf(model))).toEqual(discovered.map(() => null));
  });
});

it('shows that a model is compared with its checksum, not that it is copied', async () => {
  const { stores } = begin({
    async *'models.add'(_, signal) {
      yield { type: 'checking', doneBytes: 1, totalBytes: 4 };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const store = new AddModelStore(stores, vi.fn());
  store.path = '/media/stick/model.gguf';
  await store.inspect();
  const adding = store.add();
  await vi.waitFor(() => expect(store.progress).toMatchObject({ type: 'checking', totalBytes: 4 }));
  store.stop();
  await adding;
  expect(store.step).toBe('inspected');
});

describe('files dropped onto the window', () => {
  let stores: Stores;
  let store: DropStore;
  beforeEach(async () => {
    ({ stores } = begin());
    store = new DropStore(stores);
    await vi.waitFor(() => expect(stores.appInfo.value).not.toBeNull());
  });
  const dragging = (type: string, types = ['Files']): DragEvent =>
    Object.assign(new Event(type, { cancelable: true }), {
      dataTransfer: { types, dropEffect: 'none' },
      relatedTarget: null,
    }) as unknown as DragEvent;
  const told = (paths: unknown, source: unknown = window): MessageEvent =>
    ({ data: { type: 'lapidary-dropped', paths }, source }) as MessageEvent;

  it('are awaited while they are held over it', () => {
    store.enter(dragging('dragenter'));
    expect(store.over).toBe(true);
    const over = dragging('dragover');
    store.hold(over);
    expect(over.defaultPrevented).toBe(true);
    store.leave(dragging('dragleave'));
    expect(store.over).toBe(false);
  });

  // Catches the window shutting itself off while a person drags a word, or a row of the queue.
  it('are told from what belongs to the page', () => {
    store.enter(dragging('dragenter', ['text/plain']));
    expect(store.over).toBe(false);
    store.beginOwn();
    store.enter(dragging('dragenter'));
    expect(store.over).toBe(false);
    store.endOwn();
    store.enter(dragging('dragenter'));
    expect(store.over).toBe(true);
  });

  // Catches a browser that is made to look as if it knew where files lie.
  it('can’t be found from a browser, which says so and shows the way', () => {
    const drop = dragging('drop');
    store.drop(drop);
    expect(drop.defaultPrevented).toBe(true);
    expect(toasts(stores)[0]).toContain('does not tell Lapidary where a dropped file lies');
    expect(stores.adding.open).toBe(false);
    stores.toasts.list[0]?.action?.run();
    expect(stores.adding).toMatchObject({ open: true, path: '' });
  });

  it('open the dialog one after the other; parts of one model are one, and what is none is refused by name', () => {
    const parts = ['/m/big-00002-of-00002.gguf', '/m/big-00001-of-00002.gguf'];
    store.receive(told([...parts, 'C:\\Users\\ada\\Other.GGUF', '/m/notes.txt', 7]));
    expect(stores.adding).toMatchObject({ path: '/m/big-00002-of-00002.gguf', waiting: 1 });
    expect(stores.adding.note).toBe('“notes.txt” is no model file. Lapidary takes files that end in .gguf.');
    stores.adding.next();
    expect(stores.adding).toMatchObject({ note: null, path: 'C:\\Users\\ada\\Other.GGUF', waiting: 0 });
    stores.adding.next();
    expect(stores.adding.open).toBe(false);
    store.receive(told(['/m/notes.txt', '/m/photos']));
    expect(stores.adding.open).toBe(false);
    expect(toasts(stores)).toEqual([
      '2 of the dropped files are no model files. Lapidary takes files that end in .gguf.',
    ]);
  });

  it('are believed only from this window', () => {
    store.receive(told(['/m/a.gguf'], {}));
    store.receive(told('/m/a.gguf'));
    store.receive({ data: null, source: window } as unknown as MessageEvent);
    expect(stores.adding.open).toBe(false);
  });

  // Catches a second drop that throws away the file being copied.
  it('wait behind the one that is being looked at, but take the place of an empty dialog', () => {
    const { adding } = stores;
    adding.ask();
    adding.take(['/m/a.gguf']);
    expect(adding).toMatchObject({ path: '/m/a.gguf', waiting: 0 });
    adding.take(['/m/b.gguf', '/m/a.gguf']);
    expect(adding).toMatchObject({ path: '/m/a.gguf', waiting: 1 });
    adding.close();
    adding.ask();
    adding.busy = true; // a path that was typed is being copied
    adding.take(['/m/c.gguf']);
    expect(adding).toMatchObject({ path: '', waiting: 1 });
  });
});

describe('the models folder', () => {
  it('moves, stops with what was done, goes on, and can be given up', async () => {
    const { stores } = begin({ ...modelFileHandlers(createFakeHost().models, 20) });
    const { modelsFolder: store } = stores;
    await store.refresh();
    const moving = store.move('/media/big');
    await vi.waitFor(() => expect(store.work.share).toBeGreaterThan(0.1));
    expect(store.work.running).toBe(true);
    store.work.stop();
    expect(await moving).toBe(false);
    expect(store.work).toMatchObject({ running: false, stopped: true, failure: null, step: null });
    expect(store.use).toMatchObject({ folder: diskUse.folder, unfinishedMove: '/media/big' });
    expect(await store.move('/media/big')).toBe(true);
    expect(store.use).toMatchObject({ folder: '/media/big', unfinishedMove: null });
    expect(toasts(stores)).toEqual(['The models are in /media/big now.']);
    await store.giveUp();
    expect(toasts(stores).at(-1)).toContain('The move was given up.');
  });

  // Catches a failure that nobody hears of because its dialog was closed.
  it('says why a move failed, in a notice when nobody looks', async () => {
    const { stores } = begin({
      // oxlint-disable-next-line eslint/require-yield -- it fails before its first step
      async *'models.moveFolder'() {
        throw new AppError('disk-full', 'Full');
      },
    });
    const { modelsFolder: store } = stores;
    store.watched = true;
    expect(await store.move('/media/big')).toBe(false);
    expect(store.work.failure?.code).toBe('disk-full');
    expect(toasts(stores)).toEqual([]);
    store.watched = false;
    await store.move('/media/big');
    expect(toasts(stores)).toEqual(['The disk is full']);
  });
});

it('an export counts copying and reading back as one way, and says where the model went', async () => {
  const { stores } = begin({
    'app.describe': () => appInfo,
    async *'models.export'({ folder }) {
      yield { type: 'copying', doneBytes: 5, totalBytes: 10 };
      await new Promise((resolve) => setTimeout(resolve, 30));
      yield { type: 'verifying', doneBytes: 5, totalBytes: 10 };
      await new Promise((resolve) => setTimeout(resolve, 30));
      yield { type: 'exported', path: `${folder}/model.gguf` };
    },
  });
  const { exporting } = stores;
  const shares = new Set<number | null>();
  const end = exporting.start(ownModel, '/media/stick');
  expect(await exporting.start(demoModel, '/media/stick')).toBe(false);
  expect(exporting.modelId).toBe(ownModel.id);
  while (exporting.work.running) {
    shares.add(exporting.work.share);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await end).toBe(true);
  expect([...shares].filter((share) => share !== null)).toEqual([0.25, 0.75]);
  expect(toasts(stores)).toEqual(['Gemma 3 4B Instruct was exported to /media/stick/model.gguf.']);
});
