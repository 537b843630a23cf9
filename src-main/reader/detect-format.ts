// Which parser a file needs. Its content decides, whatever the name says; the name only tells kinds of text apart.
import { AppError } from '#contract/errors.ts';
import type { ReadFormat } from '#contract/reader.ts';
import type { Source } from './source.ts';
import { looksBinary } from './text/encoding.ts';
import { openArchive } from './archive.ts';

const ENDINGS = {
  markdown: 'md markdown mdown mkd mdx',
  html: 'html htm xhtml xht',
  subtitles: 'srt vtt',
  code:
    'astro bash bat c cc cfg clj cmake cmd conf cpp cs css csv cxx dart diff dockerfile elm env erl ex exs fish fs ' +
    'go gradle graphql groovy h hcl hpp hs hxx ini java jl js json json5 jsonc jsonl jsx kt kts less lisp log lua m ' +
    'make makefile mjs mk ml mm nim nix patch php pl pm properties proto ps1 py r rb rs sass scala scm scss sh sol ' +
    'sql svelte svg swift tcl tex tf toml ts tsv tsx v vb vim vue xml yaml yml zig zsh',
} satisfies Partial<Record<ReadFormat, string>>;
const BY_ENDING = new Map(
  Object.entries(ENDINGS).flatMap(([format, endings]) =>
    endings.split(' ').map((ending) => [ending, format as ReadFormat] as const),
  ),
);

/** Word, Excel and the like before 2007, and today's when they are encrypted. */
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** Readers look for a PDF's mark this far. */
const PDF_MARK_WITHIN = 1024;

/** @throws AppError file-type-unknown, file-encryption-unknown, file-damaged */
export async function detectFormat(source: Source): Promise<ReadFormat> {
  const { head } = source;
  const start = head.subarray(0, PDF_MARK_WITHIN).toString('latin1');
  if (start.includes('%PDF-')) return 'pdf';
  if (start.startsWith('PK\u0003\u0004') || start.startsWith('PK\u0005\u0006')) return archiveFormat(source);
  if (head.subarray(0, OLE.length).equals(OLE)) throw await oldOffice(source);
  if (start.startsWith('{\\rtf')) return 'rtf';
  if (looksBinary(head)) throw unknown(source.name);
  return textFormat(source.name, start);
}

function textFormat(name: string, start: string): ReadFormat {
  const byName = BY_ENDING.get(endingOf(name));
  if (byName) return byName;
  const opening = start
    .replace(/^(\u00EF\u00BB\u00BF)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*/s, '')
    .toLowerCase();
  if (opening.startsWith('<!doctype html') || opening.startsWith('<html')) return 'html';
  return start.includes('WEBVTT') && /^\W{0,3}WEBVTT/.test(start) ? 'subtitles' : 'text';
}

/** A name without a dot can be an ending itself: Makefile. */
function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

async function archiveFormat(source: Source): Promise<ReadFormat> {
  const archive = await openArchive(source);
  if (archive.has('word/document.xml') || archive.has('[Content_Types].xml')) {
    if ([...archive.names()].some((name) => /^word\/document\d*\.xml$/.test(name))) return 'docx';
    throw unknown(source.name);
  }
  if (archive.has('META-INF/container.xml')) return 'epub';
  const kind = archive.has('mimetype') ? (await archive.text('mimetype')).trim() : '';
  if (kind === 'application/epub+zip') return 'epub';
  if (/^application\/vnd\.oasis\.opendocument\.text(-template)?$/.test(kind)) return 'odt';
  throw unknown(source.name);
}

async function oldOffice({ head, handle, sizeBytes, name }: Source): Promise<AppError> {
  const mark = Buffer.from('EncryptedPackage', 'utf16le');
  const tail = Buffer.alloc(Math.min(head.length, sizeBytes));
  await handle.read(tail, 0, tail.length, sizeBytes - tail.length);
  if (!head.includes(mark) && !tail.includes(mark)) return unknown(name);
  return new AppError('file-encryption-unknown', 'An encrypted Office document');
}

function unknown(name: string): AppError {
  const ending = name.includes('.') ? endingOf(name) : '';
  return new AppError('file-type-unknown', 'No parser for this', { details: { ending } });
}
