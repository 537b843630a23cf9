// Ollama's store: models are files named by their checksums; what they are called stands in manifests,
// manifests/<registry>/<namespace>/<model>/<tag>. Source: Ollama's types/model and server/manifest.go.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { FoundFile } from './find-files.ts';

const BLOB = /^sha256-[0-9a-f]{64}$/;
const MODEL_LAYER = 'application/vnd.ollama.image.model';
const LARGEST_MANIFEST_BYTES = 1_000_000;
const MOST_MANIFESTS = 2000;
/** Of Ollama's own registry, which its names leave out. */
const OWN_REGISTRY = ['registry.ollama.ai', 'library'];

const manifest = z.object({ layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })) });

export interface NamedBlob extends FoundFile {
  /** As Ollama calls it: "gemma3:4b". */
  name: string;
}

/** The models in the store at `folder`, each once. Broken manifests and missing files are skipped. */
export async function findOllamaModels(folder: string): Promise<NamedBlob[]> {
  const files = await manifestFiles(join(folder, 'manifests'), 4);
  const models = await Promise.all(files.slice(0, MOST_MANIFESTS).map((parts) => readModel(folder, parts)));
  const byPath = new Map<string, NamedBlob>();
  for (const model of models) if (model && !byPath.has(model.path)) byPath.set(model.path, model);
  return [...byPath.values()];
}

/** What Ollama calls the file at `path`; null when it is none of a store of Ollama's. */
export async function ollamaNameOf(path: string): Promise<string | null> {
  if (!BLOB.test(basename(path)) || basename(dirname(path)) !== 'blobs') return null;
  const models = await findOllamaModels(dirname(dirname(path)));
  return models.find((model) => model.path === path)?.name ?? null;
}

/** Paths below `folder` at exactly `depth`, as lists of names, in a lasting order. */
async function manifestFiles(folder: string, depth: number): Promise<string[][]> {
  const names = await readdir(folder).catch(() => []);
  const sorted = names.filter((name) => !name.startsWith('.')).toSorted();
  if (depth === 1) return sorted.map((name) => [name]);
  const below = await Promise.all(sorted.map((name) => manifestFiles(join(folder, name), depth - 1)));
  return below.flatMap((lists, index) => lists.map((list) => [sorted[index] ?? '', ...list]));
}

async function readModel(folder: string, parts: string[]): Promise<NamedBlob | null> {
  try {
    const file = join(folder, 'manifests', ...parts);
    if ((await stat(file)).size > LARGEST_MANIFEST_BYTES) return null;
    const { layers } = manifest.parse(JSON.parse(await readFile(file, 'utf8')));
    const blob = layers.find((layer) => layer.mediaType === MODEL_LAYER)?.digest.replace(':', '-') ?? '';
    if (!BLOB.test(blob)) return null;
    const path = join(folder, 'blobs', blob);
    const found = await stat(path);
    if (!found.isFile()) return null;
    return { name: nameOf(parts), path, realPath: await realpath(path), sizeBytes: found.size };
  } catch {
    return null; // A manifest that can't be read, or a file that is gone.
  }
}

function nameOf(parts: string[]): string {
  const [tag, model, ...place] = parts.toReversed();
  const shown = place.toReversed().filter((name, index) => name !== OWN_REGISTRY[index]);
  return `${[...shown, model].join('/')}:${tag}`;
}
