// Files that conversations leave in. Bugs these catch: something active in a page, a file that is written over, half a
// file under the name of a whole one after a full disk, a stop or a kill, a fault of the folder told as one of the app.
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  statfs,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExportFormat } from '#contract/transfer.ts';
import { chatGptConversation, claudeConversation } from '../support/exported-files.ts';
import { GERMAN_WORDS } from '../support/exported-words.ts';
import { startKillableHost } from '../support/killable-host.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { exportTo, importFrom } from '../support/transfers.ts';
import { startWiredApp, type WiredApp } from '../support/wired-app.ts';

const FORMATS = ['markdown', 'html', 'json'] as const;

let wired: WiredApp;
let folder: string;
beforeEach(async () => {
  wired = await startWiredApp();
  folder = await mkdtemp(join(tmpdir(), 'lapidary-export-'));
});
afterEach(async () => {
  await wired.destroy();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function bringIn(conversations: unknown[], app: Pick<WiredApp, 'client'> = wired): Promise<void> {
  const path = join(await mkdtemp(join(folder, 'in-')), 'export.json');
  await writeFile(path, JSON.stringify(conversations));
  await importFrom(app, path);
  await rm(join(path, '..'), { recursive: true });
}

const takeOut = (format: ExportFormat, ids: number[] | null = null, to = folder): Promise<string> =>
  exportTo(wired, { format, ids, folder: to });

const leftovers = async (of = folder): Promise<string[]> =>
  (await readdir(of)).filter((name) => name.includes('partial'));

/** Some megabytes, in several conversations. */
const many = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    ...claudeConversation,
    uuid: `u-${index}`,
    chat_messages: [
      claudeConversation.chat_messages[0],
      { ...claudeConversation.chat_messages[1], text: 'word '.repeat(20_000), content: [] },
    ],
  }));

