// The hub's channels through the whole app: real requests to a server on this machine, the real engine, no window.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TINY_MODEL } from '../support/gguf-files.ts';
import type { HubServer } from '../support/hub-server/hub-control.ts';
import { startHubServer } from '../support/hub-server/hub-server.ts';
import { startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

const before = process.env['HF_ENDPOINT'];
let server: HubServer;
let wired: WiredApp;

beforeAll(async () => {
  server = await startHubServer();
  process.env['HF_ENDPOINT'] = server.endpoint;
  await server.addRepository({
    name: 'user/tiny',
    licence: 'apache-2.0',
    files: [{ path: 'tiny-Q8_0.gguf', content: { kind: 'disk', path: TINY_MODEL } }],
  });
  wired = await startWiredApp();
});

afterAll(async () => {
  await wired.destroy();
  await server.close();
  if (before === undefined) delete process.env['HF_ENDPOINT'];
  else process.env['HF_ENDPOINT'] = before;
});

it('asks nobody before a person asks: catches an app that calls home at its start', async () => {
  await until(async () => (await wired.client.call('app.describe', undefined)).version);
  expect(await server.requests()).toEqual([]);
});

it('opens what was pasted and judges it before anything is downloaded', async () => {
  const opened = await wired.client.call('hub.open', { address: 'hf:user/tiny:q8_0' });
  expect(opened).toMatchObject({ repository: 'user/tiny', licence: 'apache-2.0', named: 0 });
  const { source } = opened.models[0]!;
  const { header, fit } = await wired.client.call('hub.inspect', { source });
  expect(header.architecture).toMatch(/^gemma/);
  expect(fit.need.totalBytes).toBeGreaterThan(header.fileSizeBytes);
  expect(await wired.client.call('hub.search', { query: 'tiny' })).toHaveLength(1);
});

it('tells what went wrong in codes that the window has words for', async () => {
  await expect(wired.client.call('hub.open', { address: 'tiny' })).rejects.toMatchObject({
    code: 'hub-address',
  });
  await expect(wired.client.call('hub.open', { address: 'user/none' })).rejects.toMatchObject({
    code: 'hub-not-found',
    details: { repository: 'user/none' },
  });
});

it('keeps a token for the session where the host has no secret store, and forgets it when told', async () => {
  await server.setTokens({ hf_mine: 'me' });
  const states: string[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    const statuses = wired.client.stream('hub.watch', undefined, stop.signal);
    for await (const status of statuses) states.push(status.token);
  })().catch(() => {});
  await until(() => states.length === 1);
  await wired.client.call('hub.setToken', { token: 'hf_mine' });
  await until(() => states.at(-1) === 'session');
  await expect(wired.client.call('hub.setToken', { token: 'hf_no' })).rejects.toMatchObject({
    code: 'hub-token-refused',
  });
  await wired.client.call('hub.setToken', { token: null });
  await until(() => states.at(-1) === 'none');
  stop.abort();
  await watching;
});
