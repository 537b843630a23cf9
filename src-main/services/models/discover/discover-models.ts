// What other apps on this machine have that could be used where it lies, without a copy.
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { MODEL_APPS, type DiscoveredModel } from '#contract/models.ts';
import { nameFromPath } from '../model-files.ts';
import { findModelFiles, type Budget, type FoundFile } from './find-files.ts';
import { findJanModels } from './jan.ts';
import { findOllamaModels } from './ollama.ts';
import { findPlaces, type Place, type Surroundings } from './places.ts';

const MOST_ENTRIES = 50_000;
const LIMIT_MS = 4000;

/** This machine. */
export function thisMachine(): Surroundings {
  return { platform: process.platform, home: homedir(), root: '/', environment: process.env };
}

/** Looks everywhere at once, within limits. `knownPaths` are those of the models in the list. Never fails. */
export async function discoverModels(
  surroundings: Surroundings,
  knownPaths: readonly string[],
): Promise<DiscoveredModel[]> {
  const known = new Set(await Promise.all(knownPaths.map((path) => realpath(path).catch(() => path))));
  const budget: Budget = { entriesLeft: MOST_ENTRIES, until: performance.now() + LIMIT_MS };
  const places = await findPlaces(surroundings);
  const lists = await Promise.all(places.map((place) => look(place, budget)));
  const byFile = new Map<string, DiscoveredModel>();
  for (const { realPath, ...model } of lists.flat()) {
    // Several apps may share one folder, and one app may link to another's file.
    if (!byFile.has(realPath)) byFile.set(realPath, { ...model, known: known.has(realPath) });
  }
  const order = (app: DiscoveredModel['app']): number => MODEL_APPS.indexOf(app);
  return [...byFile.values()].toSorted(
    (a, b) => order(a.app) - order(b.app) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
}

async function look(
  { app, kind, folder }: Place,
  budget: Budget,
): Promise<(Omit<DiscoveredModel, 'known'> & { realPath: string })[]> {
  const named = (file: FoundFile) => ({ app, name: nameFromPath(file.path), ...file });
  if (kind === 'ollama') return (await findOllamaModels(folder)).map((file) => ({ app, ...file }));
  if (kind === 'jan') return (await findJanModels(folder, budget)).map(named);
  return (await findModelFiles(folder, budget)).map(named);
}