test('Markdown and web pages hold what is shown; nothing in a page runs or loads anything', async () => {
  const hostile =
    '<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://example.com/i.png) **bold**';
  const messages = [
    claudeConversation.chat_messages[0],
    { ...claudeConversation.chat_messages[1], text: hostile, content: [] },
  ];
  await bringIn([{ ...claudeConversation, name: 'a/b: <i>', chat_messages: messages }]);
  const [only] = await wired.client.call('chat.list', {});
  const page = await readFile(await takeOut('html', [only?.id ?? 0]), 'utf8');
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('<strong>bold</strong>');
  expect(page).not.toMatch(/<script|<img|href="javascript|<i>/iu);
  const markdown = await takeOut('markdown', [only?.id ?? 0]);
  expect(markdown).toMatch(/a b i\.md$/u);
  expect(await readFile(markdown, 'utf8')).toContain('## Du\n\nCapital of France?\n\n## Antwort');
  await bringIn([chatGptConversation]);
  expect((await readdir(await takeOut('markdown'))).toSorted()).toEqual(['Capitals.md', 'a b i.md']);
  expect(await leftovers()).toEqual([]);
});

test('a folder or a conversation that is not there is named', async () => {
  await expect(takeOut('json', null, join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'export-folder-missing',
  });
  await expect(takeOut('json', [12_345])).rejects.toMatchObject({ code: 'not-found' });
});

test('what is there already stays as it is, and the new one gets another name', async () => {
  await bringIn([claudeConversation]);
  const [only] = await wired.client.call('chat.list', {});
  await writeFile(join(folder, 'Capitals.md'), 'mine');
  await writeFile(join(folder, 'Capitals.md.lapidary-partial'), 'mine too');
  await mkdir(join(folder, 'Capitals (2).md'));
  expect(await takeOut('markdown', [only?.id ?? 0])).toBe(join(folder, 'Capitals (3).md'));
  expect(await readFile(join(folder, 'Capitals.md'), 'utf8')).toBe('mine');
  expect(await readFile(join(folder, 'Capitals.md.lapidary-partial'), 'utf8')).toBe('mine too');
  const [first, second] = [await takeOut('html'), await takeOut('html')];
  expect(second).toBe(`${first} (2)`);
});

test('a title as long as a file name can be is no hindrance', async () => {
  await bringIn([{ ...claudeConversation, name: '長'.repeat(200) }]);
  const [only] = await wired.client.call('chat.list', {});
  for (const format of FORMATS)
    expect(basename(await takeOut(format, [only?.id ?? 0]))).toMatch(/^長{70,80}\./u);
  await takeOut('markdown');
  expect(await leftovers()).toEqual([]);
});

test('two exports of the same at the same time both come out whole', async () => {
  await bringIn(many(3));
  const paths = await Promise.all([
    takeOut('json'),
    takeOut('json'),
    takeOut('markdown'),
    takeOut('markdown'),
  ]);
  expect(new Set(paths).size).toBe(4);
  const [one, other] = await Promise.all(paths.slice(0, 2).map((path) => readFile(path, 'utf8')));
  expect(one).toBe(other);
  expect((JSON.parse(one ?? '') as { conversations: unknown[] }).conversations).toHaveLength(3);
  expect(await leftovers()).toEqual([]);
});

test('a full disk is named as that of the folder, and nothing is left on it', async (context) => {
  const disk = mountSmallDisk(context, 'size=300k');
  await bringIn(many(6));
  for (const format of FORMATS) {
    await expect(takeOut(format, null, disk)).rejects.toMatchObject({ code: 'export-disk-full' });
    expect(await readdir(disk)).toEqual([]);
  }
  const { bavail, blocks } = await statfs(disk);
  expect(bavail).toBeGreaterThan(blocks * 0.9);
  // The app itself goes on.
  expect(await wired.client.call('chat.list', {})).toHaveLength(6);
});

test('a folder that can not be written is named as such', async (context) => {
  const disk = mountSmallDisk(context, 'size=1m,ro');
  await bringIn([claudeConversation]);
  await expect(takeOut('json', null, disk)).rejects.toMatchObject({ code: 'export-folder-unwritable' });
  const locked = join(folder, 'locked');
  await mkdir(locked);
  await chmod(locked, 0o500);
  // Root may write anywhere.
  if (process.getuid?.() !== 0)
    await expect(takeOut('json', null, locked)).rejects.toMatchObject({ code: 'export-folder-unwritable' });
});

test('a folder that goes away in the middle is named, a stop leaves nothing behind', async () => {
  await bringIn(many(30));
  const gone = join(folder, 'gone');
  await mkdir(gone);
  const wish = { ids: null, format: 'markdown', words: GERMAN_WORDS } as const;
  const events = wired.client.stream('transfer.export', { ...wish, folder: gone });
  await events.next();
  await rename(gone, join(folder, 'elsewhere'));
  const rest = (async () => {
    for await (const _ of events);
  })();
  await expect(rest).rejects.toMatchObject({ code: 'export-folder-missing' });

  const stopped = join(folder, 'stopped');
  await mkdir(stopped);
  for await (const event of wired.client.stream('transfer.export', {
    ...wish,
    format: 'json',
    folder: stopped,
  })) {
    expect(event.type).toBe('writing');
    break;
  }
  await expect.poll(() => readdir(stopped)).toEqual([]);
});

test('a kill leaves nothing that looks whole; the next export goes on beside it, a later one removes it', async () => {
  const host = startKillableHost(join(folder, 'data'));
  await bringIn(many(100), host);
  const target = join(folder, 'out');
  await mkdir(target);
  const wish = { ids: null, format: 'json', folder: target, words: GERMAN_WORDS } as const;
  const killed = (async () => {
    for await (const event of host.client.stream('transfer.export', wish))
      if (event.type === 'writing' && event.doneBytes > 0) await host.kill();
  })();
  await killed.catch(() => {}); // It was killed.
  const [left = '', ...more] = await readdir(target);
  expect([left.endsWith('.lapidary-partial'), more]).toEqual([true, []]);
  const others = ['mine.lapidary-partial', `copy-of-${left}`];
  for (const name of others) await writeFile(join(target, name), 'mine');
  await mkdir(join(target, left.replace(/-[^-]+\./u, '-aaaaaaaaaaaa.'), 'inner'), { recursive: true });
  const next = startKillableHost(join(folder, 'data'));
  try {
    const path = await exportTo(next, { format: 'json', folder: target });
    const whole = JSON.parse(await readFile(path, 'utf8')) as { conversations: unknown[] };
    expect(whole.conversations).toHaveLength(100);
    // It may be written at the moment, by an app that shares the folder.
    expect(await readdir(target)).toContain(left);
    const names = (await readdir(target)).filter((name) => name !== basename(path));
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const name of names) await utimes(join(target, name), longAgo, longAgo);
    const second = await exportTo(next, { format: 'markdown', folder: target });
    expect((await readdir(target)).toSorted()).toEqual(
      [basename(path), basename(second), ...others].toSorted(),
    );
  } finally {
    await next.kill();
  }
});
