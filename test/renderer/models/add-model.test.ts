import { expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { AddModelStore } from '../../../src-renderer/features/models/installed/add-model-store.svelte.ts';
import { memorySentence } from '../../../src-renderer/features/models/model-words.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';

const GB = 1024 ** 3;

function begin(replace: Parameters<typeof createFakeHost>[0] = {}) {
  const host = createFakeHost(replace);
  const done = vi.fn();
  return { host, done, store: new AddModelStore(createStores(host.api), done) };
}

// Catches a pasted path in quotes, as file managers copy it, that is then not found.
it('looks into a file before anything is added', async () => {
  const { store } = begin();
  store.path = ' "/home/ada/my model.gguf" ';
  await store.inspect();
  expect(store.step).toBe('inspected');
  expect(store.inspected?.path).toBe('/home/ada/my model.gguf');
});

it('keeps the path and names the reason when it is no model', async () => {
  const { store } = begin({
    'models.inspect': () => {
      throw new AppError('model-not-gguf', 'No magic');
    },
  });
  store.path = '/home/ada/letter.docx';
  await store.inspect();
  expect(store.failure?.code).toBe('model-not-gguf');
  expect(store.path).toBe('/home/ada/letter.docx');
  expect(store.step).toBe('path');
});

// Catches a copy that goes on after it was stopped, or a dialog that closes as if it had been added.
it('stops copying on request and stays where one can go on', async () => {
  const aborted = vi.fn();
  const { store, done } = begin({
    async *'models.add'(_, signal) {
      yield { type: 'copying' as const, doneBytes: 1, totalBytes: 4 };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted();
    },
  });
  store.path = '/home/ada/model.gguf';
  await store.inspect();
  store.placement = 'copied';
  const adding = store.add();
  await vi.waitFor(() => expect(store.progress).toEqual({ type: 'copying', doneBytes: 1, totalBytes: 4 }));
  store.stop();
  await adding;
  await vi.waitFor(() => expect(aborted).toHaveBeenCalled());
  expect(done).not.toHaveBeenCalled();
  expect(store.stopped).toBe(true);
  expect(store.step).toBe('inspected');
});

it('closes once it is added', async () => {
  const { store, done, host } = begin();
  store.path = '/home/ada/model.gguf';
  await store.inspect();
  await store.add();
  expect(done).toHaveBeenCalledOnce();
  expect(host.models.value).toHaveLength(3);
  expect(store.path).toBe('');
});

// Catches words like "insufficient VRAM" coming back, and a verdict that contradicts its numbers.
it('says in plain words whether it fits', () => {
  const need = {
    contextSize: 8192,
    weightsBytes: 5 * GB,
    contextBytes: GB,
    totalBytes: 6.1 * GB,
    freeBytes: 3.9 * GB,
  };
  expect(memorySentence(need).numbers).toBe('This model needs about 6.1 GB of memory; 3.9 GB is free.');
  expect(memorySentence(need).fits).toBe(false);
  expect(memorySentence({ ...need, freeBytes: 8 * GB }).fits).toBe(true);
});
