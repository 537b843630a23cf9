// Bugs these catch: a document whose text is half there after a kill, one that is read twice or never, a removed one
// that cannot come back, a file that changed and is not noticed, an upload that stays on the disk for ever.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Document } from '#contract/documents.ts';
import type { ReadBlock } from '#contract/reader.ts';
import type { AppDatabase } from '../../../../src-main/database/app-database.ts';
import { LibraryService } from '../../../../src-main/services/documents/library-service.ts';
import type { ReadingService } from '../../../../src-main/services/reading/reading-service.ts';
import { createPlace, openAt, type Place } from '../../database/database-fixture.ts';

/** A line is a block, '# ' begins a heading; `before` runs before each file is read. */
function lineReader(before: (path: string) => Promise<void> | void = () => {}): Pick<ReadingService, 'read'> {
  return {
    async read({ path, name }) {
      await before(path);
      const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
      const blocks = lines.map((line): ReadBlock => {
        const heading = line.startsWith('# ');
        const shared = { page: null, continues: false, text: heading ? line.slice(2) : line };
        return heading
          ? { ...shared, kind: 'heading', level: 1 }
          : { ...shared, kind: 'paragraph', level: null };
      });
      return {
        format: 'markdown',
        title: name.endsWith('.md') ? null : 'Own',
        pages: null,
        notes: [],
        blocks,
      };
    },
  };
}

interface Opened {
  place: Place;
  database: AppDatabase;
  library: LibraryService;
  uploadsFolder: string;
}

async function open(place: Place, reading = lineReader()): Promise<Opened> {
  const database = await openAt(place);
  const uploadsFolder = join(place.folder, 'uploads');
  const log = { error: () => 'id', info: () => {} } as never;
  const library = new LibraryService({ database, reading, uploadsFolder, now: place.now, log });
  onTestFinished(() => library.close());
  await library.resume();
  return { place, database, library, uploadsFolder };
}

const find = ({ library }: Opened, id: number): Document | undefined =>
  library.library.value.documents.find((document) => document.id === id);

const untilState = (opened: Opened, id: number, state: Document['state']): Promise<void> =>
  vi.waitFor(() => expect(find(opened, id)?.state).toBe(state), { timeout: 5000 });

const file = (place: Place, name: string, text: string): string => {
  const path = join(place.folder, name);
  writeFileSync(path, text);
  return path;
};

const LONG = Array.from(
  { length: 400 },
  (_, index) => `Paragraph ${index} tells of the stone. It shines.`,
).join('\n');

