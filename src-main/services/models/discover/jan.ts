// Jan describes each model in a model.yml beside it, or beside nothing: the file may lie anywhere. Source: the
// llamacpp extension of janhq/jan (model_path relative to the data folder, or absolute).
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { asModel, findModelFiles, type Budget, type FoundFile } from './find-files.ts';

const MAX_DEPTH = 5;
const LARGEST_DESCRIPTION_BYTES = 100_000;

/** Models of the data folder, and files elsewhere that its descriptions name. */
export async function findJanModels(dataFolder: string, budget: Budget): Promise<FoundFile[]> {
  const folders = [join(dataFolder, 'llamacpp', 'models'), join(dataFolder, 'models')];
  const lists = folders.map(async (folder) => [
    ...(await findModelFiles(folder, budget)),
    ...(await describedFiles(folder, dataFolder, MAX_DEPTH)),
  ]);
  return (await Promise.all(lists)).flat();
}

async function describedFiles(folder: string, dataFolder: string, depthLeft: number): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'model.yml') return describedFile(path, dataFolder);
    return entry.isDirectory() && depthLeft > 0 ? describedFiles(path, dataFolder, depthLeft - 1) : [];
  });
  return (await Promise.all(below)).flat();
}

async function describedFile(description: string, dataFolder: string): Promise<FoundFile[]> {
  try {
    if ((await stat(description)).size > LARGEST_DESCRIPTION_BYTES) return [];
    const line = /^model_path:\s*(["']?)(.+?)\1\s*$/m.exec(await readFile(description, 'utf8'));
    const named = line?.[2] ?? '';
    if (!/\.gguf$/i.test(named)) return [];
    const found = await asModel(isAbsolute(named) ? named : join(dataFolder, named));
    return found ? [found] : [];
  } catch {
    return []; // A description that can't be read describes nothing.
  }
}
