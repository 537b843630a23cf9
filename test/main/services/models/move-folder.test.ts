// Moving the models folder: whole files in one of the two places at any moment, nothing half, and it goes on where
// it was stopped. On another disk (a tmpfs) files are copied; on the same one they get a second name.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi, type TestContext } from 'vitest';
import type { MoveEvent } from '#contract/models.ts';
import { FolderUse } from '../../../../src-main/services/models/folder-use.ts';
import { FolderMove, type Relocation } from '../../../../src-main/services/models/move/move-folder.ts';
import { mountSmallDisk } from '../../../support/small-disk.ts';

let folder: string;
let source: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-move-'));
  source = join(folder, 'models');
  await mkdir(join(source, 'below'), { recursive: true });
  await writeFile(join(source, 'a.gguf'), Buffer.alloc(6_000_000, 'a'));
  await writeFile(join(source, 'below', 'b.gguf'), Buffer.alloc(4_000_000, 'b'));
  await writeFile(join(source, 'c.gguf.part'), 'half');
  await writeFile(join(source, 'c.gguf.part.journal'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NAMES = ['a.gguf', 'below/b.gguf', 'c.gguf.part', 'c.gguf.part.journal'];

/** A mover as it is after every start of the app. */
function createMove(switchTo: (folder: string, files: Relocation[]) => Promise<void> = async () => {}) {
  const folderUse = new FolderUse();
  const switched = vi.fn(switchTo);
  const log = { info: vi.fn(), error: vi.fn(() => 'id'), flush: async () => {} };
  const options = { dataFolder: folder, folderUse, switchTo: switched, log };
  return { move: new FolderMove({ ...options, source: async () => source }), folderUse, switched, log };
}

async function run(move: FolderMove, target: string, signal = new AbortController().signal) {
  const events: MoveEvent[] = [];
  for await (const event of move.move(target, signal)) events.push(event);
  return events;
}

const listAll = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted();
};

test('copies to another disk, verified, and only then uses the new place and deletes the old files', async (context) => {
  const disk = mountSmallDisk(context, 'size=300m');
  const times = await Promise.all(
    NAMES.map(async (name) => Math.trunc((await stat(join(source, name))).mtimeMs)),
  );
  const { move, switched } = createMove(async (target, files) => {
    expect(await listAll(source)).toEqual(NAMES);
    expect(await listAll(target)).toEqual(['.lapidary-move.jsonl', ...NAMES]);
    expect(files.map(({ modifiedAt }) => modifiedAt)).toEqual(times);
  });
  const events = await run(move, join(disk, 'new'));
  expect(switched).toHaveBeenCalledOnce();
  expect(events.at(-1)).toEqual({ type: 'moved' });
  const bytes = events.flatMap((event) => (event.type === 'moved' ? [] : [event.doneBytes]));
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['copying', 'verifying', 'moved']));
  expect(await listAll(join(disk, 'new'))).toEqual(NAMES);
  expect((await readFile(join(disk, 'new', 'a.gguf'))).equals(Buffer.alloc(6_000_000, 'a'))).toBe(true);
  const moved = NAMES.map(async (name) => Math.trunc((await stat(join(disk, 'new', name))).mtimeMs));
  expect(await Promise.all(moved)).toEqual(times);
  await expect(stat(source)).rejects.toThrow('ENOENT');
  expect(await move.unfinished()).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

test('on the same disk nothing is copied', async () => {
  const inodes = (await stat(join(source, 'a.gguf'))).ino;
  const { move } = createMove();
  expect(await run(move, join(folder, 'new'))).toEqual([{ type: 'moved' }]);
  expect((await stat(join(folder, 'new', 'a.gguf'))).ino).toBe(inodes);
  expect(await listAll(join(folder, 'new'))).toEqual(NAMES);
  expect(await readdir(folder)).toEqual(['new']);
});

test('stopped, it leaves the old folder as it was, says so, and goes on without copying anything again', async (context) => {
  const target = join(mountSmallDisk(context, 'size=300m'), 'new');
  const stop = new AbortController();
  const { move, switched } = createMove();
  const moving = (async () => {
    for await (const event of move.move(target, stop.signal)) {
      if (event.type !== 'moved' && event.name === 'below/b.gguf') stop.abort();
    }
  })();
  await expect(moving).rejects.toMatchObject({ code: 'cancelled' });
  expect(switched).not.toHaveBeenCalled();
  expect(await listAll(source)).toEqual(NAMES);
  expect(await listAll(target)).toEqual(['.lapidary-move.jsonl', 'a.gguf']);
  expect(await move.unfinished()).toBe(target);

  const events = await run(createMove().move, target);
  expect(events.some((event) => event.type !== 'moved' && event.name === 'a.gguf')).toBe(false);
  expect(await listAll(target)).toEqual(NAMES);
});

test('what was copied is thrown away when the person gives up, or chooses another folder', async (context) => {
  const disk = mountSmallDisk(context, 'size=300m');
  const stopEarly = async (target: string): Promise<void> => {
    for await (const event of createMove().move.move(target, new AbortController().signal)) {
      if (event.type !== 'moved' && event.name === 'below/b.gguf') break;
    }
  };
  await stopEarly(join(disk, 'one'));
  expect(await listAll(join(disk, 'one'))).toContain('a.gguf');
  await createMove().move.giveUp();
  expect(await readdir(disk)).toEqual([]);
  expect(await createMove().move.unfinished()).toBeNull();
  await stopEarly(join(disk, 'one'));
  await run(createMove().move, join(disk, 'two'));
  expect(await readdir(disk)).toEqual(['two']);
  expect(await listAll(join(disk, 'two'))).toEqual(NAMES);
});

test('a file that changed since it was copied is copied again; one that was deleted goes there too', async (context) => {
  const target = join(mountSmallDisk(context, 'size=300m'), 'new');
  const { move } = createMove();
  const stop = new AbortController();
  const moving = (async () => {
    for await (const event of move.move(target, stop.signal)) {
      if (event.type !== 'moved' && event.name === 'c.gguf.part') stop.abort();
    }
  })();
  await expect(moving).rejects.toMatchObject({ code: 'cancelled' });
  await writeFile(join(source, 'a.gguf'), Buffer.alloc(6_000_000, 'A'));
  await utimes(join(source, 'a.gguf'), 1_700_000_000, 1_700_000_000);
  await unlink(join(source, 'below', 'b.gguf'));
  await run(createMove().move, target);
  expect(await listAll(target)).toEqual(['a.gguf', 'c.gguf.part', 'c.gguf.part.journal']);
  expect((await readFile(join(target, 'a.gguf'))).equals(Buffer.alloc(6_000_000, 'A'))).toBe(true);
});

test('a kill between the switch and the last deletion is made good at the next start', async (context) => {
  const target = join(mountSmallDisk(context, 'size=300m'), 'new');
  const killed = createMove(async () => {
    throw new Error('killed');
  });
  await expect(run(killed.move, target)).rejects.toThrow();
  expect(await listAll(source)).toEqual(NAMES);
  expect(await killed.move.unfinished()).toBeNull();
  const next = createMove();
  await next.move.finishAtStart();
  expect(next.switched).toHaveBeenCalledWith(
    target,
    expect.arrayContaining([expect.objectContaining({ to: join(target, 'a.gguf') })]),
  );
  expect(await listAll(target)).toEqual(NAMES);
  await expect(stat(source)).rejects.toThrow('ENOENT');
});

test('a line that a kill cut off, and half a file, are not taken for whole', async (context) => {
  const target = join(mountSmallDisk(context, 'size=300m'), 'new');
  const { move } = createMove();
  for await (const event of move.move(target, new AbortController().signal)) {
    if (event.type !== 'moved' && event.name === 'below/b.gguf') break;
  }
  const journal = join(target, '.lapidary-move.jsonl');
  await writeFile(journal, `${await readFile(journal, 'utf8')}{"type":"file","name":"below/b.gg`);
  await mkdir(join(target, 'below'), { recursive: true });
  await writeFile(join(target, 'below', 'b.gguf'), 'bb');
  await writeFile(join(target, 'below', 'b.gguf.lapidary-moving'), 'bbb');
  await run(createMove().move, target);
  expect(await listAll(target)).toEqual(NAMES);
  expect((await stat(join(target, 'below', 'b.gguf'))).size).toBe(4_000_000);
});

test('no room: said before the first byte', async (context) => {
  const disk = mountSmallDisk(context, 'size=100m');
  await expect(run(createMove().move, join(disk, 'new'))).rejects.toMatchObject({
    code: 'disk-full',
    details: { neededBytes: 10_000_006 },
  });
  expect(await listAll(join(disk, 'new'))).toEqual(['.lapidary-move.jsonl']);
  expect(await listAll(source)).toEqual(NAMES);
});

test('refuses a folder inside the present one, and a disk that can not be written', async (context: TestContext) => {
  const { move } = createMove();
  for (const target of [source, join(source, 'below'), 'relative/path']) {
    await expect(run(move, target)).rejects.toMatchObject({ code: 'folder-not-empty' });
  }
  const disk = mountSmallDisk(context, 'size=1m,ro');
  await expect(run(move, join(disk, 'new'))).rejects.toMatchObject({ code: 'folder-not-empty' });
  expect(await listAll(source)).toEqual(NAMES);
});

test('a folder with other things in it gets a folder of ours', async () => {
  const target = join(folder, 'stick');
  await mkdir(target);
  await writeFile(join(target, 'letter.txt'), 'Dear Ada');
  await run(createMove().move, target);
  expect(await listAll(target)).toEqual([...NAMES.map((name) => `Lapidary models/${name}`), 'letter.txt']);
});

test('nobody works in the folder meanwhile, and downloads pause and go on', async () => {
  const { move, folderUse } = createMove();
  const resumed = vi.fn();
  const paused = vi.fn(async () => resumed);
  folderUse.register(paused);
  {
    using _ = folderUse.share();
    await expect(run(move, join(folder, 'new'))).rejects.toMatchObject({ code: 'folder-busy' });
  }
  expect(paused).not.toHaveBeenCalled();
  const moving = move.move(join(folder, 'new'), new AbortController().signal);
  await moving.next();
  expect(paused).toHaveBeenCalledOnce();
  expect(() => folderUse.share()).toThrow(expect.objectContaining({ code: 'folder-busy' }));
  expect(resumed).not.toHaveBeenCalled();
  await moving.next();
  expect(resumed).toHaveBeenCalledOnce();
  folderUse.share()[Symbol.dispose]();
});

test('an old file that somebody changed at the last moment is kept', async () => {
  const { move } = createMove(async () => {
    await rm(join(source, 'a.gguf'));
    await writeFile(join(source, 'a.gguf'), 'newer');
    await utimes(join(source, 'a.gguf'), 1_600_000_000, 1_600_000_000);
  });
  await run(move, join(folder, 'new'));
  expect(await listAll(source)).toEqual(['a.gguf']);
});

test('a models folder that was never used moves too', async () => {
  await rm(source, { recursive: true });
  const { move, switched } = createMove();
  await run(move, join(folder, 'new'));
  expect(switched).toHaveBeenCalledWith(join(folder, 'new'), []);
});

// Catches a move to where the models already are, offered for ever after a kill in its very last step.
test('a note that a kill left behind is no unfinished move, and does not keep the models from moving on', async () => {
  await writeFile(join(folder, 'models-move.json'), JSON.stringify({ target: source }));
  const { move } = createMove();
  await move.finishAtStart();
  expect(await move.unfinished()).toBeNull();
  await run(move, join(folder, 'new'));
  expect(await listAll(join(folder, 'new'))).toEqual(NAMES);
  expect(await readdir(folder)).toEqual(['new']);
});
