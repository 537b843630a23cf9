import { expect, it, vi } from 'vitest';
import type { EngineStatus } from '#contract/models.ts';
import type { ConnectionState } from '../../src-renderer/bridge.ts';
import { createFakeHost } from '../support/fake-api.ts';
import { engineStatus } from '../support/fake-data.ts';

// Catches a page that shows old values for ever after the host was restarted.
it('follows a stream again after the connection was lost', async () => {
  const host = createFakeHost();
  const seen: EngineStatus['state'][] = [];
  host.api.subscribe('models.watchEngine', undefined, (status) => seen.push(status.state));
  await vi.waitFor(() => expect(seen).toEqual(['ready']));
  host.disconnect();
  host.engine.set({ ...engineStatus, state: 'stopped' });
  await vi.waitFor(() => expect(seen).toEqual(['ready', 'stopped']), 3000);
  expect(host.connections).toBe(2);
});

// Catches a subscription that goes on after its component is gone.
it('hears nothing more after it stopped following', async () => {
  const host = createFakeHost();
  const heard = vi.fn();
  const stop = host.api.subscribe('models.watchEngine', undefined, heard);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1));
  stop();
  host.engine.set({ ...engineStatus, state: 'stopped' });
  await host.api.call('app.describe', undefined);
  expect(heard).toHaveBeenCalledTimes(1);
});

// Catches a button that waits for ever while there is no connection, and one that fails during the first one.
it('waits for the first connection, but refuses at once while it is lost', async () => {
  const host = createFakeHost();
  const states: ConnectionState[] = [];
  host.api.onConnection((state) => states.push(state));
  await expect(host.api.call('app.describe', undefined)).resolves.toMatchObject({ host: 'browser' });
  host.down = true;
  host.disconnect();
  await vi.waitFor(() => expect(states.at(-1)).toBe('lost'));
  await expect(host.api.call('app.describe', undefined)).rejects.toMatchObject({ code: 'connection-lost' });
  const reconnected = vi.fn();
  host.api.onReconnect(reconnected);
  host.down = false;
  await vi.waitFor(() => expect(reconnected).toHaveBeenCalledOnce(), 3000);
  expect(states).toEqual(['connecting', 'connected', 'lost', 'connected']);
});

// Catches a subscription that hides the host's own refusal and asks again for ever.
it('reports an error of the stream and ends', async () => {
  const host = createFakeHost({
    // eslint-disable-next-line require-yield
    async *'chat.watch'() {
      throw new (await import('#contract/errors.ts')).AppError('database-damaged', 'Damaged');
    },
  });
  const failed = vi.fn();
  host.api.subscribe('chat.watch', undefined, () => {}, failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
  expect(failed.mock.calls[0]?.[0]).toMatchObject({ code: 'database-damaged' });
});
