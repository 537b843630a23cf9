// The hub's protocol against a server that speaks it: what is found, what each refusal means, where the token goes.
import { describe, expect, it } from 'vitest';
import type { RepositorySetup } from '../../../support/hub-server/hub-control.ts';
import { until } from '../../../support/wired-app.ts';
import { NOBODY, openHubFixture, text } from './hub-fixture.ts';

const open: RepositorySetup = {
  name: 'user/open',
  licence: 'gemma',
  downloads: 500,
  files: [
    { path: 'm-Q8_0.gguf', content: { kind: 'generated', sizeBytes: 200_000, seed: 1 } },
    { path: 'sub/m-Q4_0.gguf', content: { kind: 'generated', sizeBytes: 100_000, seed: 2 } },
    { path: 'tiny.gguf', content: text('small'), lfs: false },
  ],
};
const gated: RepositorySetup = { ...open, name: 'google/gated', gated: 'manual', accepted: ['hf_accepted'] };
const hidden: RepositorySetup = { ...open, name: 'user/private', privateTo: ['hf_mine'] };
const main = (repository: string) => ({ repository, revision: 'main' });

describe('what is there', () => {
  it('opens a repository at the commit its branch stands at', async () => {
    const { server, hub } = await openHubFixture();
    await server.addRepository(open);
    const { commit, sha256 } = await server.facts('user/open', 'sub/m-Q4_0.gguf');
    const opened = await hub.open('https://huggingface.co/user/open/blob/main/sub/m-Q4_0.gguf', NOBODY);
    expect(opened).toMatchObject({
      repository: 'user/open',
      revision: commit,
      licence: 'gemma',
      gated: false,
      downloads: 500,
      named: 1,
    });
    expect(opened.models[1]!.source).toEqual({
      repository: 'user/open',
      revision: commit,
      files: [{ path: 'sub/m-Q4_0.gguf', sizeBytes: 100_000, sha256 }],
    });
    expect((await hub.open('hf:user/open:q8_0', NOBODY)).named).toBe(2);
  });

  it('searches by name', async () => {
    const { server, hub } = await openHubFixture();
    for (const setup of [open, gated, hidden]) await server.addRepository(setup);
    const found = await hub.search('gated', NOBODY);
    expect(found).toEqual([
      {
        repository: 'google/gated',
        downloads: 500,
        likes: 7,
        updatedAt: Date.UTC(2026, 10, 20, 12),
        gated: true,
      },
    ]);
    const [asked] = await server.requests();
    expect(asked!.url).toContain('filter=gguf');
  });

  it('finds where the bytes are: a signed link for large files, the hub itself for small ones', async () => {
    const { server, hub } = await openHubFixture();
    await server.addRepository(open);
    const facts = await server.facts('user/open', 'm-Q8_0.gguf');
    const large = await hub.resolveFile(main('user/open'), 'm-Q8_0.gguf', NOBODY);
    expect(large).toMatchObject({ ...facts, token: null });
    expect(large.url.startsWith(`${server.filesEndpoint}/`)).toBe(true);
    const small = await hub.resolveFile(main('user/open'), 'tiny.gguf', NOBODY);
    expect(small).toMatchObject({
      sizeBytes: 5,
      sha256: null,
      etag: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(small.url.startsWith(`${server.endpoint}/`)).toBe(true);
    expect((await server.requests()).map((request) => request.method)).toEqual(['HEAD', 'HEAD']);
  });

  it('asks again for a link that has run out, and gets one that works', async () => {
    const { server, hub, network } = await openHubFixture();
    await server.addRepository(open);
    const first = await hub.resolveFile(main('user/open'), 'm-Q8_0.gguf', NOBODY);
    await server.expireLinks();
    const get = { reason: 'download', redirect: 'follow' } as const;
    expect((await network.http.request(first.url, get)).status).toBe(403);
    const second = await hub.resolveFile(main('user/open'), 'm-Q8_0.gguf', NOBODY);
    const response = await network.http.request(second.url, get);
    response.discard();
    expect(response.status).toBe(200);
  });
});

describe('refusals', () => {
  it.each([
    { what: 'no token for a gated repository', repository: 'google/gated', code: 'hub-gated' },
    {
      what: 'terms not accepted',
      repository: 'google/gated',
      token: 'hf_other',
      code: 'hub-licence-pending',
    },
    { what: 'no such repository', repository: 'user/nothing', code: 'hub-not-found' },
    { what: 'none, with a token', repository: 'user/nothing', token: 'hf_other', code: 'hub-not-found' },
    { what: 'a private one', repository: 'user/private', token: 'hf_other', code: 'hub-not-found' },
    { what: 'a renamed file', repository: 'user/open', path: 'old.gguf', code: 'hub-file-missing' },
  ])('$what', async ({ repository, code, path = 'm-Q8_0.gguf', token }) => {
    const environment: Record<string, string> = token === undefined ? {} : { HF_TOKEN: token };
    const { server, hub } = await openHubFixture({ environment });
    for (const setup of [open, gated, hidden]) await server.addRepository(setup);
    await server.setTokens({ hf_other: 'other', hf_accepted: 'me' });
    await expect(hub.resolveFile(main(repository), path, NOBODY)).rejects.toMatchObject({
      code,
      details: { repository, path, host: new URL(server.endpoint).host },
    });
  });

  it.each([
    [429, { 'retry-after': '7' }, 'hub-rate-limited', { seconds: 7 }],
    [429, { ratelimit: '"api";r=0;t=55' }, 'hub-rate-limited', { seconds: 55 }],
    [429, {}, 'hub-rate-limited', {}],
    [500, {}, 'hub-unavailable', { status: 500 }],
    [503, {}, 'hub-unavailable', { status: 503 }],
    [404, { 'x-error-code': 'RevisionNotFound' }, 'hub-file-missing', {}],
    [403, { 'x-error-message': 'Access to this resource is disabled.' }, 'hub-not-found', {}],
    [401, { 'x-error-message': 'Invalid credentials in Authorization header' }, 'hub-token-refused', {}],
  ])('%i with %j', async (status, headers, code, details) => {
    const { server, hub } = await openHubFixture({ environment: { HF_TOKEN: 'hf_other' } });
    await server.addRepository(open);
    await server.failRequests({ kind: 'resolve', status, times: 1, headers });
    await expect(hub.resolveFile(main('user/open'), 'm-Q8_0.gguf', NOBODY)).rejects.toMatchObject({
      code,
      details: expect.objectContaining(details),
    });
    await server.failRequests({ kind: 'model', status, times: 1, headers });
    await expect(hub.open('user/open', NOBODY)).rejects.toMatchObject({
      code: code === 'hub-file-missing' ? expect.any(String) : code,
    });
  });

  it('an answer that is no JSON of this kind is the hub’s failure', async () => {
    const { server, hub } = await openHubFixture();
    await server.failRequests({ kind: 'search', status: 200, times: 1 });
    await expect(hub.search('gemma', NOBODY)).rejects.toMatchObject({ code: 'hub-unavailable' });
  });
});

describe('the token', () => {
  const tokens = { hf_mine: 'me' };
  const store = {
    encrypt: (words: string) => Buffer.from(`locked ${words}`),
    decrypt: (data: Buffer) => data.toString().replace('locked ', ''),
  };

  it('is checked, kept in the secret store, used, and forgotten', async () => {
    const { server, hub, database } = await openHubFixture({ secrets: store });
    await server.addRepository({ ...gated, accepted: ['hf_mine'] });
    await server.setTokens(tokens);
    expect(hub.status.value).toMatchObject({ endpoint: server.endpoint, mirror: true, token: 'none' });
    await hub.setToken(' hf_mine\n', NOBODY);
    expect(hub.status.value.token).toBe('stored');
    expect(database.secrets.get('hugging-face-token')?.toString()).toBe('locked hf_mine');
    await hub.resolveFile(main('google/gated'), 'm-Q8_0.gguf', NOBODY);
    await hub.setToken(null, NOBODY);
    expect(hub.status.value.token).toBe('none');
    expect(database.secrets.get('hugging-face-token')).toBeNull();
    await expect(hub.resolveFile(main('google/gated'), 'm-Q8_0.gguf', NOBODY)).rejects.toMatchObject({
      code: 'hub-gated',
    });
  });

  it('that is refused is not kept, and one before it stays', async () => {
    const { server, hub } = await openHubFixture({ secrets: store });
    await server.setTokens(tokens);
    await hub.setToken('hf_mine', NOBODY);
    await expect(hub.setToken('hf_wrong', NOBODY)).rejects.toMatchObject({ code: 'hub-token-refused' });
    await expect(hub.setToken('zwei Wörter', NOBODY)).rejects.toMatchObject({ code: 'hub-token-refused' });
    expect(hub.status.value.token).toBe('stored');
  });

  it('lives for the session where there is no secret store, and never in the database', async () => {
    const { server, hub, database } = await openHubFixture();
    await server.setTokens(tokens);
    await hub.setToken('hf_mine', NOBODY);
    expect(hub.status.value.token).toBe('session');
    expect(database.secrets.get('hugging-face-token')).toBeNull();
  });

  it('of the environment serves while no other is set', async () => {
    const { server, hub } = await openHubFixture({ environment: { HF_TOKEN: 'hf_env' }, secrets: store });
    await server.setTokens({ ...tokens, hf_env: 'env' });
    expect(hub.status.value.token).toBe('environment');
    await server.addRepository(open);
    await hub.open('user/open', NOBODY);
    await hub.setToken('hf_mine', NOBODY);
    await hub.open('user/open', NOBODY);
    const sent = (await server.requests())
      .filter((request) => request.kind === 'model')
      .map((request) => request.headers['authorization']);
    expect(sent).toEqual(['Bearer hf_env', 'Bearer hf_mine']);
    expect(hub.status.value.token).toBe('stored');
  });

  it('that the store no longer opens is as good as none: catches a start that fails on a new keyring', async () => {
    const decrypt = (): string => {
      throw new Error('Another key');
    };
    const { server, hub, database } = await openHubFixture({ secrets: { ...store, decrypt } });
    database.secrets.put('hugging-face-token', Buffer.from('locked hf_mine'));
    await server.addRepository(open);
    await hub.open('user/open', NOBODY);
    expect((await server.requests())[0]!.headers).not.toHaveProperty('authorization');
  });

  // Catches a token that comes back after the person removed it, in this window or in another.
  it('that was removed while another was being checked stays removed', async () => {
    const { server, hub, database } = await openHubFixture({ secrets: store });
    await server.setTokens(tokens);
    const checking = hub.setToken('hf_mine', NOBODY);
    await hub.setToken(null, NOBODY);
    await expect(checking).rejects.toMatchObject({ code: 'cancelled' });
    expect(hub.status.value.token).toBe('none');
    expect(database.secrets.get('hugging-face-token')).toBeNull();
  });

  it('lives for the session where the secret store stays closed: catches a token that can not be saved at all', async () => {
    const encrypt = (): Buffer => {
      throw new Error('The keyring is locked');
    };
    const { server, hub } = await openHubFixture({ secrets: { ...store, encrypt } });
    await server.setTokens(tokens);
    await server.addRepository(hidden);
    await hub.setToken('hf_mine', NOBODY);
    expect(hub.status.value.token).toBe('session');
    expect((await hub.open('user/private', NOBODY)).repository).toBe('user/private');
  });

  it('of the environment that can be none is left alone: catches requests that all fail on it', async () => {
    const { server, hub } = await openHubFixture({ environment: { HF_TOKEN: 'zwei Wörter' } });
    await server.addRepository(open);
    await hub.open('user/open', NOBODY);
    expect(hub.status.value.token).toBe('none');
  });

  it('never goes to a mirror', async () => {
    const { hub, settings, network } = await openHubFixture({ environment: { HF_TOKEN: 'hf_env' } });
    settings.set({ ...settings.value, hubMirror: 'https://hf-mirror.example', proxy: 'http://127.0.0.1:9' });
    expect(hub.endpoint()).toEqual({
      address: 'https://hf-mirror.example',
      mirror: true,
      takesToken: false,
    });
    await expect(hub.open('user/open', NOBODY)).rejects.toMatchObject({ code: 'proxy-failed' });
    expect(network.ledger.list(5).map((request) => request.host)).toEqual(['hf-mirror.example']);
  });

  it('tells whoever watches about a new mirror', async () => {
    const { hub, settings, database } = await openHubFixture({ secrets: store });
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const status of hub.watch(stop.signal)) seen.push(status.endpoint);
    })();
    await until(() => seen.length === 1);
    settings.set({ ...settings.value, hubMirror: 'https://hf-mirror.example/' });
    await until(() => seen.at(-1) === 'https://hf-mirror.example');
    // Catches an error that nobody handles when the database has closed meanwhile.
    await database.close();
    settings.set({ ...settings.value, hubMirror: 'https://other.example/' });
    await until(() => seen.at(-1) === 'https://other.example');
    stop.abort();
    await watching;
  });
});

describe('the ledger', () => {
  it('has every request with its reason, whatever became of it', async () => {
    const { server, hub, network, database } = await openHubFixture();
    await server.addRepository(open);
    await server.setTokens({ hf_mine: 'me' });
    await hub.open('user/open', NOBODY);
    await hub.open('user/nothing', NOBODY).catch(() => {});
    await hub.setToken('hf_mine', NOBODY);
    await hub.resolveFile(main('user/open'), 'm-Q8_0.gguf', NOBODY);
    await server.failRequests({ kind: 'search', status: 503, times: 1 });
    await hub.search('gemma', NOBODY).catch(() => {});
    await until(() => network.ledger.list(10).length === 5);
    const list = network.ledger.list(10);
    expect(list.map(({ reason, method, status }) => [reason, method, status]).toReversed()).toEqual([
      ['search', 'GET', 200],
      ['search', 'GET', 401],
      ['token', 'GET', 200],
      ['download', 'HEAD', 302],
      ['search', 'GET', 503],
    ]);
    const { host } = new URL(server.endpoint);
    expect(network.ledger.sumByHost()).toEqual([expect.objectContaining({ host, requests: 5 })]);
    expect(database.network.list(2)).toHaveLength(2);
  });
});