describe('a document', () => {
  it('is read with its structure, facts and passages', async () => {
    const opened = await open(createPlace());
    const path = file(opened.place, 'gems.md', `# Ruby\nA red stone, hard and rare.\n# Opal\n${LONG}`);
    const { added } = await opened.library.addPaths([path], null);
    const id = added[0] ?? 0;
    await untilState(opened, id, 'ready');
    expect(find(opened, id)).toMatchObject({ title: 'gems.md', language: 'en', path, fileState: 'same' });
    expect(opened.library.outline(id).map(({ title }) => title)).toEqual(['Ruby', 'Opal']);
    const passages = opened.database.texts.passages(id);
    for (const { start, end, text } of passages) expect(opened.library.text(id, { start, end })).toBe(text);
    expect(passages.length).toBeGreaterThan(10);
    expect(opened.library.blocks(id, 0, 2).blocks.map(({ text }) => text)).toEqual([
      'Ruby',
      'A red stone, hard and rare.',
    ]);
  });

  it('that was pasted is called by its first line, and its file is gone once it is read', async () => {
    const opened = await open(createPlace());
    const { id, title } = await opened.library.addText('', '\n\nOn stones\nThey are hard.');
    expect(title).toBe('On stones');
    await untilState(opened, id, 'ready');
    await vi.waitFor(() => expect(readdirSync(opened.uploadsFolder)).toEqual([]));
    await expect(opened.library.addText('', ' \n ')).rejects.toMatchObject({ code: 'message-empty' });
  });

  it('that fails keeps its reason, and is read by another try', async () => {
    let locked = true;
    const reading = lineReader(() => {
      if (locked) throw new AppError('file-encrypted', 'It wants a password');
    });
    const opened = await open(createPlace(), reading);
    const { id } = await opened.library.addText('Secret', 'A stone.');
    await untilState(opened, id, 'failed');
    expect(find(opened, id)?.failure).toEqual({ code: 'file-encrypted' });
    locked = false;
    opened.library.read(id, 'word');
    await untilState(opened, id, 'ready');
    expect(find(opened, id)?.failure).toBeNull();
  });

  it('that is read again has its new text alone, and keeps the title a person gave it', async () => {
    const opened = await open(createPlace());
    const path = file(opened.place, 'gems.md', LONG);
    const id = (await opened.library.addPaths([path], null)).added[0] ?? 0;
    await untilState(opened, id, 'ready');
    opened.library.rename(id, 'My gems');
    writeFileSync(path, 'Only this is left of it now.');
    await opened.library.lookAtFiles();
    await vi.waitFor(() => expect(find(opened, id)?.fileState).toBe('changed'));
    opened.library.read(id);
    await vi.waitFor(() => expect(find(opened, id)?.characters).toBe(28));
    expect(opened.database.texts.passages(id)).toHaveLength(1);
    expect(find(opened, id)).toMatchObject({ title: 'My gems', fileState: 'same' });
  });

  it('comes once, however often its path is added', async () => {
    const opened = await open(createPlace());
    mkdirSync(join(opened.place.folder, 'books'));
    const path = file(opened.place, 'books/gems.md', LONG);
    file(opened.place, 'books/music.mp3', 'no text');
    const first = await opened.library.addPaths([path], null);
    const again = await opened.library.addPaths([join(opened.place.folder, 'books')], null);
    expect(again).toEqual({ added: [], known: first.added, skipped: ['music.mp3'] });
  });
});

describe('the search', () => {
  it('finds passages by their words and headings, of what is in the library alone', async () => {
    const opened = await open(createPlace());
    const { id } = await opened.library.addText('Gems', `# Ruby mines\n${LONG}\nOnly here stands a quetzal.`);
    await untilState(opened, id, 'ready');
    const find = (query: string, documentIds: number[] | null = null) =>
      opened.database.search.searchPassages({ query, documentIds, limit: 5 });
    const [hit] = await find('quetz');
    expect(hit?.excerpt).toContain('\u{E000}quetz\u{E001}al');
    const { start, end, text } = hit!.passage;
    expect(opened.library.text(id, { start, end })).toBe(text);
    expect((await find('ruby mines'))[0]?.passage.headings).toEqual(['Ruby mines']);
    expect(await find('quetzal', [id + 1])).toEqual([]);
    for (const query of ['"', '* AND (', '\0', '🙂', 'NEAR(a b)']) await find(query);
    opened.library.remove([id]);
    expect(await find('quetzal')).toEqual([]);
  });
});

describe('a removed document', () => {
  it('comes back whole until the app quits, and is erased with its text at the next start', async () => {
    const place = createPlace();
    const opened = await open(place);
    const { id } = await opened.library.addText('Gems', LONG);
    await untilState(opened, id, 'ready');
    opened.library.remove([id]);
    await vi.waitFor(() => expect(find(opened, id)).toBeUndefined());
    opened.library.restore([id]);
    await untilState(opened, id, 'ready');
    opened.library.remove([id]);
    await opened.library.close();
    await opened.database.close();
    const next = await open(place);
    expect(next.database.texts.blocks(id, 0, 10)).toEqual([]);
    expect(next.database.texts.passages(id)).toEqual([]);
  });
});

describe('after a kill', () => {
  it('what was being read is read again, from its beginning', async () => {
    const place = createPlace();
    const { promise: never } = Promise.withResolvers<void>();
    const killed = await open(
      place,
      lineReader(() => never),
    );
    const { id } = await killed.library.addText('Gems', LONG);
    await untilState(killed, id, 'reading');
    const left = killed.database.documents.get(id)?.upload ?? '';
    expect(existsSync(left)).toBe(true);
    const next = await open(place);
    await untilState(next, id, 'ready');
    expect(next.database.texts.passages(id).length).toBeGreaterThan(5);
  });
});
