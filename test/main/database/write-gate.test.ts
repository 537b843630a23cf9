// Who writes first. Bugs these catch: a gate that stays shut after an error, one that other threads do not see, writes
// of the host that do not shut it.
import { expect, test } from 'vitest';
import Sqlite from 'better-sqlite3';
import { Connection } from '../../../src-main/database/connection.ts';
import { WriteGate } from '../../../src-main/database/write-gate.ts';

test('it is taken while somebody writes, also for another gate over the same memory', async () => {
  const gate = new WriteGate();
  const elsewhere = new WriteGate(gate.shared);
  expect(gate.hold(() => elsewhere.taken)).toBe(true);
  expect(() => gate.hold(() => JSON.parse('no') as unknown)).toThrow();
  expect(elsewhere.taken).toBe(false);
  const { promise, reject } = Promise.withResolvers<void>();
  const holding = gate.holdFor(promise);
  expect(elsewhere.taken).toBe(true);
  reject(new Error('Failed'));
  await expect(holding).rejects.toThrow('Failed');
  expect(elsewhere.taken).toBe(false);
});

test('writing takes it, reading does not', () => {
  const gate = new WriteGate();
  const sqlite = new Sqlite(':memory:');
  const seen: boolean[] = [];
  sqlite.function('note', () => (seen.push(gate.taken), 1));
  const db = new Connection(sqlite, undefined, gate);
  db.query('SELECT note()').get();
  sqlite.exec('CREATE TABLE t (x)');
  db.command('INSERT INTO t VALUES (note())').run();
  db.transaction(() => db.query('SELECT note()').get());
  expect(seen).toEqual([false, true, true]);
  expect(gate.taken).toBe(false);
  sqlite.close();
});
