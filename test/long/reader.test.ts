// Reading in real processes: a file that hangs, crashes or outgrows its reader costs its own reading and nothing else.
import { dirname } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { plainText } from '#contract/reader.ts';
import type { ReadingLimits } from '../../src-main/services/reading/reading-service.ts';
import { docxFile, wordParagraph } from '../support/office-writer.ts';
import { pdfFile, pdfLines } from '../support/pdf-writer.ts';
import { nativeParts, peakBytes, startReading, type ReadingProcesses } from '../support/reading-processes.ts';

const MEGABYTE = 1024 * 1024;
const GOOD = docxFile(wordParagraph('All is well.'));
/** Every end tag looks through all that are open. */
const HANGS = `<html><body>${'<div>'.repeat(250_000)}${'</p>'.repeat(250_000)}`;

let reading: ReadingProcesses | undefined;

afterEach(() => {
  reading?.close();
  reading = undefined;
});

function start(limits: Partial<ReadingLimits> = {}): ReadingProcesses {
  reading = startReading(limits);
  return reading;
}

async function readsOn(all: ReadingProcesses): Promise<void> {
  expect(plainText(await all.service.read(all.file('good.docx', GOOD)))).toBe('All is well.');
}

it('reads a PDF without any native part, one process for one file after the other', async () => {
  const all = start();
  const pages = Array.from({ length: 40 }, (_, index) => pdfLines([`Text of page ${index + 1}.`]));
  const pdf = all.file('a.pdf', pdfFile(pages));
  const texts: string[] = [];
  for await (const step of all.service.steps(pdf)) {
    if (step.type === 'blocks') texts.push(plainText(step));
    expect(nativeParts(all.children[0]!.pid!) ?? []).toEqual([]);
  }
  expect(texts.join('\n')).toContain('Text of page 40.');
  await readsOn(all);
  expect(all.children).toHaveLength(1);
});

it('ends a reader that makes no headway, and reads the next file', async () => {
  const all = start({ stepMs: 5000 });
  const hangs = all.service.read(all.file('a.html', HANGS));
  await expect(hangs).rejects.toMatchObject({ code: 'reader-timeout' });
  await readsOn(all);
  expect(all.children).toHaveLength(2);
});

it('ends a reading that is no longer wanted at once', async () => {
  const all = start();
  const abort = new AbortController();
  const hangs = all.service.read(all.file('a.html', HANGS), { signal: abort.signal });
  setTimeout(() => abort.abort(), 300);
  await expect(hangs).rejects.toMatchObject({ code: 'cancelled' });
  await readsOn(all);
});

it('says that a reader was killed in the middle, and reads the next file', async () => {
  const all = start();
  const text = all.file('a.txt', 'One word after the other.\n\n'.repeat(200_000));
  const steps = all.service.steps(text);
  expect((await steps.next()).value).toMatchObject({ type: 'blocks' });
  process.kill(all.children[0]!.pid!, 'SIGKILL');
  const rest = (async () => {
    for await (const step of steps) expect(step.type).toBe('blocks');
  })();
  await expect(rest).rejects.toMatchObject({ code: 'reader-crashed' });
  await readsOn(all);
});

it('stops a file that outgrows its memory, and reads the next one', async () => {
  const all = start({ memoryBytes: 300 * MEGABYTE });
  const numbering = '<a/>'.repeat(4_500_000);
  const large = all.file('a.docx', docxFile(wordParagraph('x'), { numbering }));
  await expect(all.service.read(large)).rejects.toMatchObject({ code: 'reader-memory' });
  await readsOn(all);
});

it('reads the beginning of a line without an end in little memory', async () => {
  const all = start({ memoryBytes: 400 * MEGABYTE, characters: 5_000_000 });
  const line = all.file('a.txt', Buffer.alloc(100 * MEGABYTE, 'abcdefghij'));
  let characters = 0;
  for await (const step of all.service.steps(line)) {
    if (step.type === 'end') expect(step.summary.notes).toEqual([{ code: 'cut-text', count: 5_000_000 }]);
    else for (const { text } of step.blocks) characters += text.length;
  }
  expect(characters).toBe(5_000_000);
  expect(peakBytes(all.children[0]!.pid!) ?? 0).toBeLessThan(300 * MEGABYTE);
});

it('reads many at once with two processes, and leaves none behind', async () => {
  const all = start();
  const texts = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      all.service.read(all.file(`${index}.docx`, docxFile(wordParagraph(`Number ${index}.`)))),
    ),
  );
  expect(texts.map(plainText)).toEqual(Array.from({ length: 6 }, (_, index) => `Number ${index}.`));
  expect(all.children.length).toBeLessThanOrEqual(2);
  const gone = all.children.map((child) => new Promise((resolve) => child.onExit(resolve)));
  all.service.close();
  await Promise.all(gone);
});

it('says what is no file or is not there', async () => {
  const all = start();
  const { path, name } = all.file('a.txt', 'x');
  await expect(all.service.read({ path: `${path}.gone`, name })).rejects.toMatchObject({
    code: 'file-missing',
  });
  await expect(all.service.read({ path: dirname(path), name })).rejects.toMatchObject({
    code: 'file-unreadable',
  });
  await readsOn(all);
  expect(all.children).toHaveLength(1);
});

it('logs where a parser failed, without what it said, which may quote the document', async () => {
  const all = start();
  const locked = pdfFile([pdfLines(['Words.'])], { password: 'x' }).toString('latin1');
  const broken = all.file('a.pdf', Buffer.from(locked.replace('/UE <', '/XX <'), 'latin1'));
  await expect(all.service.read({ ...broken, password: 'x' })).rejects.toMatchObject({
    code: 'file-damaged',
  });
  await readsOn(all);
  const [first = '', ...frames] = all.logged().split('\n');
  expect(first).toMatch(/^Reader: \w+$/);
  expect(frames.length).toBeGreaterThan(0);
  for (const frame of frames) expect(frame).toMatch(/^Reader: +at /);
});
