// The network's end, and the ledger when the database takes nothing: no row may be missing afterwards.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { NetworkService } from '../../../../src-main/services/network/network-service.ts';
import { RequestLedger } from '../../../../src-main/services/network/request-ledger.ts';
import type { RequestRecord } from '../../../../src-main/services/network/http-types.ts';
import type { NetworkRepository, StoredRequest } from '../../../../src-main/database/network-repository.ts';
import { createPlace, openAt } from '../../database/database-fixture.ts';

const QUIET = { info: () => {}, error: () => 'id', flush: async () => {} };
const GET = { reason: 'download', redirect: 'follow' } as const;

async function openNetwork(
  proxy: string,
): Promise<{ network: NetworkService; repository: NetworkRepository }> {
  const { network: repository } = await openAt(createPlace());
  const network = new NetworkService({
    repository,
    endpoint: () => (proxy === 'none' ? 'http://127.0.0.1:1' : 'https://huggingface.co'),
    proxy: () => proxy,
    systemProxy: { unavailable: 'browser-mode' },
    environment: {},
    log: QUIET,
  });
  return { network, repository };
}

// Catches a quit that stops half way, before the database is closed, because a proxy's address was mistyped.
it('closes also after a proxy whose address nothing can be made of', async () => {
  const { network, repository } = await openNetwork('http://name:100%@127.0.0.1:9');
  const request = network.http.request('https://huggingface.co/', GET);
  await expect(request).rejects.toMatchObject({ code: 'proxy-failed' });
  await network.close();
  expect(repository.list(5)).toMatchObject([{ host: 'huggingface.co', status: null }]);
});

// Catches what was under way when the app quit: gigabytes that nobody would ever see in the ledger.
it('writes down what was under way when it closed', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 });
    response.write(Buffer.alloc(5000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const { network, repository } = await openNetwork('none');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const response = await network.http.request(address, GET);
  const reading = (async () => {
    let bytes = 0;
    for await (const chunk of response.body) bytes += chunk.length;
    return bytes;
  })();
  reading.catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  await network.close();
  expect(repository.list(5)).toMatchObject([{ status: 200, method: 'GET' }]);
  await expect(reading).rejects.toMatchObject({ code: 'network-failed' });
});

function record(host: string): RequestRecord {
  const counts = { sentBytes: 1, receivedBytes: 2, durationMs: 3 };
  return { startedAt: 1, reason: 'download', method: 'GET', host, status: 200, ...counts };
}

// Catches a full disk that costs rows: they wait in memory until there is room.
it('keeps what the database would not take, and writes it with the next request', () => {
  let full = true;
  const written: StoredRequest[] = [];
  const errors: string[] = [];
  const ledger = new RequestLedger(
    {
      add: (records) => {
        if (full) throw new Error('The disk is full');
        written.push(...records);
      },
      list: () => written,
      sumByHost: () => [],
    },
    { ...QUIET, error: (message) => errors.push(message).toString() },
  );
  ledger.add(record('a'));
  ledger.flush();
  ledger.add(record('b'));
  ledger.flush();
  expect(written).toEqual([]);
  expect(errors).toHaveLength(1);
  full = false;
  ledger.add(record('c'));
  expect(ledger.list(9).map(({ host }) => host)).toEqual(['a', 'b', 'c']);
});

it('does not fill the memory with what can never be written', () => {
  const batches: number[] = [];
  const ledger = new RequestLedger(
    {
      add: (records) => {
        batches.push(records.length);
        throw new Error('Read-only');
      },
      list: () => [],
      sumByHost: () => [],
    },
    QUIET,
  );
  for (let round = 0; round < 30; round++) {
    for (let index = 0; index < 100; index++) ledger.add(record(String(index)));
    ledger.flush();
  }
  expect(Math.max(...batches)).toBeLessThanOrEqual(2100);
});
