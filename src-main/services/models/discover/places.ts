// Where other apps keep their model files, on each system. Sources: LM Studio's docs and its .lmstudio-home-pointer;
// Ollama's FAQ; Jan's src-tauri/src/core/app/commands.rs; GPT4All's wiki (frequently asked questions); llama.cpp's
// common (LLAMA_CACHE); huggingface_hub's environment variables.
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { DiscoveredModel } from '#contract/models.ts';

/** What the lookups depend on, so that tests can make up a machine. */
export interface Surroundings {
  platform: NodeJS.Platform;
  home: string;
  /** Where folders of the whole system begin. */
  root: string;
  environment: NodeJS.ProcessEnv;
}

type HomeOnly = Omit<Surroundings, 'root'>;

export interface Place {
  app: DiscoveredModel['app'];
  /** How models lie there: plain files, Ollama's blobs, or Jan's descriptions. */
  kind: 'files' | 'ollama' | 'jan';
  folder: string;
}

/** All places that may exist. Reads two or three small settings files; one that is broken counts as not there. */
export async function findPlaces(surroundings: Surroundings): Promise<Place[]> {
  const found = await Promise.all([
    lmStudio(surroundings),
    ollama(surroundings),
    jan(surroundings),
    gpt4all(surroundings),
    llamaCpp(surroundings),
    huggingFace(surroundings),
  ]);
  return found.flat();
}

async function lmStudio({ home, platform, environment }: Surroundings): Promise<Place[]> {
  const pointer = await readFile(join(home, '.lmstudio-home-pointer'), 'utf8').catch(() => '');
  const homes = [pointer.trim(), join(home, '.lmstudio'), join(home, '.cache', 'lm-studio')].filter(
    isAbsolute,
  );
  const settings = [...homes, join(appData({ home, platform, environment }), 'LM Studio')];
  const chosen = await Promise.all(
    settings.map((folder) => readKey(join(folder, 'settings.json'), 'downloadsFolder')),
  );
  const folders = [
    ...chosen.filter((folder) => folder !== null),
    ...homes.map((each) => join(each, 'models')),
  ];
  return folders.map((folder) => ({ app: 'lm-studio', kind: 'files', folder }));
}

async function ollama({ home, root, platform, environment }: Surroundings): Promise<Place[]> {
  const folders = [environment['OLLAMA_MODELS'], join(home, '.ollama', 'models')];
  // The service that its installer sets up on Linux has a home of its own.
  if (platform === 'linux') folders.push(join(root, 'usr', 'share', 'ollama', '.ollama', 'models'));
  return folders.filter(isFolder).map((folder) => ({ app: 'ollama', kind: 'ollama', folder }));
}

async function jan(surroundings: Surroundings): Promise<Place[]> {
  const own = join(dataHome(surroundings), 'Jan');
  const chosen = await readKey(join(own, 'settings.json'), 'data_folder');
  const folders = [
    surroundings.environment['JAN_DATA_FOLDER'],
    chosen,
    join(own, 'data'),
    join(surroundings.home, 'jan'),
  ];
  return folders.filter(isFolder).map((folder) => ({ app: 'jan', kind: 'jan', folder }));
}

async function gpt4all({ home, platform, environment }: Surroundings): Promise<Place[]> {
  const base =
    platform === 'win32' ? localAppData({ home, environment }) : dataHome({ home, platform, environment });
  return [{ app: 'gpt4all', kind: 'files', folder: join(base, 'nomic.ai', 'GPT4All') }];
}

async function llamaCpp({ home, platform, environment }: Surroundings): Promise<Place[]> {
  const caches = {
    win32: localAppData({ home, environment }),
    darwin: join(home, 'Library', 'Caches'),
    other: environment['XDG_CACHE_HOME'] || join(home, '.cache'),
  };
  const cache = platform === 'win32' || platform === 'darwin' ? caches[platform] : caches.other;
  const folders = [environment['LLAMA_CACHE'], join(cache, 'llama.cpp')];
  return folders.filter(isFolder).map((folder) => ({ app: 'llama.cpp', kind: 'files', folder }));
}

async function huggingFace({ home, environment }: Surroundings): Promise<Place[]> {
  const cache = environment['XDG_CACHE_HOME'] || join(home, '.cache');
  const base = environment['HF_HOME'] || join(cache, 'huggingface');
  const folders = [environment['HF_HUB_CACHE'], environment['HUGGINGFACE_HUB_CACHE'], join(base, 'hub')];
  return folders.filter(isFolder).map((folder) => ({ app: 'hugging-face', kind: 'files', folder }));
}

/** Where programs keep data that a person does not look at. */
function dataHome({ home, platform, environment }: HomeOnly): string {
  if (platform === 'linux') return environment['XDG_DATA_HOME'] || join(home, '.local', 'share');
  return appData({ home, platform, environment });
}

function appData({ home, platform, environment }: HomeOnly): string {
  if (platform === 'win32') return environment['APPDATA'] || join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return environment['XDG_CONFIG_HOME'] || join(home, '.config');
}

function localAppData({ home, environment }: Omit<HomeOnly, 'platform'>): string {
  return environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
}

function isFolder(folder: string | null | undefined): folder is string {
  return typeof folder === 'string' && isAbsolute(folder);
}

/** A folder named by a settings file of another app. */
async function readKey(file: string, key: string): Promise<string | null> {
  try {
    const value = (JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>)[key];
    return typeof value === 'string' && isAbsolute(value) ? value : null;
  } catch {
    return null; // Not installed, or its settings are its own business.
  }
}
