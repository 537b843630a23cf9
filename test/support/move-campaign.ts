// Kills a host at a random moment of a move of the models folder to another disk, and checks what is there: every file
// whole in one of the two places, and a list of models that all of them can be opened from.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Model } from '#contract/models.ts';
import { TINY_MODEL } from './gguf-files.ts';
import { startKillableHost, type KillableHost } from './killable-host.ts';

/** Files beside the model, so that a move takes long enough to be killed in every phase of it. */
const SIZES = [30_000_000, 1_000_000, 45_000_000, 20_000_000];

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
  const host = startKillableHost(dataFolder);
  const added = host.client.stream('models.add', { path: TINY_MODEL, placement: 'copied' });
  for await (const event of added) {
    if (event.type === 'added') files.set('tiny-gemma-chat-q8_0.gguf', sha256(await readFile(TINY_MODEL)));
  }
  await host.kill();
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
    const use = await host.client.call('models.diskUse', undefined);
    if (use.folder !== campaign.target) {
      for await (const _ of host.client.stream('models.moveFolder', { folder: campaign.target }));
    }
    await expect.poll(() => readFile(join(campaign.source, '0.gguf')).catch(() => null)).toBeNull();
    for (const [name, hash] of campaign.files) {
      expect(sha256(await readFile(join(campaign.target, name)))).toBe(hash);
    }
    const list = (await host.client.stream('models.watch', undefined).next()).value as Model[];
    const copied = list.find(({ placement }) => placement === 'copied');
    expect(copied).toMatchObject({
      path: join(campaign.target, 'tiny-gemma-chat-q8_0.gguf'),
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
