import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { DataHealth } from '#contract/app.ts';
import { HealthStore } from '../../../src-renderer/app/health-store.svelte.ts';
import RecoveryPage from '../../../src-renderer/app/RecoveryPage.svelte';
import { createFakeHost } from '../../support/fake-api.ts';

const damaged: DataHealth = {
  usable: false,
  failure: { code: 'database-damaged' },
  backups: [
    { file: 'a.sqlite', createdAt: Date.UTC(2026, 4, 3, 12), sizeBytes: 4_300_000, reason: 'daily' },
    {
      file: 'b.sqlite',
      createdAt: Date.UTC(2026, 4, 2, 12),
      sizeBytes: 4_100_000,
      reason: 'before-migration',
    },
  ],
};
let page: Record<string, unknown> | null = null;

afterEach(async () => {
  if (page) await unmount(page);
  page = null;
});

async function show(health: DataHealth) {
  const restored = vi.fn();
  const reload = vi.fn();
  const host = createFakeHost({ 'app.restoreBackup': ({ file }) => restored(file) });
  host.health.set(health);
  const store = new HealthStore(host.api, reload);
  await vi.waitFor(() => expect(store.health).not.toBeNull());
  page = mount(RecoveryPage, { target: document.body, props: { store } });
  flushSync();
  return { host, store, restored, reload };
}

// Catches a page that offers to replace data without saying what happened or which backup it is.
it('says what happened and lists the backups with date and size', async () => {
  await show(damaged);
  const text = document.body.textContent;
  expect(text).toContain('The file with your conversations is damaged');
  expect(text).toContain('May 3, 2026');
  expect(text).toContain('4.1 MB');
  expect(document.querySelectorAll('li')).toHaveLength(2);
});

// Catches a restore that happens on the first press, over data that may still be good.
it('restores only after it was confirmed', async () => {
  const { restored } = await show(damaged);
  document.querySelectorAll<HTMLButtonElement>('li button')[1]?.click();
  flushSync();
  expect(restored).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).not.toBeNull());
  const confirm = [...document.querySelectorAll('button')].find((button) =>
    button.textContent?.includes('Restore this backup'),
  );
  confirm?.click();
  await vi.waitFor(() => expect(restored).toHaveBeenCalledWith('b.sqlite'));
});

it('says so when there is no backup', async () => {
  await show({ ...damaged, backups: [] });
  expect(document.body.textContent).toContain('There is no backup yet');
});

// Catches stores that keep the failures of the damaged database after it was replaced.
it('starts the page afresh once the data can be used again', async () => {
  const { host, reload } = await show(damaged);
  host.health.set({ usable: true, failure: null, backups: [] });
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
});
