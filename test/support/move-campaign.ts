// Kills a host at a random moment of a move of the models folder to another disk, and checks what is there: every file
// whole in one of the two places, and a list of models that all of them can be opened from.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import { TINY_MODEL } from './gguf-files.ts';
import { startKillableHost, type KillableHost } from './killable-host.ts';

const MODEL_FILE = 'tiny.gguf';

/** Files beside the model, so that a move takes long enough to be killed in every phase of it. */
const SIZES = [30_000_000, 1_000_000, 45_000_000, 20_000_000];

/** Its files lie in `source` or `target`, each whole in one of them at least. */
export interface MoveCampaign {
  dataFolder: string;
  source: string;
  target: string;
  /** sha256 by name of every file that must survive. */
  files: Map<string, string>;
}

export async function prepareMove(dataFolder: string, target: string): Promise<MoveCampaign> {
  const source = join(dataFolder, 'models');
  const files = new Map<string, string>();
  await mkdir(source, { recursive: true });
  for (const [index, size] of SIZES.entries()) {
    const content = Buffer.alloc(size, `file ${index} `);
    await writeFile(join(source, `${index}.gguf`), content);
    files.set(`${index}.gguf`, sha256(content));
  }
  const own = join(dataFolder, MODEL_FILE); // the demo model itself is in the list already
  await copyFile(TINY_MODEL, own);
  const host = startKillableHost(dataFolder);
  try {
    for await (const _ of host.client.stream('models.add', { path: own, placement: 'copied' }));
    files.set(MODEL_FILE, sha256(await readFile(own)));
  } finally {
    await host.kill();
  }
  return { dataFolder, source, target, files };
}

/** One start, one kill `afterMs` into the move; true when the move had ended before. */
export async function killDuringMove(campaign: MoveCampaign, afterMs: number): Promise<boolean> {
  const host = startKillableHost(campaign.dataFolder);
  const moved = await moveUntilKilled(host, campaign.target, afterMs);
  await expectAllWhole(campaign);
  return moved;
}

/** The move ends, nothing is left of the old folder or of its journals, and the model is where the list says. */
export async function finishMove(campaign: MoveCampaign): Promise<void> {
  const host = startKillableHost(campaign.dataFolder);
  try {
    await expect.poll(() => goOn(host, campaign.target), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => existsSync(campaign.source), { timeout: 20_000 }).toBe(false);
    for (const [name, hash] of campaign.files) {
      expect(sha256(await readFile(join(campaign.target, name)))).toBe(hash);
    }
    const list = (await host.client.stream('models.watch', undefined).next()).value as Model[];
    const copied = list.find(({ placement }) => placement === 'copied');
    expect(copied).toMatchObject({
      path: join(campaign.target, MODEL_FILE),
      fileState: 'present',
    });
    expect(await host.client.call('models.diskUse', undefined)).toMatchObject({
      folder: campaign.target,
      unfinishedMove: null,
    });
  } finally {
    await host.kill();
  }
}

/** Whether the models lie in `target` now. A start after a kill may just be ending the move by itself. */
async function goOn(host: KillableHost, target: string): Promise<boolean> {
  const { folder } = await host.client.call('models.diskUse', undefined);
  if (folder === target) return true;
  try {
    for await (const _ of host.client.stream('models.moveFolder', { folder: target }));
    return true;
  } catch (error) {
    if ((error as AppError).code === 'folder-busy') return false;
    throw error;
  }
}

/** The host is gone when this resolves. */
async function moveUntilKilled(host: KillableHost, target: string, afterMs: number): Promise<boolean> {
  let moved = false;
  let killed: Promise<void> | null = null;
  try {
    for await (const event of host.client.stream('models.moveFolder', { folder: target })) {
      killed ??= new Promise((resolve) => setTimeout(() => void host.kill().then(resolve), afterMs));
      moved ||= event.type === 'moved';
    }
  } catch {
    // The connection went with the host.
  }
  await (killed ?? host.kill());
  return moved;
}

async function expectAllWhole({ source, target, files }: MoveCampaign): Promise<void> {
  for (const [name, hash] of files) {
    const places = [join(source, name), join(target, name)];
    const found = await Promise.all(places.map((path) => readFile(path).then(sha256, () => null)));
    expect(found, `${name} is whole somewhere`).toContain(hash);
    // Under its own name there is never half a file.
    expect(new Set(found.filter((each) => each !== null))).toEqual(new Set([hash]));
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
