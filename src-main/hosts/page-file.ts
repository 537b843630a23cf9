// Finds and reads a file of the built page for a request path, for both hosts. Never leaves the page's folder.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  bytes: Buffer<ArrayBuffer>;
  headers: Record<string, string>;
}

/** Reads what `pathname` (still percent-encoded) names in `folder`; null for anything that isn't a file there. */
export async function readPageFile(folder: string, pathname: string): Promise<PageFile | null> {
  const segments = pageSegments(pathname);
  const type = segments && TYPES[extname(segments.at(-1) ?? '')];
  if (!type) return null;
  // Missing, a folder, unreadable: to whoever asks there is no such file.
  const bytes = await readFile(join(folder, ...segments)).catch(() => null);
  if (!bytes) return null;
  const hashed = segments[0] === 'assets';
  const caching = hashed ? 'private, max-age=31536000, immutable' : 'no-cache';
  return { bytes, headers: { 'Content-Type': type, 'Cache-Control': caching } };
}

/** The parts of a path below the page's folder; null when one of them could lead out of it. */
function pageSegments(pathname: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null; // Not an encoding at all, so no file of ours.
  }
  if (decoded === '/') return ['index.html'];
  const segments = decoded.split('/').slice(1);
  const plain = segments.every((segment) => /^[\w@-][\w.@-]*$/.test(segment));
  return plain ? segments : null;
}
