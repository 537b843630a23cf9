// The parts of a download that can be judged without a network: which bytes are there, what a journal survives, what
// an answer means, when to try again.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { BandwidthLimit } from '../../../../src-main/services/downloads/transfer/bandwidth-limit.ts';
import { BLOCK_BYTES, BlockMap } from '../../../../src-main/services/downloads/transfer/block-map.ts';
import { ConnectionCount } from '../../../../src-main/services/downloads/transfer/connection-count.ts';
import { compare } from '../../../../src-main/services/downloads/transfer/file-identity.ts';
import { decodeJournal, Journal } from '../../../../src-main/services/downloads/transfer/journal.ts';
import { Patience } from '../../../../src-main/services/downloads/transfer/patience.ts';
import { judge } from '../../../../src-main/services/downloads/transfer/range-answer.ts';
import { RateMeter } from '../../../../src-main/services/downloads/transfer/rate-meter.ts';
import { retryDelayMs } from '../../../../src-main/services/downloads/retry-policy.ts';

const identity = {
  repository: 'ada/gems',
  revision: 'main',
  path: 'deep/ü.gguf',
  commit: null,
  sizeBytes: 3 * BLOCK_BYTES + 5,
  sha256: 'a'.repeat(64),
  etag: '"x"',
};

test('claims never overlap, leave nothing out, and skip what is there', () => {
  const blocks = fc.array(fc.constantFrom(0, 7, BLOCK_BYTES), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 4 }), (done, stretch) => {
      const map = new BlockMap(
        done.length * BLOCK_BYTES,
        done.map((doneBytes) => ({ doneBytes, crc: 0 })),
      );
      let claimed = 0;
      let before = 0;
      for (let claim = map.claim(stretch * BLOCK_BYTES); claim; claim = map.claim(stretch * BLOCK_BYTES)) {
        expect(claim.start).toBeGreaterThanOrEqual(before);
        before = claim.end;
        claimed += claim.end - claim.start;
      }
      expect(claimed).toBe(map.sizeBytes - map.doneBytes);
    }),
  );
});

test('a released claim can be claimed again, from where its bytes end', () => {
  const map = new BlockMap(2 * BLOCK_BYTES);
  const claim = map.claim(1)!;
  expect(claim).toEqual({ start: 0, end: BLOCK_BYTES });
  map.set(0, { doneBytes: 100, crc: 1 });
  map.release(claim);
  expect(map.claim(1)).toEqual({ start: 100, end: BLOCK_BYTES });
});

test('a journal tells the next process all, and a torn or missing record costs only its block', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'journal');
  const journal = Journal.create(path, identity);
  journal.record(0, { doneBytes: BLOCK_BYTES, crc: 1 });
  journal.record(1, { doneBytes: 17, crc: 0xffffffff });
  journal.record(3, { doneBytes: 5, crc: 0 });
  journal.close();
  const whole = readFileSync(path);
  expect(decodeJournal(whole)).toEqual({
    identity,
    records: [
      { doneBytes: BLOCK_BYTES, crc: 1 },
      { doneBytes: 17, crc: 0xffffffff },
      { doneBytes: 0, crc: 0 },
      { doneBytes: 5, crc: 0 },
    ],
    verified: null,
  });
  const torn = Buffer.from(whole);
  torn[8192 + 16]! ^= 1;
  expect(decodeJournal(torn)?.records[1]).toEqual({ doneBytes: 0, crc: 0 });
  expect(decodeJournal(torn)?.records[0]).toEqual({ doneBytes: BLOCK_BYTES, crc: 1 });
  truncateSync(path, whole.length - 3);
  expect(decodeJournal(readFileSync(path))?.records[3]).toEqual({ doneBytes: 0, crc: 0 });
});

test('no journal of ours, whatever is in it, is an exception', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'journal');
  Journal.create(path, identity).close();
  const whole = readFileSync(path);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      decodeJournal(changed);
    }),
  );
  expect(decodeJournal(Buffer.alloc(0))).toBeNull();
  writeFileSync(path, 'something else'.repeat(1000));
  expect(Journal.open(path)).toBeNull();
});

