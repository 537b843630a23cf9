// E-books: chapters in the order of the book's spine.
import { posix } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { ReadBlock } from '#contract/reader.ts';
import { openArchive, type Archive } from '../archive.ts';
import { prose } from '../blocks.ts';
import { HtmlBody } from '../html/html-body.ts';
import type { About, Piece, Source } from '../source.ts';
import { elements, walk } from '../xml.ts';

/** Fonts may be scrambled; that is no protection of the text. */
const SCRAMBLED_FONT = /idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC/;

interface Package {
  title: string | null;
  /** Names of the chapters' parts in the zip. */
  chapters: string[];
}

export async function* readEpub(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  const archive = await openArchive(source);
  await refuseProtected(archive);
  const { title, chapters } = await readPackage(archive);
  about.title = title;
  const total = chapters.reduce((sum, name) => sum + archive.sizeOf(name), 0) || 1;
  let done = 0;
  let unreadable = chapters.filter((name) => !archive.has(name)).length;
  for (const name of chapters) {
    try {
      for await (const blocks of chapterBlocks(archive, name)) yield { blocks, progress: done / total };
    } catch (error) {
      // One damaged chapter is not the whole book.
      if (!(error instanceof AppError) || error.code !== 'file-damaged') throw error;
      unreadable += 1;
    }
    done += archive.sizeOf(name);
  }
  if (chapters.length === unreadable) throw new AppError('file-damaged', 'No chapter can be read');
  if (unreadable > 0) about.notes.push({ code: 'parts-unreadable', count: unreadable });
}

async function* chapterBlocks(archive: Archive, name: string): AsyncGenerator<ReadBlock[], void, void> {
  const body = new HtmlBody({ keepAround: false });
  for await (const { blocks } of walk(archive.chunks(name), body, 'html')) yield blocks;
  yield body.end();
}

async function readPackage(archive: Archive): Promise<Package> {
  const container = elements(await archive.text('META-INF/container.xml'));
  const path = container.find(({ name }) => local(name) === 'rootfile')?.attributes['full-path'] ?? '';
  if (!archive.has(path)) throw new AppError('file-damaged', 'The book has no list of its parts');
  const parts = new Map<string, string>();
  const chapters: string[] = [];
  let title: string | null = null;
  for (const { name, attributes, text } of elements(await archive.text(path))) {
    if (local(name) === 'title') title ??= prose(text) || null;
    if (local(name) === 'item' && isPage(attributes['media-type'])) {
      parts.set(attributes['id'] ?? '', resolved(path, attributes['href'] ?? ''));
    }
    const chapter = local(name) === 'itemref' ? parts.get(attributes['idref'] ?? '') : undefined;
    if (chapter) chapters.push(chapter);
  }
  return { title, chapters };
}

function isPage(mediaType: string | undefined): boolean {
  return mediaType === 'application/xhtml+xml' || mediaType === 'text/html';
}

/** A part's name in the zip from its address in the book's list. */
function resolved(list: string, address: string): string {
  const path = address.split('#')[0] ?? '';
  try {
    return posix.join(posix.dirname(list), decodeURIComponent(path));
  } catch {
    return posix.join(posix.dirname(list), path);
  }
}

/** @throws AppError file-encryption-unknown */
async function refuseProtected(archive: Archive): Promise<void> {
  const listed = elements(await archive.text('META-INF/encryption.xml'));
  const methods = listed.filter(({ name }) => local(name) === 'EncryptionMethod');
  if (methods.some(({ attributes }) => !SCRAMBLED_FONT.test(attributes['Algorithm'] ?? ''))) {
    throw new AppError('file-encryption-unknown', 'A book with copy protection');
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
