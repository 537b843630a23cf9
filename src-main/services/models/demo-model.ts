// The tiny model that ships with the app, described by its card so that nothing has to be read at start.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelHeader, type ModelHeader } from '#contract/models.ts';

const card = z.object({ file: z.string(), name: z.string(), header: modelHeader });

export interface DemoModel {
  path: string;
  name: string;
  header: ModelHeader;
}

/** Reads the card in the resources folder; null when this installation ships no demo model. */
export async function readDemoModel(resourcesFolder: string): Promise<DemoModel | null> {
  const folder = join(resourcesFolder, 'demo-model');
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { file, name, header } = card.parse(JSON.parse(text));
  return { path: join(folder, file), name, header };
}