const claim = { start: 100, end: 200 };
test.each([
  [206, { 'content-range': 'bytes 100-199/1000' }, { kind: 'part', end: 200 }],
  [206, { 'content-range': 'bytes 100-149/1000' }, { kind: 'part', end: 150 }],
  [206, { 'content-range': 'bytes 100-999/1000' }, { kind: 'part', end: 200 }],
  [206, { 'content-range': 'bytes 0-99/1000' }, { kind: 'odd' }],
  [206, {}, { kind: 'odd' }],
  [206, { 'content-range': 'bytes 100-199/999' }, { kind: 'changed' }],
  [206, { 'content-range': 'bytes 100-199/1000', etag: '"other"' }, { kind: 'changed' }],
  [200, { 'content-length': '1000' }, { kind: 'whole' }],
  [200, { 'content-length': '999' }, { kind: 'changed' }],
  [200, { 'content-length': '1000', etag: '"other"' }, { kind: 'changed' }],
  [416, {}, { kind: 'changed' }],
  [403, {}, { kind: 'refused' }],
  [404, {}, { kind: 'refused' }],
])('an answer %i with %o is %o', (status, headers, verdict) => {
  const answer = { status, headers: headers as Record<string, string>, url: 'http://a/b' };
  expect(judge(answer, { claim, etag: '"mine"', sizeBytes: 1000 })).toEqual(verdict);
});

test('what was promised outweighs what was begun', () => {
  const wanted = { repository: 'a/b', revision: 'main', path: 'a.gguf', sizeBytes: null, sha256: null };
  const found = { url: '', token: null, commit: null, etag: '"x"', sizeBytes: identity.sizeBytes };
  const same = { ...found, sha256: identity.sha256 };
  const other = { ...found, sha256: 'b'.repeat(64) };
  expect(compare(identity, wanted, same)).toBe('same');
  expect(compare(identity, wanted, other)).toBe('changed');
  expect(compare(identity, { ...wanted, sha256: identity.sha256 }, other)).toBe('wrong');
  expect(compare(identity, wanted, { ...same, sizeBytes: 1 })).toBe('changed');
  expect(compare(identity, wanted, { ...found, sha256: null, etag: '"y"' })).toBe('changed');
});

test('a further connection stays only where it makes the whole clearly faster', () => {
  const grows = new ConnectionCount();
  for (const rate of [10, 20, 30, 40, 50]) grows.observe(rate);
  expect(grows.allowed).toBe(4);
  const not = new ConnectionCount();
  for (const rate of [10, 11, 50]) not.observe(rate);
  expect(not.allowed).toBe(1);
});

test('the limit charges what came, lets a short burst through, and can be taken away', () => {
  let now = 0;
  const limit = new BandwidthLimit(() => now);
  expect(limit.charge(1e9)).toBe(0);
  limit.set(1000);
  now = 10_000;
  expect(limit.charge(250)).toBe(0);
  expect(limit.charge(1000)).toBe(1000);
  limit.set(null);
  expect(limit.charge(1e9)).toBe(0);
});

test('the rate is that of the last seconds', () => {
  let now = 0;
  const meter = new RateMeter(() => now);
  expect(meter.perSecond()).toBeNull();
  for (; now < 20_000; now += 500) meter.add(now < 10_000 ? 5000 : 50);
  expect(meter.perSecond()).toBeGreaterThan(50);
  expect(meter.perSecond()).toBeLessThan(150);
});

test('patience ends after failures in a row, and progress renews it', () => {
  const patience = new Patience(10);
  expect([0, 0, 0, 0, 0, 0].map((done) => patience.failed(done))).toEqual([10, 20, 40, 80, 160, null]);
  expect(patience.failed(1)).toBe(10);
});

test('what passes by itself is tried again, what needs a person is not', () => {
  const tuning = { firstDelayMs: 1000, folderLookMs: 3000 };
  const delay = (code: AppError['code'], failures: number, details = {}): number | null =>
    retryDelayMs(new AppError(code, '', { details }), failures, tuning);
  expect([1, 2, 3, 20].map((failures) => delay('offline', failures))).toEqual([1000, 2000, 4000, 60_000]);
  expect(delay('hub-rate-limited', 1, { seconds: 7 })).toBe(7000);
  expect(delay('hub-rate-limited', 1, { seconds: 1e9 })).toBe(3_600_000);
  expect(delay('folder-missing', 9)).toBe(3000);
  for (const code of ['hub-gated', 'disk-full', 'download-damaged', 'hub-file-missing'] as const) {
    expect(delay(code, 1)).toBeNull();
  }
});
