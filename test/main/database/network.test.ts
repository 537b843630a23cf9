// The ledger of requests and the secrets, on a real database.
import { expect, it } from 'vitest';
import type { StoredRequest } from '../../../src-main/database/network-repository.ts';
import { RequestLedger } from '../../../src-main/services/network/request-ledger.ts';
import { until } from '../../support/wired-app.ts';
import { createPlace, openAt } from './database-fixture.ts';

const request = (startedAt: number, host = 'huggingface.co'): StoredRequest => ({
  startedAt,
  reason: 'download',
  method: 'GET',
  host,
  status: 206,
  sentBytes: 100,
  receivedBytes: 1000,
  durationMs: 5,
});
const quiet = { info: () => {}, error: () => 'id', flush: async () => {} };

it('lists the newest first and adds up by host', async () => {
  const { network } = await openAt(createPlace());
  network.add([request(1), request(3, 'cdn.hf.co'), { ...request(2), status: null }]);
  expect(network.list(2)).toEqual([request(3, 'cdn.hf.co'), { ...request(2), status: null }]);
  network.add([request(4)]);
  expect(network.sumByHost()).toEqual([
    { host: 'huggingface.co', requests: 3, sentBytes: 300, receivedBytes: 3000, lastAt: 4 },
    { host: 'cdn.hf.co', requests: 1, sentBytes: 100, receivedBytes: 1000, lastAt: 3 },
  ]);
});

it('keeps the newest twenty thousand: catches a ledger that grows without end', async () => {
  const { network } = await openAt(createPlace());
  network.add(Array.from({ length: 20_500 }, (_, index) => request(index)));
  network.add([request(30_000)]);
  const list = network.list(50_000);
  expect(list).toHaveLength(20_000);
  expect(list[0]!.startedAt).toBe(30_000);
});

it('writes a burst at once a little later, and what is left when it is asked: catches a write for each request', async () => {
  const { network } = await openAt(createPlace());
  const writes: number[] = [];
  const counted = {
    add: (requests: StoredRequest[]) => {
      writes.push(requests.length);
      network.add(requests);
    },
    list: (limit: number) => network.list(limit),
    sumByHost: () => network.sumByHost(),
  };
  const ledger = new RequestLedger(counted, quiet);
  for (let index = 0; index < 500; index++) ledger.add({ ...request(index), reason: 'download' });
  expect(writes).toEqual([]);
  await until(() => writes.length === 1);
  ledger.add({ ...request(501), reason: 'download' });
  expect(ledger.list(1)[0]!.startedAt).toBe(501);
  expect(writes).toEqual([500, 1]);
});

it('lets no request fail because the ledger can not be written', async () => {
  const problems: string[] = [];
  const add = (): never => {
    throw new Error('disk full');
  };
  const full = { add, list: () => [], sumByHost: () => [] };
  const log = { ...quiet, error: (message: string) => (problems.push(message), 'id') };
  const ledger = new RequestLedger(full, log);
  ledger.add({ ...request(1), reason: 'download' });
  expect(() => ledger.flush()).not.toThrow();
  expect(problems).toHaveLength(1);
});

it('keeps secrets as the bytes they came in', async () => {
  const { secrets } = await openAt(createPlace());
  const encrypted = Buffer.from([0, 1, 255, 39, 0]);
  secrets.put('token', encrypted);
  expect(secrets.get('token')).toEqual(encrypted);
  secrets.put('token', Buffer.from('other'));
  expect(secrets.get('token')?.toString()).toBe('other');
  secrets.remove('token');
  expect(secrets.get('token')).toBeNull();
});
